#!/usr/bin/env bash
# The Debian package on a machine that has nothing else: prove_package.sh PACKAGE.deb
#
# Makes a bare Debian 12 (debootstrap, with this machine's package sources), installs the package in it, uses it as an
# ordinary user and as its node, and removes it again, looking at every file before and after. Needs root and debootstrap;
# without them, or where a file system cannot be mounted, it ends with 77: skipped. Prints sizes and times; ten minutes.
set -euo pipefail
package=${1:-}
skip() { echo "skipped: $*" >&2; exit 77; }
fail() { echo "FAILED: $*" >&2; exit 1; }
[ -f "$package" ] || fail "no package at '$package'; run \`make deb\` and name the file"
[ "$(id -u)" -eq 0 ] || skip "a new Debian in a folder needs root"
command -v debootstrap >/dev/null || skip "debootstrap is not installed (apt-get install debootstrap)"

work=$(mktemp -d /tmp/parotis-package-XXXXXX)
root=$work/root
mkdir "$root"
finish() {
  umount "$root/proc" 2>/dev/null || true
  rm -rf --one-file-system "$work"
}
trap finish EXIT
step() { printf '== %4d s  %s\n' $SECONDS "$*"; }
inside() { chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"; }
as() { # USER COMMAND...
  local user=$1
  shift
  chroot --userspec="$user" "$root" /usr/bin/env -i PATH=/usr/bin:/bin HOME="/home/$user" LC_ALL=C.UTF-8 TERM=xterm "$@"
}
# Every file but those of the package managers, of logs and of people.
files() {
  find "$root" -xdev \( -path "$root/proc" -o -path "$root/run" -o -path "$root/tmp" -o -path "$root/home" -o -path "$root/var/log" -o -path "$root/var/cache" \
    -o -path "$root/var/lib/apt" \) -prune -o -printf '/%P\n' |
    grep -vE '^/(etc/(passwd|group|shadow|gshadow|subuid|subgid)-?|var/lib/dpkg/.*)$' | sort
}
package_records() { find "$root/var/lib/dpkg/info" -name 'parotis.*' -printf '%f\n' | sort | tr '\n' ' '; }

step "a bare Debian 12"
mirror=$(sed -n 's/^URIs: *\([^ ]*\).*/\1/p' /etc/apt/sources.list.d/*.sources 2>/dev/null | head -1)
mirror=${mirror:-$(sed -n 's/^deb \(\[[^]]*\] \)\?\([^ ]*\) bookworm .*/\2/p' /etc/apt/sources.list 2>/dev/null | head -1)}
debootstrap --variant=minbase bookworm "$root" "${mirror:-http://deb.debian.org/debian}" >"$work/debootstrap.log" 2>&1 ||
  { tail -5 "$work/debootstrap.log" >&2; fail "debootstrap from ${mirror:-http://deb.debian.org/debian}"; }
mount -t proc proc "$root/proc" 2>/dev/null || skip "proc cannot be mounted here, and the program finds itself by it"
cp -a /etc/apt/sources.list "$root/etc/apt/" 2>/dev/null || rm -f "$root/etc/apt/sources.list"
cp -a /etc/apt/sources.list.d/. "$root/etc/apt/sources.list.d/"
cp -a /usr/share/keyrings/. "$root/usr/share/keyrings/"
grep -lE 'Acquire::(https?|Check|IndexTargets)' /etc/apt/apt.conf.d/* 2>/dev/null | xargs -r cp -t "$root/etc/apt/apt.conf.d/"
cp /etc/resolv.conf /etc/hosts "$root/etc/"
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"
cp "$package" "$root/tmp/parotis.deb"
chmod 644 "$root/tmp/parotis.deb"

step "what the package asks for, and what shells and manuals are read with"
inside apt-get update -qq
inside apt-get install -y -qq --no-install-recommends man-db bash-completion zsh fish >"$work/apt.log" 2>&1 || { tail "$work/apt.log"; fail "apt-get"; }
before_kib=$(du -skx "$root" | cut -f1)
inside apt-get satisfy -y -qq --no-install-recommends "$(dpkg-deb -f "$package" Depends)" >>"$work/apt.log" 2>&1 || { tail "$work/apt.log"; fail "its dependencies"; }
dependencies_kib=$(($(du -skx "$root" | cut -f1) - before_kib))
files >"$work/before"

step "apt-get install ./parotis.deb"
inside apt-get install -y -qq --no-install-recommends /tmp/parotis.deb >"$work/install.log" 2>&1 || { tail "$work/install.log"; fail "the installation"; }
files >"$work/installed"
[ "$(inside dpkg --verify parotis | grep -v 'etc/parotis/node.json')" = "" ] || fail "dpkg --verify"
[ "$(inside stat -c '%U:%G %a' /var/lib/parotis)" = "parotis:parotis 750" ] || fail "/var/lib/parotis is not the node's alone"
[ "$(inside stat -c '%U:%G %a' /etc/parotis/node.json)" = "root:parotis 640" ] || fail "/etc/parotis/node.json is not root's"
[ -f "$root/lib/systemd/system/parotis-node.service" ] || fail "the unit is missing"
[ -z "$(find "$root/etc/systemd/system" -name 'parotis*')" ] || fail "the unit is enabled"

step "as an ordinary user: doctor, simulate, inspect, diagnose"
inside useradd -m -s /bin/bash reader
as reader parotis --version | head -1
as reader parotis doctor --load || fail "doctor"
as reader bash -ec 'cd; parotis simulate --dicom dicom --n 1 --mix warthin=1 --seed 880006 -q; parotis inspect dicom >/dev/null
  parotis diagnose dicom -o diagnosis; ls diagnosis' || fail "diagnose"

step "manual pages and completions"
as reader bash -ec 'for page in $(ls /usr/share/man/man1 | grep ^parotis); do MANWIDTH=80 man -P cat "${page%.1.gz}" >/tmp/page 2>/tmp/warnings
  test ! -s /tmp/warnings; grep -q "EXIT STATUS" /tmp/page; done; ls /usr/share/man/man1 | grep -c ^parotis' || fail "a manual page"
as reader bash -ec 'source /usr/share/bash-completion/bash_completion; _completion_loader parotis || test $? = 124; complete -p parotis' || fail "bash"
as reader zsh -fc 'autoload -U compinit; compinit -u -D; test "$_comps[parotis]" = _parotis && autoload +X _parotis && echo zsh: $_comps[parotis]' || fail "zsh"
[ "$(as reader fish -c 'complete -C "parotis diagn"' | cut -f1)" = diagnose ] || fail "fish"

step "the node: its configuration, a start, its health, a stop"
as parotis parotis serve /etc/parotis/node.json --check || fail "serve --check"
as parotis bash -ec 'parotis serve /etc/parotis/node.json 2>/tmp/node.log & node=$!
  for attempt in $(seq 60); do sleep 1; { exec 3<>/dev/tcp/127.0.0.1/8104; } 2>/dev/null && break; done
  printf "GET /health HTTP/1.0\r\nHost: localhost\r\n\r\n" >&3; head -1 <&3; kill -TERM $node; wait $node' || { cat "$root/tmp/node.log"; fail "the node"; }

step "installed again: what an administrator wrote stays"
echo "// by hand" >>"$root/etc/parotis/node.json"
inside dpkg --force-confold -i /tmp/parotis.deb >"$work/again.log" 2>&1 || { tail "$work/again.log"; fail "installing it again"; }
tail -1 "$root/etc/parotis/node.json" | grep -q "by hand" || fail "node.json was overwritten"

step "removed: only data and the configuration stay"
inside apt-get remove -y -qq parotis >"$work/remove.log" 2>&1 || { cat "$work/remove.log"; fail "removal"; }
files >"$work/removed"
comm -13 "$work/before" "$work/removed" >"$work/left"
cat "$work/left"
grep -vE '^/(etc|var/lib)/parotis(/|$)' "$work/left" && fail "these files were left"
grep -qx /etc/parotis/node.json "$work/left" || fail "removal took the configuration"
comm -23 "$work/before" "$work/removed" | grep . && fail "these files are missing now"
echo "records: $(package_records)"

step "purged: configuration and user go, data stay and are said to"
inside apt-get purge -y -qq parotis >"$work/purge.log" 2>&1 || { cat "$work/purge.log"; fail "purge"; }
grep -q "stay in /var/lib/parotis" "$work/purge.log" || fail "purge does not say where the data are"
files >"$work/purged"
comm -13 "$work/before" "$work/purged" >"$work/left"
cat "$work/left"
grep -vE '^/var/lib/parotis(/|$)' "$work/left" && fail "these files were left"
inside getent passwd parotis && fail "the user is still there"
[ "$(stat -c '%U %a' "$root/var/lib/parotis")" = "root 700" ] || fail "the data are not root's"
[ -z "$(package_records)" ] || fail "dpkg still knows it"

step "installed and purged unused: nothing stays"
rm -rf "$root/var/lib/parotis"
inside apt-get install -y -qq --no-install-recommends /tmp/parotis.deb >"$work/install.log" 2>&1 || fail "the second installation"
inside apt-get purge -y -qq parotis >"$work/purge.log" 2>&1 || fail "the second purge"
files | comm -13 "$work/before" - | grep . && fail "these files were left"

step "proved"
printf 'package %s MB; installed %s MB in %s files; its dependencies on a bare Debian %s MB\n' "$(($(stat -c %s "$package") / 1000000))" \
  "$(($(dpkg-deb -f "$package" Installed-Size) * 1024 / 1000000))" "$(comm -13 "$work/before" "$work/installed" | wc -l)" "$((dependencies_kib * 1024 / 1000000))"
