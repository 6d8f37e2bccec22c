# make run     start the hub          make test    run every test       make check   lint, types, layers
# make shots   draw every page        make bench   run the benchmarks   make soak    kill parts, cross nothing
# make requirements   pin again (needs uv)
# make up|down|logs|update|backup   the hub in containers (docs/deploy.md)     make container-check   build and try them

SHELL := /bin/sh
.ONESHELL:
.SHELLFLAGS := -ec
.PHONY: run install test check shots bench soak requirements clean up down logs update backup container-check

# The newest Python that the requirements are pinned for.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input

run: .venv/run.stamp
	@exec $(BIN)/python -m hub up

install: .venv/run.stamp

$(BIN)/python:
	@if [ -z "$(PYTHON)" ]; then echo "Python 3.11, 3.12 or 3.13 is needed and was not found." >&2; exit 1; fi
	if ! $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null; then
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
			echo "Installing Debian's python3-venv ..."
			apt-get update -qq && apt-get install -y -qq --no-install-recommends python3-venv
		else
			echo "Python's venv module is missing. As root: apt-get install python3-venv" >&2; exit 1
		fi
	fi
	echo "Making .venv with $$($(PYTHON) --version) ..."
	rm -rf .venv
	$(PYTHON) -m venv .venv

.venv/run.stamp: requirements.txt | $(BIN)/python
	@echo "Installing $$(grep -c == requirements.txt) packages into .venv (once) ..."
	$(PIP) install --require-hashes -r requirements.txt
	touch $@

.venv/test.stamp: requirements-dev.txt .venv/run.stamp
	@echo "Installing what the tests need ..."
	$(PIP) install --quiet --require-hashes -r requirements-dev.txt
	touch $@

.PHONY: chromium
chromium:
	@if command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; then
		exit 0
	fi
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
		echo "Installing Debian's Chromium for the browser tests ..."
		apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium
	else
		echo "Chromium is missing, the browser tests will be skipped. As root: apt-get install chromium" >&2
	fi

test: .venv/test.stamp chromium
	@$(BIN)/python -m pytest -n 2 --dist loadfile

check: .venv/test.stamp
	@$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright --pythonpath $(BIN)/python
	$(BIN)/lint-imports --no-logo
	$(BIN)/hadolint Dockerfile
	$(BIN)/shellcheck scripts/backup scripts/container-check scripts/deploy.sh scripts/make-env deploy/slim.sh
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.compose-spec docker-compose.yml
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml

shots: .venv/test.stamp chromium
	@$(BIN)/python -m tests.browser.shots
	$(BIN)/python -m tests.browser.memory_shots
	$(BIN)/python -m tests.browser.shots_compare
	$(BIN)/python -m tests.browser.shots_evaluate
	$(BIN)/python -m tests.browser.shots_tools
	$(BIN)/python -m tests.browser.shots_agents
	$(BIN)/python -m tests.browser.shots_jobs
	$(BIN)/python -m tests.browser.shots_schedules

bench: .venv/test.stamp chromium
	@$(BIN)/python -m bench all --table docs/benchmarks.md

ROUNDS ?= 12
COUNT ?= 5000
soak: .venv/test.stamp
	@$(BIN)/python -m tests.soak --rounds $(ROUNDS)
	$(BIN)/python -m tests.soak_worker --rounds $(ROUNDS)
	$(BIN)/python -m tests.soak_eval --rounds $(ROUNDS)
	$(BIN)/python -m tests.soak_schedules --rounds $(ROUNDS)
	$(BIN)/python -m tests.memory.soak --count $(COUNT)
	if command -v caddy >/dev/null; then
		$(BIN)/python -m tests.soak_proxy
	else
		echo "Caddy is missing: two web processes behind it were not tried. As root: apt-get install caddy" >&2; exit 1
	fi

container-check: .venv/test.stamp
	@scripts/container-check

# The hub in containers. SERVICE=web narrows `logs`; FILE names the backup.
COMPOSE := docker compose
FILE ?= backups/hub-$(shell date -u +%Y%m%dT%H%M%SZ).hub
up:
	@scripts/make-env
	scripts/make-env --check
	$(COMPOSE) up --detach --wait
	$(COMPOSE) logs --no-log-prefix web | grep -o 'Make the first account:.*' | tail -n 1 || true

down:
	@$(COMPOSE) down

logs:
	@$(COMPOSE) logs --follow --tail 100 $(SERVICE)

update:
	@scripts/deploy.sh

backup:
	@umask 077
	mkdir -p "$(dir $(FILE))"
	scripts/backup "$(FILE)"

UV := uv pip compile pyproject.toml --universal --generate-hashes --python-version 3.11 --custom-compile-command "make requirements" -q
requirements:
	@$(UV) -o requirements.txt
	$(UV) --group dev -c requirements.txt -o requirements-dev.txt

clean:
	@rm -rf .venv .pytest_cache .ruff_cache .hypothesis .import_linter_cache
