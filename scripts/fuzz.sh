#!/usr/bin/env bash
# Fuzzes one target for some time, and tells how many edges of starcue's own code were covered on the way.
#
#   scripts/fuzz.sh TARGET SECONDS [FOUND]      (FOUND: a folder for what is found; fuzz/corpus is only read)
#
# Needs cargo-fuzz and a nightly compiler. The crates that starcue uses are built without counters (fuzz/own.sh):
# what is to get flat is the coverage of this code, not that of a TOML parser.
set -euo pipefail
cd "$(dirname "$0")/.."
target=$1 seconds=$2 found=${3:-$(mktemp -d)}
log=$(mktemp)
trap 'rm -f "$log"' EXIT

export RUSTC_WRAPPER=$PWD/fuzz/own.sh
built=$PWD/fuzz/target/own
cargo +nightly fuzz build --sanitizer none --target-dir "$built" "$target"
program=$(echo "$built"/*/release/"$target")
mkdir -p "$found"
echo "what is found goes to $found"
if ! nice -n 19 "$program" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=1024 -max_len=4096 \
    -dict="fuzz/dictionaries/$target.dict" "$found" "fuzz/corpus/$target" >"$log" 2>&1; then
    tail -40 "$log" >&2
    exit 1
fi
python3 - "$target" "$log" <<'PYTHON'
import re, sys

target, log = sys.argv[1:]
lines = open(log, errors="replace").read().splitlines()
seen = [(int(m[1]), int(m[2])) for m in (re.match(r"#(\d+)\s.*\bcov: (\d+)", line) for line in lines) if m]
first = [int(m[1]) for m in (re.match(r"#\d+\s+INITED cov: (\d+)", line) for line in lines) if m][0]
runs = [int(m[1]) for m in (re.match(r"Done (\d+) runs", line) for line in lines) if m][0]
peak = max(int(m[1]) for m in (re.search(r"rss: (\d+)Mb", line) for line in lines) if m)
upto = lambda part: [edges for run, edges in seen if run <= runs * part][-1]
print(f"| `{target}` | {runs:,} | {first:,} | " + " | ".join(f"{upto(p):,}" for p in (.25, .5, .75, 1)) + f" | {peak} MB |")
print("".join(f"last {name} {100 * (upto(1) / upto(part) - 1):+.2f} %  " for name, part in (("quarter", .75), ("tenth", .9))))
PYTHON
