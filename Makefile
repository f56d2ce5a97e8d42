# python3 (3.11 or newer), make and git are all that a machine needs; the rest is installed into .venv.
SHELL := /bin/sh
PYTHON3 ?= python3
PY := .venv/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --no-input -qq
HASH = $(shell cat $(1) | cksum | cut -d ' ' -f 1)
RUN_STAMP := .venv/.run-$(call HASH,requirements.txt)
DEV_STAMP := .venv/.dev-$(call HASH,requirements.txt requirements-dev.txt)
TEMPLATES := billing_views/templates
PYTEST_ARGS ?=
BENCH_ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help demo demo-reset test test-long screenshots check messages schema-script bench bench-scale pin fix browser

help: ## what each target does
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.venv/bin/python:
	@$(PYTHON3) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; name it with make PYTHON3=python3.12" >&2; exit 1; }
	@$(PYTHON3) -m venv .venv >/dev/null 2>&1 || { \
	  rm -rf .venv; \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null; \
	  else echo "The venv module of $(PYTHON3) is missing; on Debian: apt-get install python3-venv" >&2; fi; \
	  $(PYTHON3) -m venv .venv; }
	@# Lets commands and tests import the checkout from wherever they are started.
	@$(PY) -c 'import pathlib, sysconfig; pathlib.Path(sysconfig.get_path("purelib"), "otwarta-kartoteka.pth").write_text(str(pathlib.Path.cwd()) + "\n")'

$(RUN_STAMP): .venv/bin/python
	@echo "Installing what requirements.txt pins …"
	@$(PIP) install --require-hashes -r requirements.txt
	@rm -f .venv/.run-* && touch $@

$(DEV_STAMP): $(RUN_STAMP)
	@echo "Installing what requirements-dev.txt pins …"
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@rm -f .venv/.dev-* && touch $@

demo: $(RUN_STAMP) ## run the product with two sample associations; Ctrl-C stops it
	@exec $(PY) -m saas.local.demo

demo-reset: $(RUN_STAMP) ## stop the demo and forget its data
	@$(PY) -m saas.local.demo --reset

browser:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null \
	  || command -v google-chrome >/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "Installing Chromium …"; \
	    apt-get update -qq \
	      && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-dejavu-core >/dev/null; \
	  else echo "Chromium is missing, and the browser tests need it: install your system's chromium package." >&2; \
	    exit 1; fi; }

# The servers of the tests are stopped whatever becomes of the tests.
define run_pytest
	@trap '$(PY) -m saas.local stop --instance test' EXIT; \
	trap 'exit 130' INT TERM; \
	export KARTOTEKA_LOCAL=test; \
	$(PY) -m saas.local start --instance test && $(PY) -m pytest $(1) $(PYTEST_ARGS)
endef

test: $(DEV_STAMP) browser ## run the tests, in a real browser too
	$(call run_pytest,-n 2 --dist loadgroup)

test-long: $(DEV_STAMP) browser ## run the long campaigns: kills and fuzz
	$(call run_pytest,-m long -n 0)

screenshots: $(DEV_STAMP) browser ## a picture of every page, light, dark and phone, in .local/screenshots
	$(call run_pytest,-m screenshots -n 0 -q)

check: $(DEV_STAMP) ## format, lint, types, migrations, templates and translations
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy .
	if [ -d $(TEMPLATES) ]; then $(PY) -m djlint --lint --quiet $(TEMPLATES); fi
	@# No server runs here: that the recorded history cannot be compared is no finding.
	$(PY) -W "ignore:Got an error checking:RuntimeWarning" manage.py makemigrations --check --dry-run
	$(PY) -m saas.local.translations check

fix: $(DEV_STAMP) ## format and repair what can be repaired
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

messages: $(DEV_STAMP) ## take new texts into the English catalogue, compile it and say what waits for its English
	@$(PY) -m saas.local.translations collect
	@$(PY) -m saas.local.translations compile
	@$(PY) -m saas.local.translations check

schema-script: $(DEV_STAMP) ## write the script of a new association's schema anew, after a migration was added
	@export KARTOTEKA_LOCAL=test; $(PY) -m saas.local start --instance test && $(PY) manage.py write_schema_script

bench: $(DEV_STAMP) ## measure imports, pages and provisioning
	@$(PY) -m tests.bench $(BENCH_ARGS)

bench-scale: $(DEV_STAMP) ## measure what many associations cost; BENCH_ARGS=--full makes 3 000 (5 GB)
	@$(PY) -m tests.bench.bench_scale $(BENCH_ARGS)

pin: .venv/bin/python ## resolve requirements*.in anew and pin with hashes
	@$(PIP) install uv
	@for name in requirements requirements-dev; do \
	  .venv/bin/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	    --no-emit-index-url --no-emit-find-links $$name.in -o $$name.txt || exit 1; done
