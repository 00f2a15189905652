"""Sender profiles: who speaks, from where, and the footer that no letter leaves without. Checked before a letter needs them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.text import slugify

from groundswell.basics.addresses import parse
from groundswell.basics.result import Problem, Refused
from groundswell.engine.compile import compile_appeal
from groundswell.engine.message import Action
from groundswell.mailings.models import SenderProfile
from groundswell.mailings.operations import keep_sender, sender_of
from groundswell.staff.operations import note

FIELDS = {
    "name": ("Who speaks", "The person whose name stands under the letter."),
    "team": ("And who else", "The line below the name: “and the rest of the team”."),
    "organisation": ("Organisation", ""),
    "from_address": ("From-address", "In a domain of your own, with its DKIM key: groundswell dkim new DOMAIN."),
    "reply_to": ("Reply address", "Somebody reads it."),
    "postal_address": ("Postal address", "The law asks for it in every letter."),
    "why": ("Why people get it", "“You get this because you asked us to write.”"),
    "privacy_url": ("Address of the privacy page", ""),
    "website": ("Website", "Below the signature; may be empty."),
    "list_id": ("List id", "Empty: made of the from-address. Mail programs sort by it: keep it."),
    "feedback_id": ("Feedback id", "Empty: made of the organisation. Gmail counts complaints by it: keep it."),
}
"""What a profile holds: its name in words and what it is for."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A sender profile as a form shows it."""

    slug: str
    facts: Mapping[str, str]


def profiles() -> list[Profile]:
    """Every one, in the order in which they were made; the first speaks in thank-you letters."""
    return [Profile(row.slug, {name: getattr(row, name) for name in FIELDS}) for row in SenderProfile.objects.order_by("pk")]


def keep_profile(*, slug: str, facts: Mapping[str, str], staff_id: int | None, now: datetime) -> str:
    """A profile, made or changed; returns its short name. Drafts follow, letters that were sent keep the one they had.

    `Refused` with everything that would stop a letter of it. Goes into the ledger.
    """
    given = {name: facts.get(name, "").strip() for name in FIELDS}
    domain = given["from_address"].rpartition("@")[2].lower()
    given["list_id"] = given["list_id"] or (f"list.{domain}" if domain else "")
    given["feedback_id"] = given["feedback_id"] or (re.sub(r"[^a-z0-9]", "", slugify(given["organisation"]))[:15]).ljust(5, "x")
    slug = slugify(slug or given["name"])[:50]
    problems = [
        Problem("sender-incomplete", f"“{FIELDS[name][0]}” is empty.", "Fill it in.")
        for name in FIELDS
        if not given[name] and name not in ("website", "team")
    ]
    for name in ("from_address", "reply_to"):
        if given[name] and isinstance(parse(given[name]), Problem):
            problems.append(Problem("sender-address", f"“{FIELDS[name][0]}” is no mail address.", "Look at it again."))
    if given["privacy_url"] and not re.match(r"https?://[^\s/]+", given["privacy_url"]):
        problems.append(Problem("sender-privacy", "The privacy page has no web address.", "It begins with https://"))
    if not re.fullmatch(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", given["list_id"]):
        problems.append(Problem("sender-list", "A list id looks like a domain.", "Write it like list.example.org."))
    if not slug:
        problems.append(Problem("sender-name", "The profile has no short name.", "Use letters, digits and hyphens."))
    for name, text in given.items():
        most = getattr(SenderProfile._meta.get_field(name), "max_length", None)
        if most and len(text) > most:
            problems.append(Problem("sender-long", f"“{FIELDS[name][0]}” is over {most} characters.", "Shorten it."))
    if not problems:
        said = compile_appeal(
            "---\nsubject: S\n---\n::: ask\nx\n:::\n", sender=sender_of(SenderProfile(**given)), sources={}, action=Action(1, "/")
        )
        problems += [problem for problem in said.problems if problem.code.startswith(("sender", "footer"))]
    if problems:
        raise Refused(*problems)
    keep_sender(slug=slug, **given)
    note(actor_id=staff_id, act="sender profile kept", about=slug, why="asked for", now=now)
    return slug
