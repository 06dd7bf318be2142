# make setup | test | lint | demo | bench | schema | golden | gallery | catalogues | readers | engines | clean
# Only `make setup` (and the first run of the others, which set up), `make readers` and `make engines` use the network.

PYTHONS = python3.13 python3.12 python3.11 python3
PYTHON =
PIP = .venv/bin/python -m pip -q --disable-pip-version-check

.PHONY: setup test lint demo bench schema golden gallery catalogues readers engines clean

setup: .venv/.ready

.venv/.ready: pyproject.toml
	@set -e; \
	if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then \
		python=$$(sh .ci/find_python.sh $(or $(PYTHON),$(PYTHONS))); \
		echo "Setting up .venv with $$python"; \
		"$$python" -m venv --clear .venv; \
	fi
	@$(PIP) install -e '.[dev]'
	@.venv/bin/python -m compileall -q src
	@touch $@

test: setup
	@.venv/bin/python -m pytest -q

lint: setup
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy --strict src

demo: setup
	.venv/bin/regimen demo -o out/

bench: setup
	.venv/bin/python benchmarks/run.py
	.venv/bin/python benchmarks/cohort.py
	.venv/bin/python benchmarks/forecast.py
	.venv/bin/python benchmarks/engines.py

schema: setup
	@mkdir -p schemas
	.venv/bin/regimen schema -o schemas/regimen-1.schema.json

golden: setup
	.venv/bin/python -m tests.golden.trials
	.venv/bin/python -m tests.golden.schedules

gallery: setup
	.venv/bin/python -m tests.golden.gallery

# The .po files of the languages, brought up to the sentences of the source; new ones are left empty to be filled in.
catalogues: setup
	.venv/bin/python -m tests.languages.updating

# Independent programs that read our calendar files in tests/readers, which are skipped without them.
readers: setup build/readers/.ready

build/readers/.ready: $(addprefix tests/readers/,install.sh requirements.txt package-lock.json programs/with_libical.c)
	@sh tests/readers/install.sh build/readers .venv/bin/python
	@touch $@

# Dask, and Spark with its Java, for the tests in tests/cohort/engines, which are skipped without them.
engines: setup build/engines/.ready

build/engines/.ready: .venv/.ready tests/cohort/engines/install.sh
	@sh tests/cohort/engines/install.sh build/engines .venv/bin/python
	@touch $@

clean:
	rm -rf .venv out dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find src tests .ci -name __pycache__ -type d -prune -exec rm -rf {} +
