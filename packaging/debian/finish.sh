#!/usr/bin/env bash
# What only a Debian package has, added to the tree that is packed: finish.sh TREE VERSION MAINTAINER
set -euo pipefail
source_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
tree=$1 version=$2 maintainer=$3
: "${SOURCE_DATE_EPOCH:=$(git -C "$source_root" log -1 --format=%ct)}"
documentation=$tree/usr/share/doc/parotis
[ -f "$documentation/parotis.cdx.json" ] || { echo "no package is made without its bill of materials" >&2; exit 1; }

install -D -m 644 "$source_root/packaging/node.json" "$tree/etc/parotis/node.json"
install -D -m 644 "$source_root/packaging/debian/lintian-overrides" "$tree/usr/share/lintian/overrides/parotis"
mv "$tree/usr/share/zsh/site-functions" "$tree/usr/share/zsh/vendor-completions"  # where Debian looks
gzip -9n "$tree"/usr/share/man/man1/*.1
gzip -9nc "$source_root/CHANGELOG.md" >"$documentation/changelog.gz"
sed -e "s/@VERSION@/$version/" -e "s/@MAINTAINER@/$maintainer/" -e "s/@DATE@/$(date -uRd "@$SOURCE_DATE_EPOCH")/" \
  "$source_root/packaging/debian/changelog.in" | gzip -9nc >"$documentation/changelog.Debian.gz"
# What an umask left, and the clock.
find "$tree" -type d -exec chmod 755 {} +
find "$tree" -type f -path '*/usr/bin/*' -exec chmod 755 {} + -o -type f -exec chmod 644 {} +
find "$tree" -exec touch -hd "@$SOURCE_DATE_EPOCH" {} +
