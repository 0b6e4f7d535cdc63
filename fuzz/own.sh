#!/usr/bin/env bash
# A wrapper of rustc for scripts/fuzz.sh: only starcue and the targets count the edges that a run covers.
args=() own=
while [ $# -gt 0 ]; do
    [ "$1" = --crate-name ] && case $2 in starcue | loader | phrases | answers) own=1 ;; esac
    args+=("$1")
    shift
done
[ -n "$own" ] && exec "${args[@]}"
kept=()
for arg in "${args[@]}"; do [ "$arg" = -Cpasses=sancov-module ] || kept+=("$arg"); done
exec "${kept[@]}"
