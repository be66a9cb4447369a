#!/usr/bin/env bash
# Runs fuzz targets one after another and prints how many inputs each tried and what it found:
#   scripts/fuzz.sh [SECONDS_EACH [TARGET...]]      (default: 60 seconds, every target; after `make fuzz` has built them)
# Seeds come from fuzz/seeds/TARGET and words from fuzz/dictionaries/TARGET.dict; new inputs are kept in
# build/fuzz/corpus/TARGET, findings in build/fuzz/findings. Ends with 1 when anything was found.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

seconds=${1:-60}
case $seconds in '' | *[!0-9]*) echo "fuzz: \"$seconds\" is no number of seconds" >&2; exit 2 ;; esac
[ $# -gt 0 ] && shift
targets=("$@")
if [ ${#targets[@]} -eq 0 ]; then
  for program in build/fuzz/fuzz/fuzz_*; do
    [ -f "$program" ] && [ -x "$program" ] && targets+=("${program##*/fuzz_}")
  done
fi
[ ${#targets[@]} -gt 0 ] || { echo "fuzz: no targets in build/fuzz/fuzz; build them with: make fuzz" >&2; exit 2; }

failed=0
for target in "${targets[@]}"; do
  program=build/fuzz/fuzz/fuzz_$target
  seeds=fuzz/seeds/$target
  [ -x "$program" ] || { echo "fuzz: there is no $program; build it with: make fuzz" >&2; exit 2; }
  [ -d "$seeds" ] || { echo "fuzz: $target has no seeds in $seeds" >&2; exit 2; }
  corpus=build/fuzz/corpus/$target
  findings=build/fuzz/findings/$target
  log=build/fuzz/$target.log
  mkdir -p "$corpus" "$findings"
  code=0
  "$program" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
    -dict="fuzz/dictionaries/$target.dict" -artifact_prefix="$findings/" "$corpus" "$seeds" >"$log" 2>&1 || code=$?
  stat() { sed -n "s/^stat::$1: *//p" "$log"; }
  edges=$(sed -n 's/^#.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -1)
  found=$(find "$findings" -type f | wc -l)
  runs=$(stat number_of_executed_units)
  printf '%-12s %10s runs in %s s, %s a second, %s edges, %s findings\n' "$target" "${runs:-0}" "$seconds" \
    "$(stat average_exec_per_sec)" "${edges:-0}" "$found"
  if [ "$code" -ne 0 ]; then
    failed=1
    printf '  ended with %s; the end of %s:\n' "$code" "$log"
    grep -E 'ERROR|SUMMARY|runtime error|Test unit written' "$log" | sed 's/^/  /' || tail -3 "$log"
  fi
done
exit $failed
