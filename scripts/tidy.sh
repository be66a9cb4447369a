#!/usr/bin/env bash
# clang-tidy on the sources that differ from a commit (default: the parent of the last one). Uses the release build's
# compile commands without the precompiled headers, which clang cannot read from GCC.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

base=${1:-HEAD~1}
mapfile -t files < <(git diff --name-only --diff-filter=d "$base" -- 'src/*.cc' 'tests/*.cc')
[ ${#files[@]} -gt 0 ] || { echo "no changed sources since $base"; exit 0; }

commands=build/tidy
mkdir -p $commands
sed -E 's/-Winvalid-pch//g; s/-include [^ ]*cmake_pch\.hxx//g; s/-fpch-preprocess//g; s/-fopenmp//g; s/-Wno-(restrict|stringop-overflow)//g' \
  build/release/compile_commands.json >$commands/compile_commands.json
printf '%s\n' "${files[@]}" | xargs -P "$(nproc)" -n 2 clang-tidy-19 -p $commands --quiet --extra-arg=-Wno-deprecated-declarations
