#!/usr/bin/env bash
# Installs Slurm and munge for scripts/slurm_test.sh and leaves no daemon running. Apart from scripts/setup.sh, because nothing
# else needs them: about a minute.
set -euo pipefail
command -v sbatch >/dev/null && command -v munged >/dev/null && exit 0
source "$(dirname "${BASH_SOURCE[0]}")/debian_packages.sh"
install_debian_packages slurm-wlm munge
disable_at_boot slurmctld slurmd munge
