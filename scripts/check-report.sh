#!/usr/bin/env bash
# Looks at reports in headless Chromium: light and dark, on paper (PDF), no sideways scroll at 360 px, every mark within
# reach of the keyboard and explained there, and axe-core without serious findings.
#
#   scripts/check-report.sh [STARCUE]     STARCUE: the program (default: target/release/starcue, else target/debug/starcue)
#   SHOTS=docs/screenshots                 keeps the pictures there
#
# Installs puppeteer-core and axe-core from npm into a temporary folder, and Debian's chromium where there is none and apt
# may be used. Exit status: 0 fine; 1 a report has a fault; 3 Chromium or node can't be had here.
set -euo pipefail
cd "$(dirname "$0")/.."

cannot() { printf 'check-report: NOT CHECKED: %s\n' "$*" >&2; exit 3; }

starcue=${1:-}
for candidate in target/release/starcue target/debug/starcue; do
    [ -z "$starcue" ] && [ -x "$candidate" ] && starcue=$candidate
done
[ -n "$starcue" ] || cannot "build starcue first"
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then cannot "there is no node with npm"; fi

find_chromium() { command -v chromium || command -v chromium-browser || command -v google-chrome || true; }
chromium=$(find_chromium)
if [ -z "$chromium" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    { timeout 300 apt-get update && timeout 600 apt-get install -y --no-install-recommends chromium; } >/dev/null 2>&1 || true
    chromium=$(find_chromium)
fi
[ -n "$chromium" ] || cannot "there is no chromium, and it can't be installed (Debian: apt-get install chromium)"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export STARCUE_DATA="$work/data" STARCUE_CONFIG="" TZ=UTC
unset STARCUE_CONTENT
npm install --silent --no-audit --no-fund --prefix "$work" puppeteer-core@24 axe-core@4 >/dev/null 2>&1 \
    || cannot "npm can't install puppeteer-core and axe-core"

# What is looked at: answers of the examples, many at once, a cohort, a batch of `score` with bad records, and one that means harm.
"$starcue" report examples/answer.toml --output "$work/answer.html" 2>/dev/null
"$starcue" report examples/answers.jsonl --for coach --output "$work/batch.html" 2>/dev/null
"$starcue" report --cohort examples/answers.jsonl examples/answers.csv --output "$work/cohort.html" 2>/dev/null
{ cat examples/answers.jsonl; printf '{"id":"torn","answer":\n{"id":"empty","answer":""}\n'; } >"$work/torn.jsonl"
"$starcue" score "$work/torn.jsonl" --allow-errors --output "$work/score.html" 2>/dev/null
{
    printf '{"id":"<b>x</b>","question":"<script>alert(1)</script>","answer":"I let her finish. '
    printf 'w%.0s' $(seq 5000)
    printf ' </style><script>alert(1)</script> It held."}\n'
} >"$work/harm.jsonl"
"$starcue" report "$work/harm.jsonl" --output "$work/harm.html" 2>/dev/null

shots=${SHOTS:-$work/shots}
mkdir -p "$shots"
node scripts/check-report.mjs "$work/node_modules" "$chromium" "$shots" "$work"/{answer,batch,cohort,score,harm}.html
