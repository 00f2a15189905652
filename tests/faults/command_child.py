"""A `groundswell` command again and again, each time in a process of its own that can be killed.

`python -m tests.faults.command_child OUT` reads a command a line (its words in JSON), and says the number of the process that
it forked for it, then how that ended. Django is loaded once, before: loading it takes longer than what is to be killed.
"""

import json
import os
import sys
from pathlib import Path


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "groundswell.site.django")
    import django

    django.setup()
    from groundswell.cli import commands  # noqa: F401 (loaded before the fork)

    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            os._exit(carried_out(json.loads(line), Path(sys.argv[1])))
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def carried_out(words: list[str], out: Path) -> int:
    from groundswell.cli import main as groundswell

    with out.open("w") as sys.stdout:
        return groundswell(words)


if __name__ == "__main__":
    main()
