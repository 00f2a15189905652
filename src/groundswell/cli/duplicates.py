"""People who are in the list twice: suggested here, decided by a person, and taken back. `groundswell people …`."""

from typing import Annotated

import typer

from groundswell.basics.ids import PersonRef
from groundswell.cli import ready
from groundswell.cli.app import Json, now, people_app, say
from groundswell.cli.progress import console

Why = Annotated[str, typer.Option(help="How you know: it goes into the ledger.")]


@people_app.command("duplicates")
def people_duplicates(
    apart: Annotated[int | None, typer.Option(help="A pair's number: these are two people, don't suggest them again.")] = None,
    json_: Json = False,
) -> None:
    """Suggest pairs that may be one person (a slip in the domain; same telephone; same name and area). The office shows names."""
    with ready.database():
        from groundswell.people import operations, pairs

        if apart is not None:
            say({"kept apart": operations.keep_apart(pair_id=apart, staff_id=None, now=now())}, json_)
            return
        fresh = operations.find_pairs(now=now())
        found = pairs.open_pairs(most=1000)
    facts: dict[str, object] = {}
    for each in found:
        one, other = each.first, each.second
        facts[f"pair {each.id}"] = f"{one.person} and {other.person}: {each.why}; {one.standing}; {other.standing}"
    say({"new": fresh, "open": len(found), **facts}, json_)
    if found and not json_:
        console.print("Look at both in the office, then: groundswell people merge KEPT GONE --why …", highlight=False)


@people_app.command("merge")
def people_merge(
    kept: Annotated[int, typer.Argument(help="The number of the person who stays.")],
    gone: Annotated[int, typer.Argument(help="The number of the one who is the same person.")],
    why: Why,
    json_: Json = False,
) -> None:
    """Make two rows one person. Signatures, letters, consents, notes and tags follow; consent never rises; it can be undone."""
    with ready.database():
        from groundswell.people import operations, queries

        number = operations.merge(kept=PersonRef(kept), gone=PersonRef(gone), staff_id=None, why=why, now=now())
        mailed = queries.may_mail(PersonRef(kept))
    say({"merge": number, "kept": kept, "may be written to": mailed}, json_)


@people_app.command("merges")
def people_merges(json_: Json = False) -> None:
    """What was merged, the newest first."""
    with ready.database():
        from groundswell.people import pairs

        facts: dict[str, object] = {
            str(each.id): f"{each.gone} into {each.kept}, {each.at:%Y-%m-%d}{', undone' if each.undone_at else ''}"
            for each in pairs.merges(most=1000)
        }
    say(facts, json_)


@people_app.command("undo-merge")
def people_undo_merge(merge: int, why: Why, json_: Json = False) -> None:
    """Make them two again, each with what was theirs; what came since stays with the one who was kept."""
    with ready.database():
        from groundswell.people import operations

        operations.undo_merge(merge_id=merge, staff_id=None, why=why, now=now())
    say({"undone": merge}, json_)
