# The two commands of the README are `make bench` and `make test`; everything else serves them.
SHELL := /bin/sh
.DEFAULT_GOAL := help

PYTHON ?= python3
CONFIG ?= bench/configs/pictures.yaml
MINUTES ?= 30
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# What is worked on the project with comes on top, when a target first needs it.
DEV := $(VENV)/.dev
# Python compiles what is imported, once; compiling all that is installed takes half of the setup.
unexport PYTHONDONTWRITEBYTECODE
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile
# All cores are in use by processes: threads beside them would wait for each other.
PYTEST := OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n logical --dist loadfile --no-loadscope-reorder

.PHONY: help setup bench smoke test test-all check format notebooks lab site text transform-sheet \
  codec-model bench-codecs bench-speed faults test-engines fuzz soak lock clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): requirements.lock pyproject.toml hatch_build.py
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; name one: make PYTHON=python3.12 setup"; exit 1; }
	@echo "Creating $(VENV) from requirements.lock (about a minute, once)"
	@$(PYTHON) -m venv --clear $(VENV) \
	  || { echo "This Python cannot make virtual environments; on Debian: apt install python3-venv"; exit 1; }
	@$(INSTALL) --require-hashes -r requirements.lock
	@$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

$(DEV): $(READY) requirements-dev.lock
	@echo "Installing what tests, checks, notebooks and the site need (about a minute, once)"
	@$(INSTALL) --require-hashes -r requirements-dev.lock
	@touch $@

setup: $(READY) ## Create .venv with all that measuring needs
	@echo "Ready: $(BIN)/imgsig --help, $(BIN)/imgsig-bench --help"

bench: $(READY) ## Measure tester, tester_str and tester_none (CONFIG=... for another experiment)
	@$(BIN)/imgsig-bench run $(CONFIG)

smoke: $(READY) ## A small run of every stage, in about a minute
	@$(BIN)/imgsig-bench run bench/configs/smoke.yaml

test: $(DEV) ## Run the quick tests, on all cores; five minutes on two
	@$(PYTEST) -m "not slow and not fault and not release" --durations=10

test-all: $(DEV) ## Run all tests, the slow ones too
	@$(PYTEST) --durations=10

check: $(DEV) ## Lint, format, types, layers of imports, known vulnerabilities
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m tools.audit

format: $(DEV) ## Format the code
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format --quiet .

notebooks: $(DEV) ## Execute the notebooks again; fails on errors and warnings
	@$(BIN)/python -m tools.notebooks execute

lab: $(DEV) ## Open the notebooks in JupyterLab
	@$(BIN)/jupyter lab notebooks

site: $(DEV) ## Build the site of results, notebooks and guide: docs/_build/html/index.html
	@$(BIN)/python -m sphinx -W --keep-going -q -b html docs docs/_build/html

text: $(DEV) ## Put the figures of what was measured into README and the guide
	@$(BIN)/python -m tools.fill

transform-sheet: $(DEV) ## Draw every transform on two photographs: transform-sheet.png
	@$(BIN)/python -m tools.transform_sheet transform-sheet.png

codec-model: $(DEV) ## Train the context codec's model and the zstd dictionary (a new model needs a new id)
	@$(BIN)/python -m tools.train_codecs model
	@$(BIN)/python -m tools.train_codecs dictionary

bench-codecs: $(DEV) ## Measure every codec: bytes, speed, distance to the limit
	@$(BIN)/imgsig-bench run bench/configs/codec-sizes.yaml
	@OMP_NUM_THREADS=1 $(BIN)/python -m pytest benchmarks -o addopts=--import-mode=importlib --benchmark-only

bench-speed: $(READY) ## Time signatures beside image-match, and the whole way into an index
	@$(BIN)/imgsig-bench run bench/configs/speed.yaml

faults: $(DEV) ## Make every fault happen, as root on Linux, an hour: docs/faults.md
	@$(BIN)/python -m pytest tests/faults -m "" -n 2 --dist loadfile -o timeout=0 \
	  --write-faults docs/faults.md

test-engines: $(DEV) ## Faults and tests of the engine on each there is, hours: before a release
	@$(BIN)/python -m pytest -m release -o timeout=0 tests
	@failed=""; for engine in $(or $(ENGINES),$$($(BIN)/python -m bench.engine.catalog)); do \
	  echo "On $$engine"; \
	  IMGSIG_TEST_ENGINE=$$engine $(BIN)/python -m pytest -m engine -n 2 --dist loadfile -o timeout=0 \
	    tests/faults/test_elasticsearch.py tests/faults/test_harm.py \
	    tests/bench/engine tests/bench/index tests/bench/search tests/bench/migrate tests/imgsig/compat \
	    || failed="$$failed $$engine"; \
	done; [ -z "$$failed" ] || { echo "Failed on:$$failed"; exit 1; }

fuzz: $(DEV) ## Odd input to decoders and config readers, 5,000 examples each
	@$(BIN)/python -m pytest tests/fuzz -n logical --hypothesis-profile=fuzz -o timeout=0

soak: $(DEV) ## Index and search for MINUTES (30); fails if memory or handles grow
	@$(BIN)/python -m tests.soak --minutes $(MINUTES) --write results/soak

lock: COMPILE := --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
  --custom-compile-command "make lock"
lock: $(READY) ## Resolve pyproject.toml into the lock files again
	@$(BIN)/python -m venv --clear $(VENV)/lock
	@$(VENV)/lock/bin/python -m pip install --quiet uv
	@$(VENV)/lock/bin/uv pip compile $(COMPILE) --all-extras -o requirements-dev.lock pyproject.toml
	@$(VENV)/lock/bin/uv pip compile $(COMPILE) --extra bench --extra build -c requirements-dev.lock \
	  -o requirements.lock pyproject.toml
	@rm -rf $(VENV)/lock

clean: ## Remove the environment and the tools' caches; results and downloads stay
	@rm -rf $(VENV) .mypy_cache .ruff_cache .import_linter_cache .pytest_cache .hypothesis .benchmarks
