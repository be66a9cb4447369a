#!/usr/bin/env bash
# Packs what is built: make_deb.sh BUILD FOLDER. The same commit, built in the same place, gives the same bytes, whatever the
# clock and the umask (which CPack would leave in the archive's own headers).
set -euo pipefail
build=$1 folder=$2
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
: "${SOURCE_DATE_EPOCH:=$(git -C "$root" log -1 --format=%ct)}"
export SOURCE_DATE_EPOCH
umask 022
# Before a release every commit's package is later than those of the commits before it, and earlier than the release's (~).
version=$(sed -n 's/^project(parotis VERSION \([0-9.]*\).*/\1/p' "$root/CMakeLists.txt")
commit=$(git -C "$root" rev-parse --short=10 HEAD 2>/dev/null || true)
if grep -q "^## $version (unreleased)" "$root/CHANGELOG.md" && [ -n "$commit" ]; then
  version=$version~$(date -ud "@$SOURCE_DATE_EPOCH" +%Y%m%d%H%M).g$commit
fi
rm -f "$folder"/parotis_*.deb
cpack --config "$build/CPackConfig.cmake" -B "$folder" -R "$version"
rm -rf "$folder/_CPack_Packages"
