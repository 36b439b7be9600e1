# Two commands are enough: `make demo` (installs, then the main job end to end) and `make test`.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

.PHONY: demo test test-full check build lab doctor bench bench-peers clean help
.DEFAULT_GOAL := help

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "ntklab needs Python 3.11 or newer, but $(PYTHON) is $$($(PYTHON) --version 2>&1). Install one and run: make $(MAKECMDGOALS) PYTHON=python3.11" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

demo: $(READY)  ## build a lab, grade a sample class in the sandbox, draw a figure
	$(BIN)/ntklab demo

test: $(READY)  ## every test but the slow ones, on all cores
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -q -n auto --dist worksteal -m "not slow"

test-full: $(READY)  ## every test, the slow ones too
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -q -n auto --dist worksteal

check: $(READY)  ## format, lint, types, tests, and whether the generated notebooks are current
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/ntklab build --check
	$(MAKE) test

build: $(READY)  ## every lab's notebooks from its source
	$(BIN)/ntklab build

lab: $(READY)  ## open JupyterLab on the assignments
	$(BIN)/jupyter lab --notebook-dir=assignments

doctor: $(READY)  ## what this machine can do
	$(BIN)/ntklab doctor

bench: $(READY)  ## speed and memory as ratios, with figures: build/bench (OPTIONS=--quick, --large, "--only gram")
	$(BIN)/python -m tests.benchmarks $(OPTIONS)

PEERS := build/peers
bench-peers: $(READY) $(PEERS)/.ready  ## the Gram matrix against other packages, in an environment of their own (2.6 GB)
	$(BIN)/python -m tests.benchmarks --only peers --limit 600 --peers $(PEERS)/bin/python $(OPTIONS)

$(PEERS)/.ready: tests/benchmarks/peers.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 13))' || { \
	  echo "the peers' versions need Python 3.11 or 3.12, but $(PYTHON) is $$($(PYTHON) --version 2>&1). Run: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 2; }
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

clean:  ## remove the environment and everything built
	rm -rf $(VENV) build .pytest_cache .mypy_cache .ruff_cache .hypothesis
