#!/usr/bin/env bash
# Packs twice, compares the bytes, and proves the package on a bare Debian: bare_debian_test.sh BUILD
# Takes ten minutes, so it is left out of the ordinary suite.
set -euo pipefail
build=$1
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
if [ "${PAROTIS_PACKAGE_TEST:-}" != 1 ]; then
  echo "skipped: ten minutes, of which the ordinary suite does without; \`make package-test\` runs it" >&2
  exit 77
fi
for need in debootstrap lintian; do
  command -v $need >/dev/null || { echo "skipped: $need is not installed (apt-get install $need)" >&2; exit 77; }
done
for time in first second; do
  # Another day, another mask: neither may show.
  [ $time = first ] || { umask 077; sleep 2; }
  "$root/scripts/make_deb.sh" "$build" "$build/package-$time" >/dev/null
done
package=$(ls "$build"/package-first/*.deb)
cmp "$package" "$build/package-second/$(basename "$package")" || { echo "FAILED: packed twice, two packages" >&2; exit 1; }
echo "packed twice: $(sha256sum <"$package")"
umask 022
lintian --fail-on error --profile debian "$package"
"$root/scripts/prove_package.sh" "$package"
