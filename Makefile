# Two commands for everybody: `make run` and `make test`. The others are for people who change the code.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PYTHONUTF8 := 1

.PHONY: help run run-wecom test test-spark check bench method setup locks translations screens wheel clean

help:
	@echo "make run     set everything up and start Huoqun with sample communities on http://127.0.0.1:8000"
	@echo "make run-wecom  a whole invented company behind a WeCom sandbox, and Huoqun connected to it"
	@echo "make test    set everything up and run every test, browser and PostgreSQL included"
	@echo "make check   format, lint, types, import contracts, templates, translations, docs in step with code"
	@echo "make bench   measure, beside the floor or the peer, into bench/out/"
	@echo "make method  which items of the method have a passing test"

# A virtual environment from the hashed locks. Remade only when a lock changes.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Huoqun needs Python 3.11 or newer; this is $$($(PYTHON) --version). Set PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -m venv $(VENV) 2>/dev/null || { rm -rf $(VENV); tools/system_packages python3-venv && $(PYTHON) -m venv $(VENV); }

$(VENV)/.run: requirements/uv.txt requirements/run.txt pyproject.toml | $(BIN)/python
	@echo "Installing packages ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/run.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.run
	@echo "Installing packages for development ..."
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.txt
	@touch $@

# Finished style sheets and scripts from the npm lock, and compiled translations. Does nothing when both are current.
assets: $(VENV)/.run
	@$(BIN)/python tools/static_files.py
	@$(BIN)/python tools/translations.py

setup: assets

run: assets
	@$(BIN)/huoqun serve --sample

# Both on this machine; nothing leaves it. Made anew each time.
run-wecom: assets
	@$(BIN)/python tools/run_wecom.py

test: $(VENV)/.dev assets
	@tools/system_packages chromium fonts-noto-cjk postgresql
	@tools/test

# Every metric runs on Spark too and must agree. Brings 400 MB and needs Java, so it is not part of `make test`.
test-spark: $(VENV)/.dev assets
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/spark.txt
	@$(BIN)/pytest -q src/huoqun/health/tests/test_spark_agrees.py

check: $(VENV)/.dev assets
	@tools/check

bench: $(VENV)/.dev assets
	@$(BIN)/python bench/all.py

method: $(VENV)/.dev assets
	@$(BIN)/pytest -q --method

locks: $(BIN)/python
	@tools/locks

translations: $(VENV)/.dev
	@$(BIN)/python tools/translations.py --collect

screens: $(VENV)/.dev assets
	@$(BIN)/python tools/screens.py
	@$(BIN)/python tools/screens_playbooks.py
	@$(BIN)/python tools/screens_wecom.py

wheel: $(VENV)/.dev assets
	@$(BIN)/python -m hatchling build -t wheel

clean:
	rm -rf $(VENV) build dist src/huoqun/console/static/vendor .pytest_cache .mypy_cache .ruff_cache
