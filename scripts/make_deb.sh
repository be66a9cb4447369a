#!/usr/bin/env bash
# Packs what is built: make_deb.sh BUILD FOLDER. The same commit, built in the same place, gives the same bytes, whatever the
# clock and the umask (which CPack would leave in the archive's own headers).
set -euo pipefail
build=$1 folder=$2
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
: "${SOURCE_DATE_EPOCH:=$(git -C "$root" log -1 --format=%ct)}"
export SOURCE_DATE_EPOCH
umask 022
cpack --config "$build/CPackConfig.cmake" -B "$folder"
rm -rf "$folder/_CPack_Packages"
