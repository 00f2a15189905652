"""What a posted form agrees to, read from its entry: ours, a partner's, at once or once the signature counts. Pure."""

from collections.abc import Mapping
from typing import Any

from groundswell.people.operations import NOBODY_YET, Said


def said(content: Mapping[str, Any]) -> list[Said]:
    """The answer to "may we write to you?" that is written down with its person: a no always, a yes unless it waits."""
    given = content["fields"].get("consent")
    if given not in ("yes", "no") or (given == "yes" and _waits(content)):
        return []
    return [
        Said(
            NOBODY_YET, given == "yes", str(content["organisation"]), str(content["wording"]), str(content["version"]),
            _language(content), _source(content),
        )
    ]  # fmt: skip


def to_partners(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The yes to a partner that is written down now."""
    return [] if _waits(content) else _partner(content)


def waiting(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every yes that waits with its signature, as `actions.answers` keeps it.

    Held *and* to be confirmed: nobody confirmed, so a yes is never let in with it.
    """
    return [] if content.get("held") and content.get("confirm") else later(content)


def later(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every yes of a form that counts only once somebody confirmed it, for who had signed before (`actions.later`)."""
    if "fields" not in content or not _waits(content):
        return []
    ours = {"organisation": str(content["organisation"]), "wording": str(content["wording"]), **_common(content)}
    return [*([ours] if content["fields"].get("consent") == "yes" else []), *_partner(content)]


def _waits(content: Mapping[str, Any]) -> bool:
    return bool(content.get("confirm") or content.get("held"))


def _partner(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    partner = content.get("partner")
    if not partner:
        return []
    told = {"organisation": str(partner["organisation"]), "wording": str(partner["wording"])}
    return [{**told, "partner": True, **_common(content)}]


def _common(content: Mapping[str, Any]) -> dict[str, str]:
    return {"version": str(content["version"]), "language": _language(content), "source": _source(content)}


def _language(content: Mapping[str, Any]) -> str:
    return str(content.get("language") or "en")


def _source(content: Mapping[str, Any]) -> str:
    return f"petition {content['action']}"
