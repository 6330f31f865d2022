# The same words as CI. `make check` is quick; `make test` is what CI runs.
SWIFT ?= swift
FORMATTED := Package.swift Sources Tests

.PHONY: build release test unit contract lab bench fmt check clean

build:            ## debug build of everything
	$(SWIFT) build --build-tests

release:          ## the binary that ./run starts
	bash -c ". Scripts/swift.bash && swift_needs_install && swift_release .build/release.log"

test:             ## everything: unit, contract, architecture, lab
	./test

unit:             ## all but the lab
	./test --no-lab

contract:         ## the suites that fakes and real things share
	./test --no-lab --filter Contract

lab:              ## the real binary against real hosts
	./test --lab-only

bench:            ## figures and ratios, printed and not asserted
	Benchmarks/run

fmt:              ## lays the sources out
	$(SWIFT) format -i -p -r $(FORMATTED)

check:            ## layout, warnings as errors, imports, architecture
	$(SWIFT) format lint --strict -p -r $(FORMATTED)
	$(SWIFT) build --build-tests --explicit-target-dependency-import-check error
	$(SWIFT) test --skip-build --filter ArchitectureTests

clean:
	rm -rf .build Benchmarks/.build
