# `make run` needs nothing but Python 3.11 or later: it makes .venv itself.
# PYTHON=/path/to/python3 chooses the interpreter that .venv is made with.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help run web worker dispatch canary test faults check requirements

python := .venv/bin/python
# `sh bin/venv LOCK` installs exactly what the lock holds, and only when it has changed.
run_venv := .venv/.installed-requirements.txt
dev_venv := .venv/.installed-requirements-dev.txt

help:
	@echo 'make run           start everything: database, broker, web, worker, dispatcher'
	@echo 'make web           start the web process alone; likewise worker, dispatch, canary'
	@echo 'make test          make check, then every test'
	@echo 'make faults        the fault bench in full, from SEED=number; takes hours'
	@echo 'make check         style, types, imports, migrations, deployment settings, OpenAPI'
	@echo 'make requirements  lock requirements*.in anew'

$(run_venv): requirements.txt
	@sh bin/venv requirements.txt

$(dev_venv): requirements-dev.txt
	@sh bin/venv requirements-dev.txt

run web worker dispatch canary: $(run_venv)
	@exec $(python) -m config.local $@

check: $(dev_venv)
	@sh bin/check

test: check
	@echo '== tests'
	@exec $(python) -m pytest --numprocesses auto --dist loadgroup $(PYTEST_FLAGS)

# FAULT_REPORT=file keeps the lines of the table; PYTEST_FLAGS='-k f01' chooses.
faults: $(dev_venv)
	@FAULT_SCALE=full FAULT_SEED='$(SEED)' exec $(python) -m pytest -m fault --capture no $(PYTEST_FLAGS)

# Pins are kept where they still fit; UPGRADE=--upgrade takes the newest.
lock := $(python) -m uv pip compile --universal --generate-hashes --no-emit-index-url \
	--python-version 3.11 --custom-compile-command 'make requirements' --quiet $(UPGRADE)

requirements: $(dev_venv)
	@echo '== requirements.txt'
	@$(lock) requirements.in --output-file requirements.txt
	@echo '== requirements-dev.txt, with the versions that requirements.txt holds'
	@$(lock) requirements-dev.in --constraint requirements.txt --output-file requirements-dev.txt
