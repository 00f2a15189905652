"""`groundswell bench door`: the public door against a plain view and against the database itself, in one run."""

from groundswell.cli.bench_door.run import door

__all__ = ["door"]
