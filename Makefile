# Needs GNU make, git, a POSIX shell and Python 3.11 or newer; everything else goes into .venv.
# `make` alone lists what can be done.

PYTHON ?= python3
PORT ?= 8000
SEED_ONLY ?= 0
RUN := .venv/bin/python
PIP := $(RUN) -m pip install -qq --disable-pip-version-check --require-hashes --no-deps

# As in production, so that the checks for production have something to judge. The key opens nothing.
LIKE_PRODUCTION := DEBUG=false DEMO=false HTTPS=true BEHIND_PROXY=true ALLOWED_HOSTS=partnerships.example.nhs.uk \
	SITE_URL=https://partnerships.example.nhs.uk SECRET_KEY=for-this-check-alone-and-for-no-server-0123456789abcdef

# What must not stand in the repository: addresses of package registries, folders of one machine.
REGISTRIES := pyp[i]\.org|pythonh[o]sted\.org|npmj[s]\.(org|com)|deb\.debia[n]\.org|PIP_INDEX_UR[L]
ONE_MACHINE := (^|[^[:alnum:]._>-])/(hom[e]/[a-z]|roo[t]/|User[s]/|wor[k]/|opt/pyp[i])

.DEFAULT_GOAL := help
.PHONY: help demo dev test check format bench screenshots install lock clean

help: ## List what can be done
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1	\2/p' Makefile | while IFS='	' read -r name what; do printf '  make %-12s %s\n' "$$name" "$$what"; done

demo: .venv/installed ## See the portal with the example content on http://127.0.0.1:$PORT (8000); Ctrl-C ends it
	@exec env DEMO=true DEBUG=false HTTPS=false PORT=$(PORT) SEED_ONLY=$(SEED_ONLY) \
		'DATABASE_URL=sqlite:///$(CURDIR)/db.sqlite3' 'OPEN_DATA_FOLDER=$(CURDIR)/open-data' \
		OPEN_DATA_STORAGE=django.core.files.storage.FileSystemStorage 'OPEN_DATA_STORAGE_OPTIONS={}' \
		$(RUN) manage.py demo

dev: .venv/installed-dev ## Work on the code: migrate, then serve with reload on http://127.0.0.1:$PORT
	DEBUG=true $(RUN) manage.py migrate
	@exec env DEBUG=true $(RUN) manage.py runserver 127.0.0.1:$(PORT)

test: .venv/installed-dev ## All tests on SQLite with the browser, then on PostgreSQL
	$(RUN) -m pytest -n auto
	$(RUN) -m tests.postgres $(RUN) -m pytest -n auto -m "not browser and not either_database"

check: .venv/installed-dev ## Everything that judges the code without running it
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports --no-cache --no-logo
	.venv/bin/djlint --lint --quiet --allow-empty-input templates
	DEMO=true $(RUN) manage.py makemigrations --check --dry-run
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
		export $(LIKE_PRODUCTION) STATIC_ROOT="$$folder/static" "DATABASE_URL=sqlite:///$$folder/db.sqlite3" && \
		echo "manage.py check --deploy" && \
		$(RUN) manage.py migrate --verbosity 0 && $(RUN) manage.py check --deploy --fail-level WARNING
	@if [ -f ../shared/tools/check_own_words.py ]; then \
		$(RUN) ../shared/tools/check_own_words.py fixtures templates partnerships programmes trustportal README.md docs; \
	else echo "The texts are not compared with the source pages: ../shared is not there."; fi
	@if git grep --untracked -nIE '$(REGISTRIES)'; then echo "Take the address of the package registry out of the lines above."; exit 1; fi
	@if git grep --untracked -nIE '$(ONE_MACHINE)'; then echo "Take the folder of one machine out of the lines above."; exit 1; fi

format: .venv/installed-dev ## Put the Python code into its agreed form
	.venv/bin/ruff check --fix-only .
	.venv/bin/ruff format .

bench: .venv/installed-dev ## Measure the pages with 10,000 made-up records of each kind, on both databases
	$(RUN) -m tests.benchmarks.series
	$(RUN) -m tests.benchmarks.pages
	$(RUN) -m tests.benchmarks.outcomes
	$(RUN) -m tests.benchmarks.imports
	$(RUN) -m tests.benchmarks.search
	$(RUN) -m tests.benchmarks.maps
	$(RUN) -m tests.benchmarks.networks
	$(RUN) -m tests.benchmarks.timelines
	$(RUN) -m tests.benchmarks.api
	$(RUN) -m tests.benchmarks.opendata
	$(RUN) -m tests.benchmarks.open_referral
	$(RUN) -m tests.benchmarks.fhir
	$(RUN) -m tests.postgres $(RUN) -m tests.benchmarks.pages
	$(RUN) -m tests.postgres $(RUN) -m tests.benchmarks.outcomes
	$(RUN) -m tests.postgres $(RUN) -m tests.benchmarks.imports
	$(RUN) -m tests.postgres $(RUN) -m tests.benchmarks.search
	$(RUN) -m tests.postgres $(RUN) -m tests.benchmarks.maps
	$(RUN) -m tests.postgres $(RUN) -m tests.benchmarks.networks
	$(RUN) -m tests.postgres $(RUN) -m tests.benchmarks.timelines
	$(RUN) -m tests.postgres $(RUN) -m tests.benchmarks.api
	$(RUN) -m tests.postgres $(RUN) -m tests.benchmarks.opendata
	$(RUN) -m tests.postgres $(RUN) -m tests.benchmarks.open_referral
	$(RUN) -m tests.postgres $(RUN) -m tests.benchmarks.fhir

screenshots: .venv/installed-dev ## Take the README's pictures anew
	$(RUN) -m tests.browser.screenshots

install: .venv/installed-dev ## Install everything for working on the code into .venv

lock: .venv/installed-dev ## Compile requirements.txt and requirements-dev.txt from pyproject.toml
	.venv/bin/uv pip compile --quiet pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header \
		--no-emit-index-url --no-emit-find-links --output-file requirements.txt
	.venv/bin/uv pip compile --quiet pyproject.toml --group dev --constraint requirements.txt \
		--universal --python-version 3.11 --generate-hashes --no-header \
		--no-emit-index-url --no-emit-find-links --output-file requirements-dev.txt

clean: ## Remove .venv and everything that the tools leave behind; the database stays
	rm -rf .venv staticfiles .pytest_cache .ruff_cache .mypy_cache .import_linter_cache .hypothesis .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/installed: requirements.txt | .venv/bin/pip
	$(PIP) -r requirements.txt
	@touch $@

.venv/installed-dev: requirements-dev.txt | .venv/bin/pip
	$(PIP) -r requirements-dev.txt
	@touch $@

# pip arrives last, so a half-made environment is made again.
.venv/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "The portal needs Python 3.11 or newer. Name one, for example: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "$(PYTHON) has no venv module. Install it, on Debian and Ubuntu with: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv --clear .venv
