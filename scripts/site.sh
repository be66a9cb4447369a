#!/usr/bin/env bash
# Builds the documentation's pages in build/site: strict, so that a broken link fails, and refused when a page would ask
# another host for anything. The generator (mkdocs-material, exact versions) lives in an environment of its own.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
tools=build/site-tools
stamp=$tools/$(sha256sum packaging/site/requirements.txt | cut -c1-16)
if [ ! -e "$stamp" ]; then
  rm -rf $tools
  python3 -m venv $tools
  $tools/bin/pip install --quiet --disable-pip-version-check -r packaging/site/requirements.txt
  touch "$stamp"
fi
export NO_MKDOCS_2_WARNING=1
# Not --quiet: strictness counts the warnings that are logged.
$tools/bin/mkdocs build --strict >build/site.log 2>&1 || { grep -vE "^INFO" build/site.log >&2; exit 1; }
# Two helpers for browsers of long ago, and diagrams that no page has, would be fetched from elsewhere.
find build/site -name 'bundle*.js' -exec sed -i -E 's#https://unpkg\.com/[a-z/.@0-9-]*##g' {} +
rm -f build/site/sitemap.xml*
python3 packaging/site/check.py build/site
