# Everything a person runs. `make demo` and `make test` need Python 3.11 or newer (with venv), git and make; nothing else.
PYTHON ?= python3
BIN := .venv/bin
HOME_DIR ?= var/demo
SERVE ?= 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# The program is started hundreds of times in a test run: let it keep what it compiled, whatever the environment says.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo install test lint bench eval soak check-emulators screenshots lock clean

demo: .venv/.runs          ## a fictional company's half-year, end to end; SERVE=0 ends without the console
	$(BIN)/throughline --home $(HOME_DIR) demo $(if $(filter 0,$(SERVE)),--no-serve)

install: .venv/.runs       ## the program alone, as .venv/bin/throughline

test: .venv/.develops      ## every test; what needs LibreOffice or Chromium is skipped by name where they are absent
	$(BIN)/python -m pytest -n 2 -rs

lint: .venv/.develops      ## ruff, mypy --strict, import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/.develops     ## speed as ratios and counts beside their floors
	$(BIN)/python -m tests.bench

eval: .venv/.develops      ## review drafts of generated people against what is known about them
	$(BIN)/python -m tests.eval

soak: .venv/.develops      ## the long sweeps that `make test` samples
	$(BIN)/python -m pytest -n 2 -rs --soak

check-emulators: .venv/.develops  ## the Notion emulator beside Notion's own specification: SPEC=openapi.json
	$(BIN)/python -m tests.emulators --spec $(SPEC)

screenshots: .venv/.develops  ## the README's pictures out of the demo, in the system's Chromium
	$(BIN)/python -m tests.screenshots

lock: .venv/.develops      ## write the requirements again from pyproject.toml
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --no-emit-index-url --no-emit-find-links \
		--custom-compile-command "make lock" pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --no-emit-index-url --no-emit-find-links \
		--custom-compile-command "make lock" --group dev pyproject.toml -o requirements-dev.txt

clean:                     ## the virtual environment and caches; never a home folder
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/.runs: .venv/bin/python requirements.txt pyproject.toml
	$(BIN)/python -m pip install -q -r requirements.txt
	$(BIN)/python -m pip install -q --no-deps -e .
	touch $@

.venv/.develops: .venv/.runs requirements-dev.txt
	$(BIN)/python -m pip install -q -r requirements-dev.txt
	touch $@
