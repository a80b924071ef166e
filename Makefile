# The commands of the portal. `make help` lists them.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
BIN := .venv/bin
CATALOGUES := $(wildcard portal/translations/*/LC_MESSAGES/messages.po)
COMPILED := $(CATALOGUES:.po=.mo)

# A stamp is named for the hash of the pins that were installed, so that changed pins are installed anew.
hash_of = $(shell cat $(1) | sha256sum | cut -c1-16)
RUN_STAMP = .venv/run-$(call hash_of,requirements.txt)
DEV_STAMP = .venv/dev-$(call hash_of,requirements.txt requirements-dev.txt)

.PHONY: help run test check bench demo pins upgrade faults translations ledger

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

run: $(RUN_STAMP) $(COMPILED) ## prepare everything and serve the portal (PORT, DATABASE_URL, PORTAL_DATA_DIR)
	@exec $(BIN)/python scripts/serve.py

test: $(DEV_STAMP) $(COMPILED) ## run the whole suite: SQLite, PostgreSQL, Chromium
	$(BIN)/python -m pytest -n 2 --dist worksteal $(PYTEST)

check: $(DEV_STAMP) ## lint, format, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(DEV_STAMP) ## measure what is promised about speed
	$(BIN)/python -m bench

demo: $(RUN_STAMP) $(COMPILED) ## load demonstration data into an empty database
	$(BIN)/flask --app wsgi demo

pins: $(DEV_STAMP) ## pin the dependencies named in requirements.in and requirements-dev.in
	CUSTOM_COMPILE_COMMAND="make pins" $(BIN)/pip-compile -q $(PIN_OPTIONS) $(PINS) requirements.in
	CUSTOM_COMPILE_COMMAND="make pins" $(BIN)/pip-compile -q $(PIN_OPTIONS) $(PINS) requirements-dev.in

upgrade: $(DEV_STAMP) ## bring every library up to date, and write down when
	@$(MAKE) pins PINS=--upgrade
	sed -i "s/^# Brought up to date: .*/# Brought up to date: $$(date -u +%F)/" requirements.in

faults: $(DEV_STAMP) ## ask osv.dev for known faults of what is pinned; fails when one is past its time (FAULTS)
	@$(BIN)/python scripts/known_faults.py $(FAULTS)

PIN_OPTIONS := --strip-extras --no-emit-index-url --no-emit-trusted-host --no-emit-options

translations: $(RUN_STAMP) ## bring the catalogues up to date with the words of the portal
	$(BIN)/pybabel -q extract -F babel.cfg -k N_ -k _ -k gettext -k ngettext:1,2 -k lazy_gettext \
	  --sort-by-file --no-location --omit-header -o .venv/messages.pot .
	$(BIN)/pybabel -q update -N -i .venv/messages.pot -d portal/translations --no-fuzzy-matching --omit-header
	$(BIN)/pybabel -q compile -f -d portal/translations

ledger: $(RUN_STAMP) ## write the pages of docs/security that are made of data and source, and count the verdicts
	$(BIN)/python scripts/security_ledger.py

# What is installed is compiled when it is first imported: most of it never is.
$(RUN_STAMP): | .venv/pyvenv.cfg
	$(BIN)/python -m pip install -q --no-compile --disable-pip-version-check -r requirements.txt
	@rm -f .venv/run-* && touch $@

$(DEV_STAMP): | .venv/pyvenv.cfg
	$(BIN)/python -m pip install -q --no-compile --disable-pip-version-check -r requirements-dev.txt
	@rm -f .venv/dev-* .venv/run-* && touch $@ $(RUN_STAMP)

.venv/pyvenv.cfg:
	@PYTHON="$(PYTHON)" bash scripts/make_venv.sh

%.mo: %.po $(RUN_STAMP)
	$(BIN)/pybabel -q compile -f -l $(word 3,$(subst /, ,$<)) -i $< -o $@
