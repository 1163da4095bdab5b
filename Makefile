# Schakel. `make demo` to look around, `make test` to try everything; a fresh machine needs only python3 and make.
SHELL := bash
VENV := .venv
PY := $(VENV)/bin/python
PORT ?= 8000
AXE ?= once
# In-process tests, which a chosen day reaches; the browser and the processes of reliability have clocks of their own.
FAST := $(addprefix tests/,actions agreements audit cli events files home identity jobs measures notifications registrations reports)
DAYS := 2027-01-01 2028-02-29 2027-03-31 2026-10-25
RUN := $(VENV)/.run-stamp
TEST := $(VENV)/.test-stamp
CATALOGUES ?= platform/schakel/translations
SOURCES ?= .

.PHONY: install demo run worker test test-postgres test-days check lint translations workflows bench clean

install: $(RUN)

$(VENV)/bin/python:
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Schakel needs Python 3.11 or newer."; exit 1; }
	@python3 -m venv $(VENV) || { echo "python3 cannot make virtual environments; on Debian: apt-get install python3-venv"; exit 1; }

$(RUN): requirements/run.txt pyproject.toml | $(VENV)/bin/python
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/build.txt -r requirements/run.txt
	$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(VENV)/bin/pybabel -q compile -d platform/schakel/translations
	@touch $@

$(TEST): requirements/test.txt tests/browser/ensure-tools $(RUN)
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/test.txt
	@tests/browser/ensure-tools
	@touch $@

demo: $(RUN)
	@PORT=$(PORT) SCHAKEL_DEMO=1 $(VENV)/bin/flask demo

run: $(RUN)
	$(VENV)/bin/gunicorn -c gunicorn.conf.py wsgi:app

worker: $(RUN)
	$(VENV)/bin/flask worker

lint: $(TEST)
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(VENV)/bin/djlint templates --lint --quiet

test: $(TEST)
	$(VENV)/bin/pytest --axe $(AXE)

test-postgres: $(TEST)
	$(VENV)/bin/pytest --databases postgresql

test-days: $(TEST)
	@for day in $(DAYS); do echo "On $$day:"; $(VENV)/bin/pytest --databases sqlite --on $$day $(FAST) || exit 1; done

check: lint test

# The sentences in code and templates into the catalogues: new ones come in untranslated, those that are gone go out.
translations: $(RUN)
	$(VENV)/bin/pybabel -q extract -F babel.cfg -k lazy_gettext -k N_ -k Refused:1 --sort-output --no-location --no-wrap --ignore-dirs=".*" \
		-o $(CATALOGUES)/messages.pot $(SOURCES)
	$(VENV)/bin/pybabel -q update -i $(CATALOGUES)/messages.pot -d $(CATALOGUES) --no-fuzzy-matching --ignore-obsolete \
		--ignore-pot-creation-date --no-wrap
	@rm $(CATALOGUES)/messages.pot
	$(VENV)/bin/pybabel -q compile -d $(CATALOGUES)

workflows: $(RUN)
	$(PY) -c 'from schakel.cli import workflows; print(workflows.page(), end="")' > docs/workflows.md

bench: $(TEST)
	$(PY) bench/run.py

clean:
	rm -rf $(VENV) instance var dist build
