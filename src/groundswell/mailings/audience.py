"""Who a mailing is for: everybody with their reason to be left out, or none."""

from collections.abc import Iterator

from groundswell.actions import queries as actions
from groundswell.basics.ids import ActionId, PersonRef
from groundswell.people import queries as people


def audience(*, petition_id: ActionId, language: str) -> Iterator[tuple[PersonRef, str]]:
    """Everybody who reads this language; withheld where they may not be mailed, or have done what the letter asks."""
    signed = actions.signers(petition_id)
    for person, why in people.standings(language=language):
        yield person, why or ("has signed already" if person in signed else "")


def counted(*, petition_id: ActionId, language: str) -> dict[str, int]:
    """How many would be mailed (`eligible`) and how many left out, by reason."""
    counts: dict[str, int] = {"eligible": 0}
    for _, why in audience(petition_id=petition_id, language=language):
        counts[why or "eligible"] = counts.get(why or "eligible", 0) + 1
    return counts
