# The two commands: make run, make test. Everything else: make help.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
PY := $(VENV)/bin/python
# The environment is made again when what it is made of changes, or the checkout has moved.
KEY := $(shell { echo "$(CURDIR)"; cat constraints.txt pyproject.toml setup/*.sh; } | sha256sum | cut -c1-16)
READY := $(VENV)/ready-$(KEY)
CODE := kiosk devices sync bench tests
# The whole suite runs on every core, a file's tests together: they share what is slow to make.
PYTEST_ARGS = $(or $(ARGS),-n auto --dist loadfile)
OFFSCREEN := LC_ALL=C.UTF-8 QT_QPA_PLATFORM=offscreen QT_QUICK_BACKEND=software
export PYTHON

.PHONY: help
help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-26s %s\n", $$1 ($$1 == "check-qt" ? " VERSION=6.11.3" : ""), $$2 }' Makefile

.PHONY: setup
setup: $(READY) ## set up the environment (the other commands do it by themselves)
	@:

$(READY):
	@bash setup/environment.sh $(VENV)
	@rm -f $(VENV)/ready-*
	@touch $@

.PHONY: run
run: $(READY) ## show it: a window where there is a display, else a morning that plays itself (ARGS=...)
	@$(PY) -m kiosk demo $(ARGS)

.PHONY: test
test: $(READY) ## run the tests (ARGS="tests/sync -k hub")
	@$(OFFSCREEN) $(PY) -m pytest $(PYTEST_ARGS)

.PHONY: lint
lint: $(READY) ## run the linters alone
	@echo "== ruff format"; $(PY) -m ruff format --check .
	@echo "== ruff check"; $(PY) -m ruff check .
	@echo "== mypy"; $(PY) -m mypy
	@echo "== import-linter"; $(VENV)/bin/lint-imports
	@echo "== qmllint"; $(PY) tests/architecture/qmllint.py
	@echo "== codespell"; $(VENV)/bin/codespell

.PHONY: check
check: lint ## run everything that CI runs: the linters, then the tests
	@echo "== pytest"; $(MAKE) --no-print-directory test

.PHONY: check-qt
check-qt: ## run the tests on another Qt
	@[ -n "$(VERSION)" ] || { echo "Say which: make check-qt VERSION=6.11.3"; exit 2; }
	@[ -e .venv-qt-$(VERSION)/ready-$(KEY) ] || { bash setup/environment.sh .venv-qt-$(VERSION) $(VERSION) && \
		rm -f .venv-qt-$(VERSION)/ready-* && touch .venv-qt-$(VERSION)/ready-$(KEY); }
	@$(OFFSCREEN) .venv-qt-$(VERSION)/bin/python -m pytest $(PYTEST_ARGS)

.PHONY: bench
bench: $(READY) ## measure: every figure beside its goal
	@$(OFFSCREEN) $(PY) -m bench $(ARGS)

.PHONY: soak
soak: $(READY) ## the long proofs: 10,000 power cuts, 500 kills, 100,000 fuzzed streams a box, 10,000 ratings through bad networks
	@$(OFFSCREEN) $(PY) -m tests.durability.power_cut.soak --images 10000
	@$(OFFSCREEN) $(PY) -m tests.durability.kills.soak --kills 500
	@$(PY) -m tests.devices.fuzz --runs 100000
	@$(PY) -m tests.sync.soak --ratings 10000

.PHONY: gallery
gallery: $(READY) ## render every screen to gallery/
	@$(OFFSCREEN) $(PY) -m kiosk gallery gallery

.PHONY: dist
dist: $(READY) ## freeze the app to dist/kiosk and prove it by its own morning
	@bash setup/freeze.sh $(PY)

.PHONY: clean
clean: ## remove what was built, not the environment
	rm -rf build dist gallery demo-output .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -path './.venv*' -prune -o -name __pycache__ -type d -print0 | xargs -0 rm -rf
