# Orrery's everyday commands. Each installs what it needs from Debian (and, for peers only, PyPI), and says so.
PREFIX ?= /usr/local
CONFIGURATION = release
SWIFT_FLAGS = -c $(CONFIGURATION) --explicit-target-dependency-import-check error
# `package` access replaces @testable, so that tests do not rebuild the libraries.
TEST_FLAGS = $(SWIFT_FLAGS) --disable-testable-imports
# Two fresh tools may not share a build folder: give the second one its own with BUILD=.build-NAME.
BUILD ?= .build
SWIFT = swift
# The environment may pin OpenBLAS to an older processor's kernels; measurements must not be.
UNPINNED = env -u OPENBLAS_CORETYPE -u OPENBLAS_L2_SIZE

# What depends on the vector kernels and takes seconds runs again on the paths below the one that is chosen by itself.
LOWER_INSTRUCTION_SETS = avx2 baseline
KERNEL_TESTS = ^OrreryTensorsTests|^OrreryExperimentTests|^OrreryNetworksTests\.Activation|^OrreryTheoryTests\.(GramChain|Dual|KernelTests|KernelDynamics|PlainKernel|PairKernel)

# Suites with these tags are no part of `make check`: Tests/TestSupport/TestGroup.swift.
SLOW_GROUPS = statistical law process

.PHONY: report laws examples bible-transformer fashion-cnn trainability build check test test-all lint bench docs data install uninstall clean swift dependencies help

help:
	@sed -n 's/^## //p' Makefile

## make report    build, run the example on the digits, write report/index.html
report: build
	$(BUILD)/$(CONFIGURATION)/orrery confront Examples/digits.yaml --report report

## make laws      every law beside real networks, a minute each: report/laws/index.html
laws: build
	$(UNPINNED) $(BUILD)/$(CONFIGURATION)/orrery law confront all --budget standard --report report/laws

## make build     the orrery command and every library
build: dependencies
	$(SWIFT) build --scratch-path $(BUILD) $(SWIFT_FLAGS)

## make check     the linter and the exact tests, in two minutes: what one runs while working
check: lint dependencies
	$(SWIFT) build --scratch-path $(BUILD) $(SWIFT_FLAGS) --build-tests
	$(SWIFT) test --scratch-path $(BUILD) $(TEST_FLAGS) --skip-build --skip "$$(Scripts/test-group $(SLOW_GROUPS))"

## make test      every test but the nightly ones; exact ones on every instruction set that the processor has
test: dependencies
	$(SWIFT) build --scratch-path $(BUILD) $(SWIFT_FLAGS) --build-tests
	$(SWIFT) test --scratch-path $(BUILD) $(TEST_FLAGS) --skip-build --no-parallel
	@for set in $(LOWER_INSTRUCTION_SETS); do \
	  echo "The same kernels with ORRERY_INSTRUCTION_SET=$$set"; \
	  ORRERY_INSTRUCTION_SET=$$set $(SWIFT) test --scratch-path $(BUILD) $(TEST_FLAGS) --skip-build \
	    --filter '$(KERNEL_TESTS)' || exit 1; \
	done

## make test-all  also the slow statistical and fuzzing group, as the nightly run does
test-all: dependencies data
	$(SWIFT) build --scratch-path $(BUILD) $(SWIFT_FLAGS) --build-tests
	ORRERY_NIGHTLY=1 $(SWIFT) test --scratch-path $(BUILD) $(TEST_FLAGS) --skip-build --no-parallel

## make lint      the formatter's strict check, and the vector kernels' assembly on every path
lint: swift
	@Scripts/install python3
	Scripts/check-vector-kernels
	$(SWIFT) format lint --strict --recursive Sources Tests Benchmarks Package.swift

## make bench     our kernels and ensembles beside the peers', in one run; one of them by name: make bench CASE=train-1-64-128
bench: build data
	$(UNPINNED) Benchmarks/run $(if $(CASE),--case $(CASE))

## make docs      the DocC documentation, into docs-output/
docs: dependencies
	$(SWIFT) package --scratch-path $(BUILD) --allow-writing-to-directory docs-output generate-documentation \
	  --target Orrery --output-path docs-output --transform-for-static-hosting

## make data      Fashion-MNIST and the King James Bible (Debian's dataset-fashion-mnist and bible-kjv)
data:
	@Scripts/install dataset-fashion-mnist bible-kjv bible-kjv-text

## make examples  networks that learn, trained in minutes each: reports in report/
examples: build data fashion-cnn bible-transformer trainability

fashion-cnn: build data
	$(UNPINNED) $(BUILD)/$(CONFIGURATION)/orrery train Examples/fashion-cnn.yaml --observables \
	  batch-loss,test-loss,test-accuracy --every 234 --report report/fashion-cnn

bible-transformer: build data
	$(UNPINNED) $(BUILD)/$(CONFIGURATION)/orrery train Examples/bible-transformer.yaml --observables \
	  batch-loss,test-loss,test-accuracy --every 300 --report report/bible-transformer

# PyTorch's default initialization and others at several depths, with Adam and with SGD and momentum, beside the forecast.
trainability: build data
	$(UNPINNED) $(BUILD)/$(CONFIGURATION)/orrery confront --pilot Examples/deep-gelu.yaml \
	  network.mlp.depth=4,8,16,24,30 'optimizer={ adam: { learning-rate: 0.001, batch: 128, steps: 800 }, loss: cross-entropy },{ sgd: { learning-rate: 0.03, momentum: 0.9, batch: 128, steps: 800 }, loss: cross-entropy }' \
	  --report report/trainability

## make install   the orrery command, into PREFIX (default /usr/local)
install: build
	install -d $(DESTDIR)$(PREFIX)/bin
	install -m 755 $(BUILD)/$(CONFIGURATION)/orrery $(DESTDIR)$(PREFIX)/bin/orrery

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/orrery

clean:
	rm -rf $(BUILD) report docs-output

swift:
	@command -v swift >/dev/null 2>&1 || { \
	  echo "Orrery needs Swift 6.2 or later, and 'swift' is not on the PATH."; \
	  echo "Get it from https://www.swift.org/install/linux/ (Debian 12 is supported), then run make again."; \
	  exit 1; }

dependencies: swift
	@Scripts/install libopenblas-dev zlib1g-dev libmd-dev libsqlite3-dev
