#!/usr/bin/env bash
# The pages' own tests: scripts/test_page.sh unit | page | node [PROGRAM] | lab [PROGRAM FAKE_STUDY]
#   unit  its pure parts, without a browser
#   page  the built page in Chromium before a made-up node
#   node  the built page in Chromium before PROGRAM (default build/release/parotis), on simulated studies
#   lab   the laboratory's page before PROGRAM, on studies with made-up networks that FAKE_STUDY does
# Ends with 77 (skipped) where there is no built page, no Node or no Chromium; scripts/setup.sh has them all.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export PATH=$root/.venv/bin:$PATH
cd "$root/web"
skip() { echo "skipped: $*" >&2; exit 77; }
[ -e dist/index.html ] && [ -d node_modules/playwright-core ] || skip "the page is not built (scripts/build_page.sh)"
command -v node >/dev/null || skip "there is no Node (scripts/setup.sh)"
[ "$1" = unit ] || [ -x "${CHROMIUM:=/usr/bin/chromium}" ] || skip "there is no Chromium (scripts/setup.sh)"
export CHROMIUM PAROTIS_PROGRAM=${2:-$root/build/release/parotis} PAROTIS_FAKE_STUDY=${3:-$root/build/release/tests/parotis_fake_study}
case $1 in
  unit) exec node --test "tests/unit/*.test.ts" ;;
  page | node | lab) exec node --test --test-concurrency=1 "tests/$1/*.test.ts" ;;
  *) echo "what is to be tested: unit, page, node or lab" >&2; exit 2 ;;
esac
