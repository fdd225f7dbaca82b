# Each command sets up what it needs; a second run sets nothing up again.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
SOURCES := pressclip spiders pipelines storage tests bench
DATA ?= ../shared/quality/dev
FEEDS ?= ../shared/feeds
MINUTES ?= 1
SECONDS ?= 60
SITES ?= http://127.77.0.1:8900/__sites.json

.PHONY: help setup demo test check fix golden smoke lock bench-quality bench-search bench-feeds bench-stories bench-kill bench-faults bench-archives bench-week bench-hosts bench-speed bench-cleaning bench-idle bench-start bench-growth bench-load bench-siege bench-report fuzz audit

help: ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 16

setup: $(READY) ## make .venv with all that is locked in requirements-dev.lock

$(READY): requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "pressclip needs Python 3.11 or newer; set PYTHON=/path/to/python3.11" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: setup ## crawl a small news site on loopback, twice, into demo.db
	$(BIN)/pressclip demo

test: setup ## all tests
	$(BIN)/pytest

check: setup ## lint, types, import direction, generated documentation
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/cog --check README.md docs/*.md
	$(BIN)/python bench/audit.py

audit: setup ## known vulnerabilities of what is locked; says so where nobody can be asked
	$(BIN)/python bench/audit.py

fix: setup ## format, mend what can be mended, write the generated documentation
	$(BIN)/ruff check --fix $(SOURCES)
	$(BIN)/ruff format $(SOURCES)
	$(BIN)/cog -r README.md docs/*.md

golden: setup ## write what the golden pages come out as now; read the diff
	$(BIN)/python bench/golden.py

smoke: setup ## build the wheel, install it alone, use it from another folder
	.ci/smoke

bench-quality: setup ## extraction quality beside plain trafilatura's: make bench-quality DATA=folder
	$(BIN)/python bench/quality.py $(DATA) --floor bench/pins.json

bench-feeds: setup ## read every feed below a folder: make bench-feeds FEEDS=folder
	$(BIN)/python bench/feeds.py $(FEEDS)

bench-search: setup ## how fast 100,000 and 1,000,000 articles are searched: make bench-search DATA=folder FEEDS=folder
	$(BIN)/python bench/search.py --data $(DATA) --feeds $(FEEDS)

bench-stories: setup ## copies told from look-alikes, and the cost of it: make bench-stories DATA=folder
	$(BIN)/python bench/stories.py --data $(DATA)

bench-week: setup ## a week of cron in minutes, every promise of polite polling held against the server's log
	$(BIN)/python bench/week.py

bench-hosts: setup ## a crawl of 250 slow hosts beside its slowest one
	$(BIN)/python bench/hosts.py

bench-speed: setup ## from feeds to committed rows beside plain trafilatura and a script: make bench-speed DATA=folder
	$(BIN)/python bench/speed.py $(DATA)
	$(BIN)/python bench/quality.py $(DATA) --floor bench/pins.json

bench-cleaning: setup ## CPU of cleaning a page beside plain trafilatura's: make bench-cleaning DATA=folder
	$(BIN)/python bench/cleaning.py $(DATA)

bench-idle: setup ## a thousand feeds with nothing new, and a run in which nothing is due
	$(BIN)/python bench/idle.py

bench-start: setup ## commands from a cold start, on a million articles
	$(BIN)/python bench/start.py --data $(DATA)

bench-growth: setup ## the same work on stores of ten thousand, a hundred thousand and a million articles: make bench-growth DATA=folder
	$(BIN)/python bench/growth.py $(DATA)

bench-load: setup ## a thousand sources, a third of them slow, broken or hostile, crawled again and again: make bench-load MINUTES=30
	$(BIN)/python bench/load.py --minutes $(MINUTES)

bench-siege: setup ## kill -9 a crawl of sixty hosts, half of them hostile, a hundred times: make bench-siege MINUTES=15
	$(BIN)/python bench/siege.py --minutes $(MINUTES)

fuzz: setup ## attack every parser with mutated input: make fuzz SECONDS=600
	$(BIN)/python bench/fuzz.py --seconds $(SECONDS)

bench-report: setup ## docs/performance.md and its picture, from what the benches found
	$(BIN)/python bench/report.py

bench-kill: setup ## kill a crawl again and again: make bench-kill SITES=address of a list of sites on loopback
	$(BIN)/python bench/kill.py $(SITES)

bench-archives: setup ## import 10,000 records beside plain trafilatura: make bench-archives DATA=folder
	$(BIN)/python bench/archives.py $(DATA)

bench-faults: setup ## failing writes, kills, damaged files, programs at once: make bench-faults MINUTES=10
	$(BIN)/python bench/faults.py --minutes $(MINUTES)

lock: ## write both lock files from pyproject.toml (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--no-annotate pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--no-annotate --extra dev pyproject.toml -o requirements-dev.lock
