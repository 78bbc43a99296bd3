# Two commands on a fresh machine: `make run` and `make test`.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
export ONEDOOR_DATA ?= $(CURDIR)/var
HOST ?= 127.0.0.1
PORT ?= 8000
export HOST PORT

.PHONY: help setup run test check bench docs messages a11y

help:    ## Show this list
	@grep -hE '^[a-z0-9]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9]+):[^#]*## /\1\t/' | expand -t 12

setup: .venv/.installed-dev    ## Install everything into .venv

run: .venv/.installed    ## Build the demo county and serve it at http://127.0.0.1:8000
	$(BIN)/onedoor demo
	exec $(BIN)/onedoor serve

test: setup    ## Run the tests on SQLite and on PostgreSQL (DB=sqlite or DB=postgres: one; ARGS=…)
	$(BIN)/python tools/test_databases.py $(ARGS)

check: setup    ## Format, lint, types, import contracts, migrations, translations, handbook, plain words
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy onedoor tests tools
	$(BIN)/lint-imports
	$(BIN)/djlint onedoor --lint --quiet
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python tools/messages.py --check
	$(BIN)/python tools/handbook.py --check
	$(BIN)/python tools/words.py

bench: .venv/.installed    ## Measure: onedoor bench (ARGS="--only NAME --json")
	$(BIN)/onedoor bench $(ARGS)

docs: setup    ## Print the tables of rules, settings, refusals and the API into docs/reference
	$(BIN)/python tools/handbook.py

messages: setup    ## Collect the interface texts and compile the English catalogue
	$(BIN)/python tools/messages.py

a11y: setup    ## The accessibility journeys alone
	$(BIN)/pytest tests/journeys/test_accessibility.py $(ARGS)

.venv/.installed: requirements.txt tools/environment.py
	$(PYTHON) tools/environment.py requirements.txt
	@touch $@

.venv/.installed-dev: requirements-dev.txt .venv/.installed
	$(PYTHON) tools/environment.py requirements-dev.txt
	@touch $@
