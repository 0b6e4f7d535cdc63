#!/usr/bin/env bash
# Regenerates the figures in docs/agreement.md: everything between its two marks.
#
#   scripts/agreement.sh [FOLDER]     FOLDER of labelled answers, *.jsonl [tests/eval]
#
# STARCUE names the program [target/release/starcue]. Answers of real people (students.jsonl) are
# read where the folder holds them; they are not part of this repository.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${1:-tests/eval}
starcue=${STARCUE:-target/release/starcue}
page=docs/agreement.md
targets=(
  overall.qwk=0.88 overall.spearman=0.90 star.mean=0.82 roles.accuracy=0.87
  minefields.f1=0.78 minefields.precision=0.85 behaviours.f1=0.85 motivations.f1=0.72
  false_alarms_per_good_answer=0.08
)
shopt -s nullglob
files=("$folder"/*.jsonl)
[ ${#files[@]} -gt 0 ] || { echo "no *.jsonl in $folder" >&2; exit 2; }

report() { # TITLE, then arguments of evaluate; status 1 only says that a target is out of reach
  printf '\n## %s\n\n' "$1"
  "$starcue" evaluate "${@:2}" --to markdown || [ $? -eq 1 ]
}

figures=$(
  wanted=("${targets[@]/#/--target=}")
  report "The part that rules were written on (dev)" "${files[@]}" --part dev --baseline "${wanted[@]}"
  report "The part held back (held)" "${files[@]}" --part held --baseline "${wanted[@]}"
  report "Written afterwards, by somebody who saw no rule (tests/eval/fresh)" tests/eval/fresh/answers.jsonl --baseline "${wanted[@]}"
  if [ -f "$folder/students.jsonl" ]; then
    report "Real writers alone (students.jsonl, both parts)" "$folder/students.jsonl" --baseline
  fi
)
awk -v begin='<!-- figures: begin -->' -v end='<!-- figures: end -->' '
  $0 == begin { print; while ((getline line < "/dev/stdin") > 0) print line; skip = 1 }
  $0 == end { skip = 0 }
  !skip && $0 != begin { print }
' "$page" <<< "$figures" > "$page.new"
mv "$page.new" "$page"
echo "$page: figures of ${#files[@]} files" >&2
