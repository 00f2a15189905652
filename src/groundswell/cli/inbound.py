"""What comes back by mail."""

import json
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from groundswell.basics.result import Refused
from groundswell.cli.app import Json, inbound_app

if TYPE_CHECKING:
    from groundswell.basics.tokens import TokenKeys

_Files = Annotated[list[Path], typer.Argument(help="Mails, one a file; folders of them (a maildir too); - for standard input.")]


@inbound_app.command("read")
def inbound_read(files: _Files, json_: Json = False) -> int:
    """Read mails that came back and say what each means. Changes nothing, needs no installation, never stops at a bad file."""
    keys = _keys()
    for file in _each(files):
        facts = _facts(file, keys)
        if json_ and "why" in facts:  # each line is one form of object; what is wrong with a file is told beside
            sys.stderr.write(f"{file}: {facts.pop('why')}\n".encode("utf-8", "backslashreplace").decode())
        line = json.dumps(facts, ensure_ascii=False) if json_ else _line(facts)
        # A file name that is no UTF-8 comes out as \udcXX, which JSON reads again; no locale can stop the output.
        sys.stdout.buffer.write(line.encode("utf-8", "backslashreplace") + b"\n")
    sys.stdout.flush()
    return 0


def _keys() -> "TokenKeys | None":
    """The token keys, where there is an installation: without them a mail still says what happened, only not to which row."""
    from groundswell.site.settings import load

    try:
        return load().key_folder.tokens
    except (Refused, OSError):
        return None


def _each(files: list[Path]) -> Iterator[Path]:
    for file in files:
        if file.is_dir() and str(file) != "-":
            for folder, names, found in os.walk(file):
                names.sort()
                yield from (Path(folder, name) for name in sorted(found) if not name.startswith("."))
        else:
            yield file


def _facts(file: Path, keys: "TokenKeys | None") -> dict[str, object]:
    from groundswell.letterbox import MOST_BYTES, Event, as_json, read

    try:
        return as_json(read(_start_of(file, MOST_BYTES), keys=keys), str(file))
    except OSError as error:
        return {**as_json(Event("none"), str(file)), "why": error.strerror or "cannot be read"}
    except Exception as error:  # noqa: BLE001 - six hundred mails must not wait for the one that found our mistake
        return {**as_json(Event("none"), str(file)), "why": f"a fault of ours: {type(error).__name__}"}


def _start_of(file: Path, most: int) -> bytes:
    """The part of a file that is looked at; a mail of a gigabyte costs no more than one of `most` bytes."""
    if str(file) == "-":
        return sys.stdin.buffer.read(most)
    if not stat.S_ISREG(file.stat().st_mode):
        raise OSError(0, "not a file")  # a pipe or a device would make the others wait
    with file.open("rb") as opened:
        return opened.read(most)


def _line(facts: dict[str, Any]) -> str:
    told = "; ".join(_person(each) for each in facts["recipients"]) or facts.get("why") or "names nobody"
    row = f" [row {facts['delivery']}]" if facts["delivery"] is not None else ""
    return f"{facts['kind']:<11} {facts['file']}{row}: {told}"


def _person(each: dict[str, Any]) -> str:
    what = "dead" if each["dead"] else each["group"].replace("_", " ")
    return f"{each['address']} ({what}: {each['why'][:80] or 'no reason given'})"
