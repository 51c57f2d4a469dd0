# Every target does its own set-up: it needs git, make and Python >= 3.11, nothing else, and no root. If npm is there,
# it installs an emulator of Google and Microsoft for tests/emulator, which are skipped without.
# PYTHON=python3.13 make test chooses another interpreter.

PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
EMULATOR := tests/emulator/node_modules/.ready
# Tests write thousands of small states: in memory, where there is room, they take a fifth less time.
SCRATCH := $(shell [ -w /dev/shm ] && [ "$$(df -Pk /dev/shm | awk 'NR == 2 { print $$4 }')" -gt 2000000 ] && echo TMPDIR=/dev/shm)
# Three workers on two cores, as many as the smallest machine has: a fourth of the tests' time is waiting.
PYTEST := $(SCRATCH) $(BIN)/python -m pytest -p no:cacheprovider

.PHONY: help demo test check format lint types torture quality bench lock clean

help:
	@echo "make demo     the whole way on a generated sample mailbox"
	@echo "make test     all tests (a seeded sample of the long ones)"
	@echo "make check    format, lint, types, floors, tests: what must be green"
	@echo "make torture  the long random runs, whole (about half an hour)"
	@echo "make quality  how well people and contacts are told, on generated mailboxes"
	@echo "make bench    the figures, as a table"
	@echo "make lock     requirements.lock anew from pyproject.toml (needs uv)"

# A machine without ensurepip (Debian without python3-venv) can still lend its own pip to the new environment.
$(READY): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "auld needs Python 3.11 or newer; none was found. Name one: make PYTHON=/path/to/python3 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV) 2>/dev/null || $(PYTHON) -m venv --clear --without-pip $(VENV)
	@pip="$(BIN)/python -m pip"; $$pip --version >/dev/null 2>&1 || pip="$(PYTHON) -m pip --python $(BIN)/python"; \
	 $$pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock && \
	 $$pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)

$(EMULATOR): tests/emulator/package-lock.json
	@command -v npm >/dev/null 2>&1 || exit 0; npm ci --prefix tests/emulator >/dev/null && touch $@ || \
	 echo "npm could not install the emulator of Google and Microsoft: its tests are skipped."

demo: $(READY)
	@$(BIN)/auld demo

test: $(READY) $(EMULATOR)
	$(PYTEST) -n 3 --dist worksteal -m "not bench and not torture"

check: $(READY) format lint types test

format: $(READY)
	$(BIN)/ruff format --check .

lint: $(READY)
	$(BIN)/ruff check .

types: $(READY)
	$(BIN)/mypy

torture: $(READY) $(EMULATOR)
	$(PYTEST) -n 2 --dist worksteal -m torture

quality: $(READY)
	$(SCRATCH) $(BIN)/python -m tests.quality

bench: $(READY)
	$(BIN)/python -m tests.bench

lock:
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate --group dev pyproject.toml -o requirements.lock

clean:
	rm -rf $(VENV) tests/emulator/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis
