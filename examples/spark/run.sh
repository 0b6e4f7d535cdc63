#!/usr/bin/env bash
# Scores a corpus with Spark on a small cluster of this machine, and shows that the output is that of one process.
#
#   examples/spark/run.sh [ANSWERS.jsonl]
#
# Installs PySpark (PyPI) into target/spark, and Java 17 where there is none.
set -euo pipefail
here=$(cd "$(dirname "$0")/../.." && pwd)
work=$here/target/spark
mkdir -p "$work"

root=; [ "$(id -u)" -eq 0 ] || root=sudo
if ! command -v java >/dev/null; then
    $root apt-get update -qq && $root apt-get install -y -qq openjdk-17-jre-headless
fi
if [ ! -x "$work/venv/bin/python" ]; then
    python3 -m venv "$work/venv" || { $root apt-get update -qq && $root apt-get install -y -qq python3-venv && python3 -m venv "$work/venv"; }
fi
"$work/venv/bin/pip" install --quiet --disable-pip-version-check -r "$here/examples/spark/requirements.txt"
if [ -z "${STARCUE:-}" ]; then
    (cd "$here" && cargo build --release --quiet)
    STARCUE=$here/target/release/starcue
fi
answers=${1:-$work/answers.jsonl}
[ -e "$answers" ] || (cd "$here" && cargo run --release --quiet --example corpus -- 4000 >"$answers")

rm -rf "$work/results"
"$work/venv/bin/python" "$here/examples/spark/score.py" "$STARCUE" "$answers" "$work/results"
# The parts bear the numbers of the partitions: in their order they are the input's order.
cat "$work"/results/part-* >"$work/results.jsonl"

"$STARCUE" score --from jsonl --to jsonl --allow-errors "$answers" >"$work/single.jsonl"
cmp "$work/results.jsonl" "$work/single.jsonl"
echo "$(wc -l <"$work/results.jsonl") answers by Spark, the same bytes as by one process: $work/results.jsonl"
