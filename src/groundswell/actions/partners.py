"""Partners who ask with us: invited, counted, and given only the people who said yes to them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction
from django.utils.text import slugify

from groundswell.actions.models import Partner, Petition, TextVersion
from groundswell.basics.ids import ActionId, PersonRef
from groundswell.basics.result import Refused
from groundswell.people.exporting import export
from groundswell.staff.operations import note

_SOURCE = "partner-"
EXPORTED = ("email", "given_name", "family_name", "language", "country", "postcode_area")
"""What a partner gets of those who said yes to it: what they typed into the form, and nothing we know besides."""


@dataclass(frozen=True, slots=True)
class PartnerView:
    """A partner of one petition. Whoever comes by its `source` is asked its own question, never ticked for them."""

    slug: str
    organisation: str
    wording: str
    privacy_url: str
    wordings: Mapping[str, str] = field(default_factory=dict)
    """Language → the question in it, beside the petition's own language."""

    def asked_in(self, language: str) -> str:
        """The question as a page in this language asks it."""
        return self.wordings.get(language) or self.wording

    @property
    def source(self) -> str:
        """The source code of its links and its frame."""
        return f"{_SOURCE}{self.slug}"


@dataclass(frozen=True, slots=True)
class PartnerCount:
    """What came by a partner."""

    partner: PartnerView
    signed: int
    agreed: int
    """Signers who said yes to the partner."""
    ended: bool


def invite(
    *, petition_id: ActionId, slug: str, organisation: str, wording: str, privacy_url: str, now: datetime,
    wordings: Mapping[str, str] | None = None, staff_id: int | None = None,
) -> PartnerView:  # fmt: skip
    """A partner asks with us from now on; the same slug again changes its words, and those who agreed keep what they read.

    `slug` is its short name for links, from letters and digits; `wordings` are its question in the petition's other languages.
    """
    organisation, wording, slug = organisation.strip(), wording.strip(), slugify(slug)[:60]
    told = {language: words.strip() for language, words in (wordings or {}).items() if words.strip()}
    if not slug:
        raise Refused.because("partner-name", "A partner's short name needs letters or digits.", "For example rights-watch.")
    if not organisation or not wording:
        raise Refused.because("partner-words", "A partner needs its name and the words people agree to.", "Name both.")
    if not privacy_url.startswith(("https://", "http://")):
        raise Refused.because("partner-privacy", "People must be able to read what a partner does with their address.",
                              "Name the address of its privacy page, beginning with https://.")  # fmt: skip
    if foreign := sorted(set(told) - set(languages(petition_id)[1:])):
        raise Refused.because("partner-language", f"The petition has no page in “{foreign[0]}” beside its own.",
                              f"Its other languages: {', '.join(languages(petition_id)[1:]) or 'none'}.")  # fmt: skip
    facts = {"organisation": organisation[:120], "wording": wording, "wordings": told, "privacy_url": privacy_url[:200],
             "ended_at": None}  # fmt: skip
    with transaction.atomic():
        row, first = Partner.objects.update_or_create(
            petition_id=petition_id, slug=slug, defaults=facts, create_defaults={**facts, "since": now}
        )
        Petition.objects.filter(pk=petition_id).update(counted_at=None)
        act = "invite a partner" if first else "change a partner's question"
        note(actor_id=staff_id, act=act, about=f"{_slug(petition_id)}, {slug}", why=row.organisation, now=now)
    return _view(row)


def end(*, petition_id: ActionId, slug: str, now: datetime, staff_id: int | None = None) -> bool:
    """The partner's question is asked no more; what people agreed to stays in the ledger."""
    with transaction.atomic():
        ended = Partner.objects.filter(petition_id=petition_id, slug=slug, ended_at=None).update(ended_at=now)
        if ended:
            Petition.objects.filter(pk=petition_id).update(counted_at=None)
            note(actor_id=staff_id, act="end a partner", about=f"{_slug(petition_id)}, {slug}", why="asked no more", now=now)
    return bool(ended)


def hand_list(*, petition_id: ActionId, slug: str, path: Path, why: str, staff_id: int | None, now: datetime) -> int:
    """Write a partner's list (mode 600): signers who came by it and said yes to it, in `EXPORTED`. Returns how many.

    The ledger names the occasion and the partner; `Refused` without a reason, and where there is no such partner.
    """
    row = Partner.objects.filter(petition_id=petition_id, slug=slug).first()
    if row is None:
        raise Refused.because(
            "partner-unknown", f"{_slug(petition_id)} has no partner {slug}.", "See `groundswell petition partners`."
        )
    why = f"{why.strip()} (for {row.organisation})" if why.strip() else ""
    return export(persons=agreed(petition_id, _view(row)), columns=EXPORTED, path=path, staff_id=staff_id, why=why, now=now)


def languages(petition_id: ActionId) -> list[str]:
    """The petition's own language, then those that it was translated into."""
    own = Petition.objects.values_list("language", flat=True).get(pk=petition_id)
    others = TextVersion.objects.filter(petition_id=petition_id).exclude(language="").order_by("language")
    return [own, *others.values_list("language", flat=True).distinct()]


def partners(petition_id: ActionId) -> list[PartnerView]:
    """Those who ask with us now, by slug."""
    rows = Partner.objects.filter(petition_id=petition_id, ended_at=None).order_by("slug")
    return [_view(row) for row in rows]


def counts(petition_id: ActionId) -> list[PartnerCount]:
    """Every partner, also those that ended, with what came by it."""
    rows = Partner.objects.filter(petition_id=petition_id).order_by("slug")
    found = []
    for row in rows:
        view = _view(row)
        signed = len(_came_by(petition_id, view))
        found.append(PartnerCount(view, signed, sum(1 for _ in agreed(petition_id, view)), row.ended_at is not None))
    return found


def agreed(petition_id: ActionId, partner: PartnerView) -> Iterator[PersonRef]:
    """Signers who came by this partner and whose last word to it is yes, in the order of their numbers."""
    came = _came_by(petition_id, partner)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id FROM (SELECT DISTINCT ON (c.person_id) c.person_id, c.given FROM people_consent c"
            " JOIN people_terms t ON t.id = c.terms_id WHERE t.organisation = %s AND t.purpose = 'partner'"
            " AND c.person_id = ANY(%s) ORDER BY c.person_id, c.at DESC, c.id DESC) last WHERE given ORDER BY person_id",
            [partner.organisation, came],
        )
        for (person,) in cursor.fetchall():
            yield PersonRef(person)


def _came_by(petition_id: ActionId, partner: PartnerView) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id FROM actions_signature WHERE petition_id = %s AND source = %s AND state = 'confirmed'",
            [petition_id, partner.source],
        )
        return [row[0] for row in cursor.fetchall()]


def _view(row: Partner) -> PartnerView:
    return PartnerView(row.slug, row.organisation, row.wording, row.privacy_url, row.wordings)


def _slug(petition_id: ActionId) -> str:
    return Petition.objects.values_list("slug", flat=True).get(pk=petition_id)
