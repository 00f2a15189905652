"""An import as a process of its own, to be killed: `python -m tests.faults.import_child DATA FILE`."""

import os
import sys
from pathlib import Path


def main() -> None:
    os.environ.update(GROUNDSWELL_DATA=sys.argv[1], GROUNDSWELL_MODE="development", DATABASE_URL=sys.argv[3])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "groundswell.site.django")
    import django

    django.setup()
    from datetime import UTC, datetime

    from groundswell.people.operations import import_list

    report = import_list(
        Path(sys.argv[2]), organisation="Us", wording="Write to me", source="the old system", now=datetime(2026, 1, 1, tzinfo=UTC)
    )
    print(report.rows, report.new, report.rejections, flush=True)


if __name__ == "__main__":
    main()
