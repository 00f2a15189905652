"""The manifest: every file of a hand-over with its size and hash, and the numbers, for the target to check with any tool."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from groundswell.deliveries.writing.files import Written, finished, private
from groundswell.deliveries.writing.lines import Counts
from groundswell.deliveries.writing.table import Table


def write(
    folder: Path, *, title: str, target: str, organisation: str, at: datetime, texts: Mapping[int, tuple[str, str]],
    counts: Counts, table: Table, files: Sequence[Written],
) -> Written:  # fmt: skip
    """`manifest.json`, written last: it names the others and is itself kept by its hash."""
    content = {
        "petition": title,
        "to": target,
        "from": organisation,
        "as_of": at.isoformat(),
        "signatures": table.total,
        "list_sha256": table.list_sha256,
        "texts": [
            {
                "number": number, "title": texts[number][0], "signatures": count,
                "sha256": hashlib.sha256(texts[number][1].encode()).hexdigest(),
            }
            for number, count in counts.per_version.items()
        ],
        "places": {place or "elsewhere": number for place, number in counts.per_place.items()},
        "parts": [
            {"part": part.number, "first": part.first, "last": part.last, "list_sha256": part.sha256} for part in table.parts
        ],
        "files": [{"name": file.name, "bytes": file.size, "sha256": file.sha256} for file in files],
    }  # fmt: skip
    path = folder / "manifest.json"
    with private(path) as out:
        out.write(json.dumps(content, ensure_ascii=False, indent=1).encode() + b"\n")
    return finished(path, "manifest", total=table.total, per_version=table.per_version)
