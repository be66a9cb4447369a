# The README's commands. Each does all the set-up it needs, and a second run spends no time on it.
.PHONY: demo test build build-tests setup asan asan-parsers reference tidy format check-format fuzz bench slurm-test deps-bundle clean

JOBS ?= $(shell nproc)

# A small cohort is simulated, a model trained and evaluated, and a DICOM study diagnosed; the last line says where to look.
demo: build
	scripts/demo.sh

# Every test on the release build.
test: build-tests
	ctest --preset release -j $(JOBS)

# Leaves the program at build/release/parotis.
build: setup
	@test -f build/release/build.ninja || cmake --preset release
	cmake --build --preset release --target parotis -j $(JOBS)

build-tests: setup
	@test -f build/release/build.ninja || cmake --preset release
	cmake --build --preset release -j $(JOBS)

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
