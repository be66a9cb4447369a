# For scripts that install Debian packages; sourced.

as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi; }

# install_debian_packages PACKAGE...: leaves no daemon of theirs running, under a policy that denies every start. What apt
# says goes to standard output.
install_debian_packages() (
  if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
    echo "this user is not root and has no sudo; ask an administrator to run: apt-get install --no-install-recommends $*" >&2
    exit 1
  fi
  policy=/usr/sbin/policy-rc.d
  if [ ! -e $policy ]; then
    trap 'as_root rm -f '"$policy" EXIT
    # Without it nothing is installed, wherever `set -e` does not reach.
    { printf '#!/bin/sh\nexit 101\n' | as_root tee $policy >/dev/null && as_root chmod +x $policy; } || exit 1
  fi
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq &&
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
)

# disable_at_boot SERVICE...
disable_at_boot() {
  local service
  for service in "$@"; do as_root systemctl disable --quiet "$service" >/dev/null 2>&1 || true; done
}
