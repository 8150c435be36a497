# Two commands: `make run` starts Lyceum on this machine, `make test` checks everything.

BIN := .venv/bin
PYTEST := $(BIN)/pytest

# Every process that a test starts reads all modules: compiled once is enough.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test checks pages test-long clean

run:
	@bin/prepare
	@exec $(BIN)/python -m lms_app run

test:
	@bin/prepare tests
	@bin/browser >/dev/null
	@$(MAKE) --no-print-directory --jobs 2 --output-sync checks pages
	@rm -f .coverage .coverage.*
	$(PYTEST) --cov --cov-report= --numprocesses 2 --dist loadfile --no-loadscope-reorder tests --ignore tests/run --ignore tests/e2e
	$(PYTEST) --numprocesses 2 --dist loadfile tests/run tests/e2e
	$(BIN)/coverage report --include 'lms_app/domain/*' --fail-under 80 --skip-covered
	$(BIN)/coverage report --fail-under 60 --skip-covered

checks:
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/pyright
	$(BIN)/lint-imports

pages:
	$(BIN)/python -m lms_app build

# The same with fresh random seeds, long fuzzing, and the tests that take minutes each.
test-long: export LYCEUM_LONG = 1
test-long: test

bench-%:
	@bin/prepare tests
	@$(BIN)/python -m bench.$*

# What can be made again. Not the data: that is in var/.
clean:
	rm -rf .web var/pages .pytest_cache .ruff_cache .hypothesis .coverage* htmlcov .import_linter_cache
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
