# The two commands that matter: `make demo` and `make test`. Needed: git, make and Python 3.11 or later; nothing else.

PYTHON ?= python3
# Tests run in so many processes, each file in one: a process takes up to two gigabytes.
JOBS ?= 2
VENV ?= .venv
DEMO ?= build/demo
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
SPARK := $(VENV)/.spark
BUILT := kg/serve/static/built
KG := $(BIN)/kg

.DEFAULT_GOAL := help
.PHONY: help install demo test lint types imports tests soak lexicon assets pictures bench calibration weights constraints clean

help: ## List the targets.
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(STAMP) ## Make .venv with the pinned dependencies, and kg in it.

# Where a run was interrupted there is no stamp, and the next one begins anew.
$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "kg needs Python 3.11 or later, and $(PYTHON) is: $$($(PYTHON) --version 2>&1 || true)" >&2; \
	  echo "Install one, or name one that is there: make $(or $(MAKECMDGOALS),demo) PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --require-hashes -r constraints.txt
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation -e .
	@touch $@

# Spark is 660 MB, so only the checks have it, and only where there is Java to run it on; else its tests are skipped.
$(SPARK): $(STAMP) constraints-spark.txt
	@if command -v java >/dev/null; then \
	  $(BIN)/python -m pip install --disable-pip-version-check --quiet --require-hashes -r constraints-spark.txt; \
	else \
	  echo "No Java, so no Spark: its tests will be skipped."; \
	fi
	@touch $@

demo: $(STAMP) ## Read the articles in seeds/, say what they hold, answer three questions, show contradictions, draw the page.
	@rm -rf $(DEMO) && mkdir -p $(DEMO)
	$(KG) ingest seeds --store $(DEMO)/kg.store
	$(KG) stats --store $(DEMO)/kg.store
	$(KG) query who-negotiates-for --store $(DEMO)/kg.store
	$(KG) query who-mediated --store $(DEMO)/kg.store
	$(KG) query what-is-planned --store $(DEMO)/kg.store
	$(KG) contradictions --store $(DEMO)/kg.store
	$(KG) view --store $(DEMO)/kg.store --out $(DEMO)/page.html

test: lint types imports tests ## Run every check: lint, types, import contract, tests, notebooks.

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)
	$(BIN)/mypy

imports: $(STAMP)
	$(BIN)/lint-imports

tests: $(STAMP) $(SPARK)
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder

soak: $(STAMP) $(SPARK) ## Read some 6,000 files that attack, kill 200 runs and executors, damage 200 stores, fill 20 disks: an hour or two.
	$(BIN)/python -m pytest -q -s tests/soak.py tests/soak_faults.py tests/soak_spark.py

lexicon: $(STAMP) ## Check what an expert edits: words, names and questions, each by its own examples.
	$(BIN)/python -m pytest -q --no-header tests/test_lexicon.py tests/test_loader.py tests/test_names_data.py tests/test_questions.py

# npm works below build/, so that a checkout holds no packages. To pin newer ones: npm update there, take "funding" out of
# the lock file, since it holds addresses, and copy it back.
assets: ## Bundle the scripts of the web pages; without npm the pages take a plainer form.
	@if ! command -v npm >/dev/null; then \
	  echo "No npm, so no bundles: the web pages take their plainer form. Install Node.js 18 or later for the rest."; \
	else \
	  rm -rf build/assets && mkdir -p build/assets && cp -R kg/serve/assets/. build/assets && \
	  cd build/assets && npm ci --silent && npm run --silent build && \
	  rm -rf ../../$(BUILT) && mkdir -p ../../$(dir $(BUILT)) && mv built ../../$(BUILT) && ls -l ../../$(BUILT); \
	fi

pictures: $(STAMP) ## Take the README's pictures anew, of the articles in seeds/, into docs/ (needs chromium).
	$(BIN)/python -m tests.bench pictures

bench: $(STAMP) ## The performance book: speed and scores, by stage, beside others, as it grows, pages, queries: half an hour.
	$(BIN)/python -m tests.bench

calibration: $(STAMP) ## Measure on ../shared how sure each kind of claim is, into ontology/confidence.json.
	$(BIN)/python -m tests.bench calibrate

weights: $(STAMP) ## Train what proposes codes for open propositions on ../shared, and say how good it is.
	$(BIN)/python -m tests.bench.train_proposals

# One file for every Python and platform: uv resolves them all at once, markers say which pin is for which.
COMPILE = build/uv/bin/uv --no-config pip compile --upgrade --quiet --universal --python-version 3.11 --fork-strategy fewest \
  --generate-hashes --strip-extras --no-emit-index-url --no-emit-find-links --custom-compile-command "make constraints"

constraints: ## Pin the newest dependencies that pyproject.toml allows, with hashes.
	$(PYTHON) -m venv build/uv
	build/uv/bin/python -m pip install --disable-pip-version-check --quiet uv
	$(COMPILE) pyproject.toml --extra dev --extra pandas --output-file constraints.txt
	$(PYTHON) -c 'import tomllib; extras = tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]; \
	  print(*extras["spark"], sep="\n")' | $(COMPILE) - --constraint constraints.txt --output-file constraints-spark.txt

clean: ## Remove all that these targets made.
	rm -rf $(VENV) $(BUILT) build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find kg tests -name __pycache__ -type d -prune -exec rm -rf {} +
