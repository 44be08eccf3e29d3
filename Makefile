# What a developer or an operator runs; `make` alone lists it.
PYTHON ?= python3
PORT ?=
DATA ?= ../shared/data
VENV := .venv
BIN := $(VENV)/bin
CODE := service worker models tests benchmarks docs
EXPORT := uv export --quiet --frozen --no-emit-project --no-header --format requirements-txt

# uv when it is there, else pip: the same file, the same hashes, the same result. The file is complete, so
# that nothing is resolved: a version that came out today must not stop an installation.
define install
	@if command -v uv >/dev/null; then \
		uv pip install --quiet --compile-bytecode --python $(BIN)/python --no-deps --require-hashes -r $(1) && \
		uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e . ; \
	else \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $(1) && \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . ; \
	fi
	@touch $@
endef

.DEFAULT_GOAL := help
.PHONY: help setup run second dev system test check lint types pytest train bench docs lock

help:  ## List these targets
	@sed -nE 's/^([a-z]+):.*## (.*)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 10

setup: $(VENV)/.run-stamp  ## Install what running needs, into .venv

run: setup  ## Start the product; PORT=8080 chooses the port, Ctrl-C stops it
	@$(if $(PORT),PORT='$(PORT)') exec $(BIN)/commentdesk up

second: $(VENV)/.second-stamp  ## Install what a second stage needs as well (docs/second-stage.md)

dev: $(VENV)/.dev-stamp  ## Install what developing needs as well

test: dev system check pytest  ## Every check and every test, with coverage

check: lint types  ## What needs no running code: lint, format, types, contracts, templates, spelling

lint: dev  ## ruff, import contracts, templates, spelling
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/djlint --quiet --check --lint service/ui
	$(BIN)/codespell

types: dev  ## mypy, strict
	$(BIN)/mypy

# Each file's tests run in one process, so that what they share is set up once. More than four processes
# would each start servers of their own for a minute's work.
pytest: dev  ## All tests with coverage; ARGS="-k name" for some
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile --cov --cov-report=term $(ARGS)

system: dev  ## Chromium, PostgreSQL and Redis for the tests, where this may install them
	@.ci/system-packages || echo "Tests that need what is missing are skipped."

train: dev  ## Train the model on the comments in DATA (../shared/data)
	$(BIN)/commentdesk train $(DATA)

bench: dev  ## Measure everything, write benchmarks/results.md; BENCH=name runs one script
	$(BIN)/python -m benchmarks.$(or $(BENCH),table) $(ARGS)

docs: dev  ## Write the generated parts of docs/reference anew
	$(BIN)/python docs/reference/generate.py

lock:  ## Resolve the dependencies anew and export them with hashes (needs uv)
	uv lock --quiet
	$(EXPORT) --no-default-groups --group build --extra postgresql --output-file requirements/run.txt >/dev/null
	$(EXPORT) --group dev --output-file requirements/dev.txt >/dev/null
	$(EXPORT) --no-default-groups --group build --extra postgresql --extra second-stage \
		--output-file requirements/second-stage.txt >/dev/null

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "commentdesk needs Python 3.11 or newer, but $(PYTHON) is $$($(PYTHON) --version 2>&1 | cut -d' ' -f2)." \
		"Name a newer one: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 2; }
	@if command -v uv >/dev/null; then uv venv --quiet --python $(PYTHON) $(VENV); \
	else $(PYTHON) -m venv $(VENV); fi || { \
		rm -rf $(VENV); \
		echo "$(PYTHON) cannot make a virtual environment; on Debian and Ubuntu: apt-get install python3-venv"; exit 2; }

$(VENV)/.run-stamp: requirements/run.txt pyproject.toml | $(BIN)/python
	@echo "Installing into $(VENV) (about a minute, once) …"
	$(call install,requirements/run.txt)

$(VENV)/.dev-stamp: requirements/dev.txt pyproject.toml | $(BIN)/python
	@echo "Installing the development tools into $(VENV) …"
	$(call install,requirements/dev.txt)

$(VENV)/.second-stamp: requirements/second-stage.txt pyproject.toml | $(BIN)/python
	@echo "Installing what a second stage needs into $(VENV) …"
	$(call install,requirements/second-stage.txt)
