# Two commands do all the set-up on a fresh machine: `make demo` and `make test`.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
# Two at a time; files in the order of their names, so that the long ones (browser, road) do not come last.
TOGETHER := -n 2 --dist loadfile --no-loadscope-reorder
BIN := $(VENV)/bin
PIP := $(BIN)/pip install --disable-pip-version-check -q -c constraints.txt

.DEFAULT_GOAL := help
.PHONY: help demo app test test-all check bench screenshots clean

help:
	@echo "make demo      install, then the whole road on the example pictures, offline"
	@echo "make app       install, then open the app on http://127.0.0.1:8501"
	@echo "make test      install with test extras, then all tests but the slow ones"
	@echo "make test-all  every test, the long kill tests too"
	@echo "make check     format, lint, types and the quick tests"
	@echo "make bench     measure what docs/benchmarks.md reports"

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.models: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing Concept Studio with its model packages (a few minutes the first time) ..."
	$(PIP) -e ".[models]"
	@touch $@

$(VENV)/.test: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing Concept Studio with its test packages (a few minutes the first time) ..."
	$(PIP) -e ".[test]"
	@touch $@ $(VENV)/.models

demo: $(VENV)/.models
	$(BIN)/concept-studio demo

app: $(VENV)/.models
	$(BIN)/concept-studio app

test: $(VENV)/.test
	$(BIN)/python -m pytest -m "not slow" $(TOGETHER)

test-all: $(VENV)/.test
	$(BIN)/python -m pytest $(TOGETHER)

check: $(VENV)/.test
	$(BIN)/ruff format --check studio training tests
	$(BIN)/ruff check studio training tests
	$(BIN)/mypy
	$(BIN)/python -m pytest -m "not slow and not browser" $(TOGETHER)

bench: $(VENV)/.test
	$(BIN)/python -m tests.bench

screenshots: $(VENV)/.test
	$(BIN)/python docs/make_screenshots.py

clean:
	rm -rf $(VENV) build *.egg-info .pytest_cache .ruff_cache .mypy_cache
