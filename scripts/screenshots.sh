#!/usr/bin/env bash
# Takes the pictures in docs/screenshots: reports of answers that ship, in headless Chromium.
#
#   scripts/screenshots.sh [STARCUE]
#
# Needs what check-report.sh needs, which it runs: a picture of a page with a fault is not taken.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p docs/screenshots
SHOTS=$(mktemp -d)
trap 'rm -rf "$SHOTS"' EXIT
export SHOTS
scripts/check-report.sh "$@"
for picture in answer-light answer-dark answer-narrow answer-keyboard batch-light batch-narrow cohort-dark; do
    cp "$SHOTS/$picture.png" docs/screenshots/
done
