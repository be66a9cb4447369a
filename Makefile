# The README's commands. Each does all the set-up it needs, and a second run spends no time on it.
.PHONY: demo test build build-tests install deb package-test sbom site page setup asan asan-parsers reference tidy format check-format fuzz bench slurm-test deps-bundle clean

JOBS ?= $(shell nproc)
PREFIX ?= /usr/local
# The commit's own time: the same commit gives the same bytes.
export SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct 2>/dev/null || date +%s)

# A small cohort is simulated, a model trained and evaluated, and a DICOM study diagnosed; the last line says where to look.
demo: build
	scripts/demo.sh

# Every test on the release build.
test: build-tests
	ctest --preset release -j $(JOBS)

# The page that people see of a node, into web/dist.
page: setup
	@scripts/build_page.sh

# Leaves the program at build/release/parotis.
build: page
	@test -f build/release/build.ninja || cmake --preset release
	cmake --build --preset release --target parotis -j $(JOBS)

build-tests: page
	@test -f build/release/build.ninja || cmake --preset release
	cmake --build --preset release -j $(JOBS)

# PREFIX (default /usr/local) and DESTDIR as usual. The program finds everything relative to itself.
install: build
	@cmake --build --preset release --target parotis_reference
	DESTDIR=$(DESTDIR) cmake --install build/release --prefix $(PREFIX) --strip

# build/release/package/parotis_VERSION_amd64.deb; takes minutes, most of them to compress LibTorch.
deb: build
	@cmake --build --preset release --target parotis_reference
	scripts/make_deb.sh build/release $(CURDIR)/build/release/package

# The package packed twice, judged by lintian, and installed, used and removed on a bare Debian in a folder: as root, ten minutes.
# Installs debootstrap and lintian, which nothing else needs.
package-test: build-tests
	apt-get install -y -qq --no-install-recommends debootstrap lintian
	PAROTIS_PACKAGE_TEST=1 ctest --preset release -L package --verbose

# The bill of materials of what would be installed: build/parotis.cdx.json.
sbom: build
	@cmake --build --preset release --target parotis_reference
	rm -rf build/installed
	DESTDIR=$(CURDIR)/build/installed cmake --install build/release --prefix /usr --strip >build/install.log
	cp build/installed/usr/share/doc/parotis/parotis.cdx.json build/

# The documentation as pages that need no network: build/site/index.html. Its tools live in build/site-tools.
site:
	scripts/site.sh

setup:
	@scripts/setup.sh

# The whole suite under AddressSanitizer and UndefinedBehaviorSanitizer.
asan: setup
	@test -f build/asan/build.ninja || cmake --preset asan
	cmake --build --preset asan -j $(JOBS)
	ctest --preset asan -j $(JOBS)

# Only what reads bytes that others wrote, under the same sanitizers: a third of the time.
asan-parsers: setup
	@test -f build/asan/build.ninja || cmake --preset asan
	cmake --build --preset asan -j $(JOBS) --target parotis_test_base parotis_test_weights parotis_test_image parotis_test_dicom parotis_test_dimse parotis_test_http \
		parotis_test_privacy
	ctest --preset asan -j $(JOBS) -R '^(base|weights|image|dicom|dimse|http|privacy)\.'

# A study on a real Slurm of one node, whose daemons go with the test. Installs slurm-wlm and munge, which nothing else needs.
slurm-test: build-tests
	scripts/install_slurm.sh
	scripts/slurm_test.sh build/release

fuzz: setup
	@test -f build/fuzz/build.ninja || cmake --preset fuzz
	cmake --build --preset fuzz -j $(JOBS)
	scripts/fuzz.sh

bench: setup
	bench/compare_with_pytorch.sh

# docs/reference from what the program says of itself; a test compares them.
reference: build
	build/release/parotis reference --markdown docs/reference

format: setup
	git ls-files '*.cc' '*.h' | xargs clang-format-19 -i

check-format: setup
	git ls-files '*.cc' '*.h' | xargs clang-format-19 --dry-run --Werror

# clang-tidy on the files changed since BASE (default: the last commit's parent).
tidy: build-tests
	scripts/tidy.sh $(BASE)

# Headers and libraries for machines that have only a compiler, CMake and LibTorch.
deps-bundle: setup
	scripts/deps_bundle.sh

clean:
	rm -rf build demo
