PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: up test lint fmt bench eval lock clean

up: $(VENV)/.installed
	@$(BIN)/memocha up

test: $(VENV)/.installed-dev
	@$(MAKE) --no-print-directory lint
	@$(BIN)/python -m pytest

lint: $(VENV)/.installed-dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

fmt: $(VENV)/.installed-dev
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: $(VENV)/.installed-dev
	@$(BIN)/python -m bench

# Every table of docs/evaluation.md. Public data sets take part where MEMOCHA_EVAL_DATA names their folder.
PUBLIC := $(if $(MEMOCHA_EVAL_DATA),locomo memorybank-en memorybank-cn)
eval: $(VENV)/.installed-dev
	@$(BIN)/memocha eval people $(PUBLIC) --ablation --report evals/results
	@$(if $(PUBLIC),$(BIN)/memocha eval memorybank-cn --embedder e5 --report evals/results)
	@$(BIN)/python -m evals.followups --model local
	@$(BIN)/python -m evals.docs

# Hashes only, no index address: the same file serves every mirror.
lock: $(VENV)/.installed
	@$(BIN)/pip install --quiet uv
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --extra embedded pyproject.toml -o requirements.txt
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header -c requirements.txt pyproject.toml -o requirements-service.txt
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --extra embedded --extra eval --group dev -c requirements.txt pyproject.toml -o requirements-dev.txt

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Memocha needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Say which one with: make up PYTHON=python3.12")'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing packages (the first time takes a few minutes) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

clean:
	rm -rf $(VENV) .memocha .pytest_cache .mypy_cache .ruff_cache
