"""The command `groundswell`. Exit codes: 0 done, 1 something is wrong with the installation or a check failed, 2 refused."""

import sys

from groundswell.basics.result import Refused
from groundswell.site.interrupts import insistent_interrupts


def main(arguments: list[str] | None = None) -> int:
    """Run one command; every refusal is one clear line on standard error, never a traceback."""
    try:
        with insistent_interrupts():
            from groundswell.cli.commands import app

            result = app(args=arguments, standalone_mode=False)
    except Refused as refused:
        for problem in refused.problems:
            sys.stderr.write(f"groundswell: {problem}\n")
        return 2
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # click's own: usage errors and aborts
        import click

        if isinstance(error, click.ClickException):
            error.show()
            return 2
        if isinstance(error, click.exceptions.Abort):
            return 130
        if type(error).__module__.startswith("typer"):
            sys.stderr.write(f"groundswell: {getattr(error, 'message', error)}\n")
            return 2
        raise
    return result if isinstance(result, int) else 0
