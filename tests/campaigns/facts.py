"""A campaign with one promise, and entries to put into it."""

from datetime import datetime
from typing import Any

from groundswell.campaigns import operations

SOURCE = {"publisher": "Paper", "title": "They said so", "url": "https://paper.example/1", "dated": "2026-05-18"}
ENTRY: dict[str, Any] = {
    "key": "e1", "dated": "2026-05-18", "kind": "pledge", "actor": "Acme", "subject": "No more sales", "summary": "Acme said no more.",
    "certainty": "found", "sources": [SOURCE],
}  # fmt: skip
MAKES = {**ENTRY, "commitment": "no-more", "bearing": "makes", "scope": "all", "expires": "2027-01-31"}


def campaign(now: datetime) -> int:
    """Against Acme, with the promise `no-more`."""
    campaign_id = operations.open_campaign(slug="c", title="C", target_slug="acme", target_name="Acme", summary="", now=now)
    operations.commit(campaign_id=campaign_id, title="Acme, no more sales", slug="no-more", now=now)
    return campaign_id


def entry(**changes: Any) -> dict[str, Any]:
    """An entry with changes."""
    return {**ENTRY, **changes}
