"""Keys: which there are, what needs them, and changing them."""

from typing import Annotated, Literal

import typer

from groundswell.cli import ready
from groundswell.cli.app import Json, app, now, say
from groundswell.cli.progress import bar, console

keys_app = typer.Typer(no_args_is_help=True, help="Keys: list, rotate.")
app.add_typer(keys_app, name="keys")


@keys_app.command("list")
def keys_list(json_: Json = False) -> None:
    """Every key of the vault and of its index, and how many rows need it."""
    with ready.database():
        from groundswell.people.operations.needing import in_words, needed

        facts: dict[str, object] = {
            f"{ring} key {key_id}": in_words(rows) or "nothing"
            for ring in ("vault", "index")
            for key_id, rows in needed(ring).items()
        }
    say(facts, json_)


@keys_app.command("rotate")
def keys_rotate(
    ring: Annotated[str, typer.Argument(help="`vault` (what seals contact details) or `index` (what finds them).")],
    why: Annotated[str, typer.Option(help="The occasion: it goes into the ledger.")] = "rotation",
    json_: Json = False,
) -> int:
    """Give a ring a new key and bring every row to it, while everything runs. Cut short, it goes on when asked again.

    Back the key folder up afterwards: what is sealed from now on opens with the new key only.
    """
    from groundswell.basics.result import Refused

    if ring not in ("vault", "index"):
        raise Refused.because("key-ring", f"The ring “{ring}” can't be rotated here.", "vault or index.")
    with ready.database() as settings, bar() as progress:
        from groundswell.actions import resealing
        from groundswell.people.operations.rotating import rotate

        task = progress.add_task("people", total=None)
        chosen: Literal["vault", "index"] = "vault" if ring == "vault" else "index"
        done = rotate(
            ring=chosen, staff_id=None, why=why, now=now(), elsewhere=resealing, seen=lambda count: progress.advance(task, count)
        )
    for key_id, rows in done.because.items():
        console.print(f"Key {key_id} stays: rows need it that could not be brought to the new one ({rows}).", highlight=False)
    console.print(f"Back up {settings.key_folder.folder} now: only the new key opens what is sealed from here on.", highlight=False)
    say({"ring": ring, "current": done.current, "people": done.people, "retired": list(done.retired), "kept": done.kept}, json_)
    return 0
