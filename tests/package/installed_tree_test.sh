#!/usr/bin/env bash
# What `make install` leaves works where it is put, and where it is moved to: installed_tree_test.sh BUILD TREE
# The tree stays for the tests of the bill of materials.
set -euo pipefail
build=$1 tree=$2
fail() { echo "FAILED: $*" >&2; exit 1; }
rm -rf "$tree" "$tree-moved" "$tree.log"
DESTDIR=$tree cmake --install "$build" --prefix /opt/parotis --strip >"$tree.log" 2>&1 || { tail "$tree.log"; fail "cmake --install"; }
grep -q '^ExecStart=/opt/parotis/bin/parotis serve' "$tree/opt/parotis/lib/systemd/system/parotis-node.service" || fail "the unit's path"
# Nothing may lead back to where it was built.
mv "$tree/opt/parotis" "$tree-moved"
mkdir "$tree-moved/links"
ln -s ../bin/parotis "$tree-moved/links/parotis"
program=$tree-moved/links/parotis
readelf -d "$tree-moved"/bin/parotis "$tree-moved"/lib/parotis/*.so | grep -E 'R(UN)?PATH' | grep -v '\[$ORIGIN\]' && fail "a path of the build in a library"
ldd "$tree-moved"/lib/parotis/*.so | grep -E 'not found|site-packages' && fail "a library is missing, or the wheel's"
cd /
"$program" doctor --load >"$tree.log" 2>&1 || { cat "$tree.log"; fail "doctor"; }
grep -q "$tree-moved/share/parotis/models/" "$tree.log" || { cat "$tree.log"; fail "the model is not the installed one"; }
"$program" info "$tree-moved"/share/parotis/models/parotis-synthetic-*.safetensors >/dev/null || fail "info"
for file in share/man/man1/parotis-diagnose.1 share/bash-completion/completions/parotis share/zsh/site-functions/_parotis \
  share/fish/vendor_completions.d/parotis.fish share/parotis/configs/node.json share/doc/parotis/docs/node.md share/doc/parotis/copyright; do
  [ -s "$tree-moved/$file" ] || fail "$file is missing"
done
# Every library beside ours is one that it asks for.
needed=$(ldd "$tree-moved/lib/parotis/libparotis_net.so" | awk '{print $1}')
for library in "$tree-moved"/lib/parotis/*; do
  name=$(basename "$library")
  [ "$name" = libparotis_net.so ] || grep -qx "$name" <<<"$needed" || fail "$name is shipped for nothing"
done
du -sm "$tree-moved" | cut -f1 | sed 's/$/ MB installed/'
