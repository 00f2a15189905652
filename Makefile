# The two commands a newcomer needs: `make demo` and `make test`. Everything else is in scripts/.
.PHONY: demo test check lint docs setup
ARGS ?=

demo:
	@scripts/setup
	@exec .venv/bin/groundswell demo $(ARGS)

test:
	@scripts/test $(ARGS)

check:
	@scripts/check

lint:
	@scripts/lint

docs:
	@scripts/docs

setup:
	@scripts/setup dev
