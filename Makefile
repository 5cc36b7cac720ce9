# `make` alone prints the commands.

HOST   ?= 127.0.0.1
PORT   ?= 8000
PYTHON ?=
TESTS  ?=
DATA   ?=
SECONDS ?= 300

VENV       := .venv
IN_VENV    := $(VENV)/bin/python
CANDIDATES := $(or $(PYTHON),python3.13 python3.12 python3.11 python3 python)
PIP        := $(IN_VENV) -m pip install --disable-pip-version-check --no-input --require-hashes
COMPILE    := --universal --python-version 3.11 --fork-strategy fewest --generate-hashes --no-emit-index-url --no-header --quiet

.PHONY: help serve test gallery install lint format lock types table bench bench-page bench-explain soak fuzz prove-image audit clean
.DELETE_ON_ERROR:

help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

serve: install ## serve on http://127.0.0.1:8000; HOST=0.0.0.0 PORT=9000 serve elsewhere
	@HOST=$(HOST) PORT=$(PORT) exec $(IN_VENV) -m app

test: $(VENV)/dev.lock ## run every test, browser tests included; TESTS="-k seven" runs some
	@$(IN_VENV) -m tests.browser.provide_chromium
	@$(IN_VENV) -m pytest --numprocesses logical --maxprocesses 4 --dist loadfile $(TESTS)

gallery: install ## add a gallery of test images to every network; DATA=DIR reads the data sets from DIR, otherwise downloads them
	@$(IN_VENV) -m training gallery $(if $(DATA),--data-dir "$(DATA)")

install: $(VENV)/run.lock ## create .venv from the lock; PYTHON=python3.12 chooses its Python

lint: $(VENV)/dev.lock node_modules/.package-lock.json ## check style, types and the direction of imports
	$(IN_VENV) -m ruff check .
	$(IN_VENV) -m ruff format --check .
	$(IN_VENV) -m mypy
	$(VENV)/bin/lint-imports --no-cache
	node_modules/.bin/biome ci
	node_modules/.bin/tsc --project .

format: $(VENV)/dev.lock node_modules/.package-lock.json ## format the Python and JavaScript code and sort its imports
	$(IN_VENV) -m ruff check --fix-only --quiet .
	$(IN_VENV) -m ruff format .
	node_modules/.bin/biome check --write --linter-enabled=false

lock: $(VENV)/bin/uv ## resolve the dependencies again; UPGRADE=--upgrade takes their newest versions
	$(VENV)/bin/uv pip compile pyproject.toml $(COMPILE) $(UPGRADE) -o requirements.lock
	$(VENV)/bin/uv pip compile pyproject.toml --extra dev $(COMPILE) $(UPGRADE) -c requirements.lock -o requirements-dev.lock
	npm install --package-lock-only --omit-lockfile-registry-resolved --no-audit --no-fund

types: $(VENV)/dev.lock node_modules/.package-lock.json ## rewrite the JavaScript types of the API's answers from their models
	$(IN_VENV) -m tests.js.openapi_types

table: install ## rewrite the README's table of networks from their cards
	@$(IN_VENV) -m training table --write

bench: $(VENV)/dev.lock ## compare this server with FastAPI with model.predict, LitServe and Gradio; takes four minutes
	@$(IN_VENV) -m benchmarks.serve

bench-page: $(VENV)/dev.lock ## draw sixty strokes in Chromium and measure how soon bars and layers follow
	@$(IN_VENV) -m tests.browser.provide_chromium
	@$(IN_VENV) -m benchmarks.page

bench-explain: install ## measure how much longer a prediction takes while explanations are computed; takes seven minutes
	@$(IN_VENV) -m benchmarks.explaining

soak: install ## send requests of all kinds over sixteen connections for five minutes; SECONDS=60 for one minute
	@$(IN_VENV) -m benchmarks.soak --seconds $(SECONDS)

fuzz: $(VENV)/dev.lock ## send 20,000 damaged pictures, and 5,000 requests generated from the API's schema; takes some minutes
	@$(IN_VENV) -m tests.fuzz.pictures
	@$(IN_VENV) -m tests.fuzz.api

prove-image: install ## run the Dockerfile's steps in an empty folder, serve from it and predict; needs no Docker
	@$(IN_VENV) -m tests.deploy.prove_image

audit: $(VENV)/bin/uv ## check the locked dependencies against the known vulnerabilities, if their list can be downloaded
	@$(IN_VENV) -m tests.deploy.audit

clean: ## remove .venv and everything else that make created
	rm -rf $(VENV) node_modules .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis

# Each environment holds a copy of the lock it was installed from; it is installed again when the two differ.
$(VENV)/run.lock: requirements.lock $(VENV)/created
	@cmp -s $< $@ || $(PIP) -r $<
	@cp $< $@

$(VENV)/dev.lock: requirements-dev.lock $(VENV)/created
	@cmp -s $< $@ || $(PIP) -r $<
	@cp $< $@
	@cp requirements.lock $(VENV)/run.lock

$(VENV)/bin/uv: $(VENV)/created
	$(IN_VENV) -m pip install --disable-pip-version-check --quiet uv
	@touch $@

# An environment whose Python was removed from the machine is created again.
ifeq ($(shell test -x $(IN_VENV) || echo gone),gone)
.PHONY: $(VENV)/created
endif

# Uses the newest supported Python that runs and can create an environment; otherwise prints what is missing.
# An existing environment with a supported Python is kept.
$(VENV)/created:
	@fits='import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))'; \
	if $(IN_VENV) -c "$$fits" >/dev/null 2>&1 && $(IN_VENV) -c 'import pip' >/dev/null 2>&1; then touch $@; exit; fi; \
	for python in $(CANDIDATES); do \
	  "$$python" -c "$$fits" >/dev/null 2>&1 || continue; \
	  fitting=$$python; \
	  "$$python" -c 'import ensurepip, venv' >/dev/null 2>&1 || continue; \
	  "$$python" -m venv --clear $(VENV) && touch $@; \
	  exit; \
	done; \
	if [ -n "$$fitting" ]; then \
	  echo "Layerscope found $$fitting, but it cannot create an environment: install its venv module (on Debian or Ubuntu, apt install python3-venv)." >&2; \
	else \
	  echo "Layerscope needs Python 3.11, 3.12 or 3.13, and none of these runs here: $(CANDIDATES). Install one, or name its path: make install PYTHON=/path/to/python3.13." >&2; \
	fi; \
	exit 1

node_modules/.package-lock.json: package-lock.json
	@command -v npm >/dev/null || { echo "Checking the JavaScript needs npm: install Node.js 20 or newer." >&2; exit 1; }
	npm ci --no-audit --no-fund
	@touch $@
