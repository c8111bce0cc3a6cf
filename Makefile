# Each target sets up what it needs; nothing but make and a Python from 3.11 to 3.13 has to be there first.
# Another Python: make test PYTHON=python3.12

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq
INSTALL_PROJECT := $(PIP) install --no-deps --no-build-isolation -e .
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command "make lock" pyproject.toml requirements/build.in

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help compare study test test-all lint lock clean same-python

help: ## List what can be made.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

compare: $(VENV)/core.stamp ## Compare stronger central coordination with 2023 as it was; writes a table and figures.
	@$(BIN)/policy-learning compare stronger_central_coordination

study: $(VENV)/core.stamp ## Make the tables, figures and findings in results/published again; about a minute on two cores.
	@$(BIN)/policy-learning study

test: lint ## Check style, types, imports and every claim that takes seconds.
	@MPLBACKEND=Agg $(BIN)/python -m pytest -m "not slow"

test-all: lint ## Check everything, the slow claims too.
	@MPLBACKEND=Agg $(BIN)/python -m pytest

lint: $(VENV)/all.stamp ## Check style, types and the direction of imports.
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

lock: $(VENV)/pyvenv.cfg ## Bring requirements/ up to date with pyproject.toml, keeping the versions that still fit.
	@echo "Resolving the requirements ..."
	@$(PIP) install uv
	@$(COMPILE) --extra dev --output-file requirements/all.txt
	@$(COMPILE) --constraint requirements/all.txt --output-file requirements/core.txt

clean: ## Remove the environment and every cache; finished studies in results/runs stay.
	@rm -rf $(VENV) build *.egg-info .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	@find model calibration scenarios results tests -name __pycache__ -prune -exec rm -rf {} +

$(VENV)/core.stamp: requirements/core.txt pyproject.toml | same-python
	@echo "Installing into $(VENV) (once, about a minute) ..."
	@$(PIP) install --require-hashes -r requirements/core.txt
	@$(INSTALL_PROJECT)
	@touch $@

# All requirements hold the core ones at the same versions, so the core is settled too.
$(VENV)/all.stamp: requirements/all.txt pyproject.toml | same-python
	@echo "Installing into $(VENV) with the tools for calibration and tests (once, about a minute) ..."
	@$(PIP) install --require-hashes -r requirements/all.txt
	@$(INSTALL_PROJECT)
	@touch $(VENV)/core.stamp $@

$(VENV)/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || { \
		echo "$(PYTHON) is not a Python from 3.11 to 3.13: name one that is, as in 'make $(or $(MAKECMDGOALS),test) PYTHON=python3.12'." >&2; \
		exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

# An environment made by one Python is not used when another is asked for by name.
same-python: $(VENV)/pyvenv.cfg
ifneq ($(origin PYTHON),file)
	@version='import sys; print(*sys.version_info[:2], sep=".")'; \
	there=$$($(BIN)/python -c "$$version"); asked=$$($(PYTHON) -c "$$version") || exit 1; \
	test "$$there" = "$$asked" || { \
		echo "$(VENV) holds Python $$there and $(PYTHON) is $$asked: run 'make clean' first to change over." >&2; \
		exit 1; }
endif
