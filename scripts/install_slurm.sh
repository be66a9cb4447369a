#!/usr/bin/env bash
# Installs Slurm and munge for scripts/slurm_test.sh and leaves no daemon running. Apart from scripts/setup.sh, because nothing
# else needs them: about a minute.
set -euo pipefail
command -v sbatch >/dev/null && command -v munged >/dev/null && exit 0
as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi; }
policy=/usr/sbin/policy-rc.d  # denies every start while it is there
if [ ! -e $policy ]; then
  printf '#!/bin/sh\nexit 101\n' | as_root tee $policy >/dev/null
  as_root chmod +x $policy
  trap 'as_root rm -f '"$policy" EXIT
fi
as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends slurm-wlm munge
for daemon in slurmctld slurmd munge; do as_root systemctl disable --quiet "$daemon" >/dev/null 2>&1 || true; done
