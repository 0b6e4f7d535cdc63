#!/usr/bin/env bash
# Builds the bindings with maturin in a virtual environment of their own, installs and tests them.
set -euo pipefail
cd "$(dirname "$0")"
venv=target/venv
[ -x $venv/bin/python ] || python3 -m venv $venv
$venv/bin/pip install --quiet --disable-pip-version-check 'maturin>=1.7,<2'
VIRTUAL_ENV=$PWD/$venv $venv/bin/maturin develop --release --quiet
$venv/bin/python tests/test_starcue.py
