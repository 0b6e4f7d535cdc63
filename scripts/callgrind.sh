#!/usr/bin/env bash
# Counts the instructions of judging 100 generated answers, and compares with the committed baseline.
#
#   scripts/callgrind.sh [--write] [STARCUE]      (STARCUE: target/release/starcue)
#
# A count is the same on a busy machine and on an idle one. More than 3 % above the baseline is a failure (status 1);
# --write makes what is counted now the baseline.
set -euo pipefail
cd "$(dirname "$0")/.."
write=; [ "${1:-}" = --write ] && { write=1; shift; }
starcue=${1:-target/release/starcue}
baseline=benches/callgrind.txt
tolerance=3 # percent

if ! command -v valgrind >/dev/null; then
    root=; [ "$(id -u)" -eq 0 ] || root=sudo
    $root apt-get update -qq && $root apt-get install -y -qq valgrind
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cargo run --release --quiet --example corpus -- 100 >"$work/100.jsonl"
head -1 "$work/100.jsonl" >"$work/1.jsonl"

count() { # of one run, on one thread
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$starcue" score --jobs 1 --to "$2" "$work/$1.jsonl" \
        2>&1 >/dev/null | sed -n 's/.*Collected : \([0-9]*\).*/\1/p'
}
{
    start=$(count 1 jsonl)
    echo "start-and-one-answer $start"
    for to in jsonl csv; do
        all=$(count 100 $to)
        echo "answer-to-$to $(((all - start) / 99))"
    done
} >"$work/now.txt"

if [ -n "$write" ]; then
    cp "$work/now.txt" $baseline
    cat $baseline
    exit
fi
join $baseline "$work/now.txt" | awk -v most=$tolerance '
    { change = ($3 / $2 - 1) * 100; printf "%-22s %12d -> %12d  %+6.1f %%\n", $1, $2, $3, change; if (change > most) slow = 1 }
    END { if (slow) print "more than " most " % above benches/callgrind.txt: find out why, or write it anew with --write"; exit slow }'
