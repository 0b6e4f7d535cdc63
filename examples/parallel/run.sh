#!/usr/bin/env bash
# Scores a corpus with GNU parallel, a block of lines a process, and shows that the output is that of one process.
#
#   examples/parallel/run.sh [ANSWERS.jsonl [RESULTS.jsonl]]
#
# Records should have ids of their own: one that has none is called by its number in its block.
set -euo pipefail
here=$(cd "$(dirname "$0")/../.." && pwd)
work=$here/target/parallel
mkdir -p "$work"

if ! command -v parallel >/dev/null; then
    root=; [ "$(id -u)" -eq 0 ] || root=sudo
    $root apt-get update -qq && $root apt-get install -y -qq parallel
fi
if [ -z "${STARCUE:-}" ]; then
    (cd "$here" && cargo build --release --quiet)
    STARCUE=$here/target/release/starcue
fi
answers=${1:-$work/answers.jsonl}
results=${2:-$work/results.jsonl}
[ -e "$answers" ] || (cd "$here" && cargo run --release --quiet --example corpus -- 4000 >"$answers")

# --pipe-part cuts the file at line ends without reading it first; --keep-order puts the blocks back in order.
# One thread a process: parallel has the others.
parallel --will-cite --pipe-part --arg-file "$answers" --block "${BLOCK:-1M}" --keep-order \
    "$STARCUE" score --from jsonl --to jsonl --jobs 1 --allow-errors - >"$results"

"$STARCUE" score --from jsonl --to jsonl --allow-errors "$answers" >"$work/single.jsonl"
cmp "$results" "$work/single.jsonl"
echo "$(wc -l <"$results") answers by GNU parallel, the same bytes as by one process: $results"
