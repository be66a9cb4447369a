#!/usr/bin/env bash
# Builds the page that people see of a node (web/) into web/dist with the Node of .venv, and nothing twice: the stamp is
# a hash of what it is made from. Without npm's packages there is no page, which the node says itself; nothing else fails.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root/web"
export PATH=$root/.venv/bin:$PATH

say() { printf 'page: %s\n' "$*" >&2; }

sources() {
  git ls-files -z --cached --others --exclude-standard . 2>/dev/null ||
    find . \( -name node_modules -o -name dist -o -name shots \) -prune -o -type f -print0
}
stamp=$(sources | sort -z | xargs -0 sha256sum | sha256sum | cut -c1-16)
if [ -e "dist/index.html" ] && [ -d node_modules ] && [ "$(cat ../.setup/page 2>/dev/null)" = "$stamp" ]; then exit 0; fi

if ! command -v node >/dev/null || [ "$(node -p 'process.versions.node.split(".")[0]')" -lt 24 ]; then
  say "Node 24 could not be had (scripts/setup.sh): the page is not built"
  exit 0
fi
lock=$(sha256sum package-lock.json | cut -c1-16)
if [ "$(cat ../.setup/page-packages 2>/dev/null)" != "$lock" ] || [ ! -d node_modules ]; then
  say "installing the packages that the page is built with"
  if ! npm ci --no-audit --no-fund --ignore-scripts --loglevel=error >../.setup/npm-page.log 2>&1; then
    tail -5 ../.setup/npm-page.log >&2
    say "they could not be had: the page is not built"
    exit 0
  fi
  echo "$lock" >../.setup/page-packages
fi
say "building"
npm run --silent build >../.setup/page.log 2>&1 || { tail -20 ../.setup/page.log >&2; say "it cannot be built; the whole log is .setup/page.log"; exit 1; }
echo "$stamp" >../.setup/page
