#!/usr/bin/env bash
# Measures what docs/sizing.md says: rate, processor time and peak memory by format and threads.
#
#   scripts/sizing.sh [STARCUE [ANSWERS.jsonl]]      (without: target/release/starcue, 20,000 generated answers)
#
# "rate" is answers a second of processor time (user and system), which a busy machine changes less than wall time.
set -euo pipefail
cd "$(dirname "$0")/.."
starcue=${1:-target/release/starcue}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
answers=${2:-$work/answers.jsonl}
[ -e "$answers" ] || cargo run --release --quiet --example corpus -- 20000 >"$answers"
count=$(wc -l <"$answers")

printf '%-22s %5s %8s %8s %10s %8s\n' run jobs wall cpu rate MiB
measure() { # name jobs arguments…
    local name=$1 jobs=$2
    shift 2
    command time -f '%e %U %S %M' -o "$work/time" "$starcue" score --jobs "$jobs" "$@" "$answers" >/dev/null
    awk -v n="$name" -v j="$jobs" -v c="$count" \
        '{ cpu = $2 + $3; printf "%-22s %5d %7.2fs %7.2fs %8.0f/s %8.1f\n", n, j, $1, cpu, c / cpu, $4 / 1024 }' "$work/time"
}
measure 'jsonl to jsonl' 1 --to jsonl
measure 'jsonl to jsonl' 2 --to jsonl
measure 'without quotes' 1 --to jsonl --evidence spans
measure 'id, score and band' 1 --to jsonl --select id,score,band
measure 'jsonl to csv' 1 --to csv
measure 'a summary' 1 --to json --summary
gzip -c "$answers" >"$work/answers.jsonl.gz"
answers=$work/answers.jsonl.gz
measure 'gzip to jsonl' 1 --to jsonl
