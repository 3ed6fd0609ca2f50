# The one door to everything: `make help`.
SHELL := /bin/sh
MEMBERS := backend chaos remediator worker
LOCKS := $(MEMBERS:%=%/requirements.lock) requirements-dev.lock
PYTHON := .venv/bin/python
COMPILE := .cache/uv/bin/uv pip compile --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command "make lock" --quiet
# What the stack could see or be slowed by runs alone and in order, the other tests two at a time.
ENGINE := engine or stack or browser
PICTURES := overview-dark-wide overview-light-narrow service-dark-wide topology-light-wide audit-dark-wide
.DEFAULT_GOAL := help

.PHONY: help up down logs ps doctor clean venv lock check check-python check-members check-frontend test test-full bench \
	dashboards screenshots

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

up: ## bring up the whole stack (safe to repeat)
	@python3 -m infrastructure.bring_up up

down: ## stop and remove the containers, keep the data
	@python3 -m infrastructure.bring_up down

logs: ## follow the logs of all services
	@docker compose logs --follow --tail 100

ps: ## list the services and their health
	@docker compose ps --all

doctor: ## check this machine without changing it
	@python3 -m infrastructure.bring_up doctor

clean: ## remove containers, all data and the images we built
	@python3 -m infrastructure.bring_up clean

test: up .venv/installed ## bring up the stack, then unit, contract, integration and browser tests
	@failed=0; \
	$(PYTHON) -m pytest -m "not full and not ($(ENGINE))" --numprocesses 2 --dist loadfile --durations 10 || failed=1; \
	$(PYTHON) -m pytest -m "not full and ($(ENGINE))" --durations 20 || failed=1; \
	exit $$failed

test-full: up .venv/installed ## the long matrices, which `make test` leaves out
	$(PYTHON) -m pytest -m full --durations 20

bench: .venv/installed ## measure the running stack against its floors
	$(PYTHON) -m bench

dashboards: .venv/installed ## write Grafana's dashboards from the code in monitoring/dashboards
	$(PYTHON) -m monitoring.dashboards

screenshots: up .venv/installed ## take the pictures of the docs anew, with the browser tests
	$(PYTHON) -m pytest e2e/test_pages.py
	@for name in $(PICTURES); do cp artifacts/$$name.png docs/images/$$name.png; done

check: check-python check-members check-frontend ## formatting, types, import contracts, each member alone, the panel

check-python: .venv/installed
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

check-members:
	python3 -m infrastructure.members_alone

check-frontend: frontend/node_modules/.package-lock.json
	cd frontend && npm run lint && npm run typecheck && npm test -- --run

venv: .venv/installed ## make .venv with every member and tool (again only when a lock changes)

.venv/installed: $(LOCKS) core/pyproject.toml $(MEMBERS:%=%/pyproject.toml)
	python3 -m venv .venv
	$(PYTHON) -m pip install --quiet --require-hashes $(LOCKS:%=-r %)
	$(PYTHON) -m pip install --quiet --no-deps -e core $(MEMBERS:%=-e %)
	@touch $@

frontend/node_modules/.package-lock.json: frontend/package-lock.json
	cd frontend && npm ci
	@touch $@

lock: .cache/uv/bin/uv ## renew all lock files
	for member in $(MEMBERS); do \
	  $(COMPILE) --no-emit-package incidentops-core $$member/pyproject.toml -o $$member/requirements.lock || exit 1; \
	done
	$(COMPILE) --constraints backend/requirements.lock requirements-dev.in -o requirements-dev.lock
	$(COMPILE) bench/alerta/requirements.in -o bench/alerta/requirements.lock

.cache/uv/bin/uv:
	python3 -m venv .cache/uv
	.cache/uv/bin/python -m pip install --quiet uv
