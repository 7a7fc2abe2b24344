# Koine: `make run` serves the portal, `make test` proves it, `make help` lists the rest.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes
# The rooms whose types are checked: where the rules of the house live.
TYPED = $(shell find network cities practices grants -path '*/migrations' -prune -o \( -path '*/domain*.py' -o -path '*/domain/*.py' -o -path '*/rules*.py' -o -path '*/rules/*.py' -o -path '*/queries*.py' -o -path '*/queries/*.py' -o -path '*/gateways*.py' -o -path '*/gateways/*.py' -o -path 'network/embedded/*.py' \) -print)
.DEFAULT_GOAL := help
.PHONY: help run setup test check bench format messages manage reset lock

help: ## list the targets
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-16s %s\n", $$1, $$2 }'

run: setup ## serve the portal at http://127.0.0.1:8000 (PORT=8010 for another port); Ctrl-C stops it
	@$(PY) -m network.embedded.run --with-parent

setup: $(VENV)/.packages var/.front-end ## install what `make run` needs, without starting anything

# The browser tests run alone and last: beside others they only wait for one another.
test: setup $(VENV)/.tools ## run the tests on a database cluster of their own (ARGS="-k word" for a part)
	@$(PY) -m pytest $(or $(ARGS),--numprocesses 2 --ignore tests/browser)
	@$(if $(ARGS),,$(PY) -m pytest tests/browser)

check: style floors types pages migrations catalogues ## style, floors and rooms, types, templates, migrations, message catalogues

# The parts of `make check`; `make -k check` runs them all whatever fails.
.PHONY: style floors types pages migrations catalogues
style: setup $(VENV)/.tools
	$(PY) -m ruff check --quiet .
	$(PY) -m ruff format --quiet --check .

floors: setup $(VENV)/.tools
	$(VENV)/bin/lint-imports --no-cache > var/floors.txt || { cat var/floors.txt; exit 1; }

types: setup $(VENV)/.tools
	@$(PY) -m mypy --no-error-summary $(TYPED)

pages: setup $(VENV)/.tools
	find templates network cities practices grants -name '*.html' -path '*templates/*' | xargs $(VENV)/bin/djade --check

migrations: setup $(VENV)/.tools
	DJANGO_SETTINGS_MODULE=network.settings.test $(PY) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run

catalogues: setup $(VENV)/.tools
	$(PY) -m pytest tests/languages/test_catalogues.py tests/machinery/test_collected.py

bench: setup $(VENV)/.tools ## measure CPU per request and queries, on data of the bench's own
	@$(PY) -m bench $(ARGS)

format: $(VENV)/.tools ## format the code and mend what can be mended
	@$(PY) -m ruff check --quiet --fix . ; $(PY) -m ruff format .
	@find templates network cities practices grants -name '*.html' -path '*templates/*' | xargs $(VENV)/bin/djade

messages: $(VENV)/.packages ## collect the texts into the message catalogues (needs gettext) and compile them
	@$(PY) manage.py makemessages $$($(PY) -c 'from network.languages import CODES, DEFAULT; print(*(f"--locale={code}" for code in CODES if code != DEFAULT))') --no-wrap --no-obsolete --add-location file --ignore node_modules --ignore var --ignore tests
	@$(PY) -m network.embedded.catalogues --tidy

manage: $(VENV)/.packages ## Django's command line on the local portal: make manage ARGS="verify_audit"
	@$(PY) -m network.embedded.manage $(ARGS)

reset: ## remove the local portal's database, uploads and mail, after asking
	@$(PYTHON) -m network.embedded.reset

lock: ## renew requirements/*.lock from requirements/*.in (needs uv)
	@sh requirements/lock.sh

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed." if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m venv $(VENV) \
	  || { rm -rf $(VENV); command -v uv >/dev/null && uv venv --quiet --seed $(VENV); } \
	  || { echo "Python's venv is missing: apt-get install python3-venv, or install uv."; exit 1; }

$(VENV)/.packages: requirements/local.lock | $(PY)
	@echo "Installing packages ..."
	@$(PIP) -r requirements/local.lock
	@touch $@

$(VENV)/.tools: requirements/dev.lock | $(VENV)/.packages
	@echo "Installing tools for tests and checks ..."
	@$(PIP) -r requirements/dev.lock
	@touch $@

var/.front-end: package-lock.json network/embedded/assets.py requirements/node.lock | $(VENV)/.packages
	@command -v npm >/dev/null || $(PIP) -r requirements/node.lock
	@$(PY) -m network.embedded.npm
	@$(PY) -m network.embedded.assets
	@touch $@
