"""Deciding about doubtful signatures: found by what they have in common, previewed, made invalid or counted, and undone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import Count, Max

from groundswell.actions import answers
from groundswell.actions.models import Holding, Origin, Petition, Signature
from groundswell.basics.ids import ActionId
from groundswell.basics.result import Refused
from groundswell.people.keys import domain_mark
from groundswell.staff.operations import note

KEEP_NETWORKS = timedelta(days=14)
"""How long network hashes are kept: long enough to clean up after an attack."""


@dataclass(frozen=True, slots=True)
class Group:
    """Signatures with one thing in common."""

    petition: str
    what: str
    """`reason:…` (held ones), `network:…` (of one day, as a keyed hash) or `domain:…` (of their addresses, likewise)."""
    count: int
    name: str = ""
    """What a domain is called, where it is one that many people use."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What staff decided about a group, and the number by which it is undone."""

    batch: UUID
    petition: str
    what: str
    count: int
    at: datetime


def held_groups() -> list[Group]:
    """Held signatures by petition and reason, the largest first."""
    slugs = dict(Petition.objects.values_list("pk", "slug"))
    rows = Holding.objects.filter(decision="").values_list("petition_id", "reason").annotate(count=Count("pk")).order_by("-count")
    return [Group(slugs.get(petition, "?"), f"reason:{reason}", count) for petition, reason, count in rows]


def trending_networks(*, since: datetime, least: int = 20, most: int = 50) -> list[Group]:
    """Networks that brought the most signatures since then."""
    slugs = dict(Petition.objects.values_list("pk", "slug"))
    rows = (
        Origin.objects.filter(at__gte=since, network__isnull=False).values_list("petition_id", "network")
        .annotate(count=Count("pk")).filter(count__gte=least).order_by("-count")[:most]
    )  # fmt: skip
    return [Group(slugs.get(petition, "?"), f"network:{bytes(network).hex()}", count) for petition, network, count in rows]


def trending_domains(*, since: datetime, names: Iterable[str], least: int = 20, most: int = 50) -> list[Group]:
    """Domains of addresses that brought the most signatures since then; those among `names` are called by their name."""
    slugs, known = dict(Petition.objects.values_list("pk", "slug")), {domain_mark(name): name for name in names}
    rows = (
        Origin.objects.filter(at__gte=since, domain__isnull=False).values_list("petition_id", "domain")
        .annotate(count=Count("pk")).filter(count__gte=least).order_by("-count")[:most]
    )  # fmt: skip
    return [
        Group(slugs.get(petition, "?"), f"domain:{bytes(domain).hex()}", count, known.get(bytes(domain), ""))
        for petition, domain, count in rows
    ]


def decisions(*, most: int = 20) -> list[Decision]:
    """What was decided, the latest first."""
    slugs = dict(Petition.objects.values_list("pk", "slug"))
    rows = (
        Holding.objects.exclude(batch=None).values_list("batch", "petition_id", "decided_at")
        .annotate(count=Count("pk"), what=Max("decision")).order_by("-decided_at")[:most]
    )  # fmt: skip
    return [
        Decision(batch, slugs.get(petition, "?"), "counted" if what == "counted" else "made invalid", count, at)
        for batch, petition, at, count, what in rows
    ]


def uncounted() -> set[ActionId]:
    """Petitions in which staff decided something since they were counted last."""
    return {ActionId(pk) for pk in Petition.objects.filter(counted_at=None).values_list("pk", flat=True)}


def preview(*, petition: str, what: str) -> dict[str, int]:
    """State → how many signatures a decision about this group would concern."""
    rows = Signature.objects.filter(pk__in=_found(petition, what)).values_list("state").annotate(count=Count("id"))
    return dict(rows)


def decide(*, petition: str, what: str, count_them: bool, why: str, staff_id: int | None, now: datetime) -> UUID:
    """Count a group's held signatures, or make a group invalid; returns the number by which it can be undone."""
    if not why.strip():
        raise Refused.because("reason-missing", "Deciding about signatures needs a reason.", "Say why.")
    batch, wanted = uuid4(), ["held"] if count_them else ["held", "confirmed"]
    with transaction.atomic():
        found = dict(Signature.objects.select_for_update().filter(pk__in=_found(petition, what), state__in=wanted).values_list(
            "pk", "state"))  # fmt: skip
        action = _petition(petition)
        Holding.objects.bulk_create(
            [Holding(signature_id=pk, petition_id=action, reason=why[:80], at=now) for pk in found], ignore_conflicts=True
        )
        for before in set(found.values()):
            pks = [pk for pk, state in found.items() if state == before]
            Holding.objects.filter(pk__in=pks).update(
                batch=batch, decided_at=now, decision="counted" if count_them else f"no: {before}"[:12]
            )
        Signature.objects.filter(pk__in=found).update(state="confirmed" if count_them else "invalid")
        if count_them:
            answers.let_in(signatures=found, now=now)
        Petition.objects.filter(pk=action).update(counted_at=None)
        act = "count held signatures" if count_them else "invalidate signatures"
        note(actor_id=staff_id, act=act, about=f"{petition}, {what}: {len(found)} (undo {batch})", why=why, now=now)
    return batch


def undo(*, batch: UUID, staff_id: int | None, now: datetime) -> int:
    """Put every signature of a decision back into the state it had; returns how many."""
    undone = 0
    with transaction.atomic():
        for decision in Holding.objects.filter(batch=batch).values_list("decision", flat=True).distinct().order_by():
            pks = list(Holding.objects.filter(batch=batch, decision=decision).values_list("pk", flat=True))
            before = "held" if decision == "counted" else decision.removeprefix("no: ")
            undone += Signature.objects.filter(pk__in=pks, state__in=["confirmed", "invalid"]).update(
                state="confirmed" if before.startswith("conf") else "held"
            )
        petitions = list(Holding.objects.filter(batch=batch).values_list("petition_id", flat=True).distinct())
        Petition.objects.filter(pk__in=petitions).update(counted_at=None)
        Holding.objects.filter(batch=batch).update(decision="", decided_at=None, batch=None)
        with connection.cursor() as cursor:
            # What counts again is no longer held.
            cursor.execute(
                "DELETE FROM actions_holding h USING actions_signature s WHERE s.id = h.signature_id AND s.state = 'confirmed'"
                " AND h.decision = ''"
            )
        note(actor_id=staff_id, act="undo a decision", about=f"{batch}: {undone} signatures", why="undone", now=now)
    return undone


def forget_networks(*, now: datetime) -> int:
    """Let the hashes of networks and domains go that are older than they are of use. Returns how many."""
    old = Origin.objects.filter(at__lt=now - KEEP_NETWORKS).exclude(network=None, domain=None)
    return old.update(network=None, domain=None)


def _petition(slug: str) -> ActionId:
    return ActionId(Petition.objects.values_list("pk", flat=True).get(slug=slug))


def _found(petition: str, what: str) -> Sequence[UUID]:
    action, (kind, _, value) = _petition(petition), what.partition(":")
    if kind in ("network", "domain"):
        try:
            mark = bytes.fromhex(value)
        except ValueError:
            return []
        return list(Origin.objects.filter(petition_id=action, **{kind: mark}).values_list("pk", flat=True))
    return list(Holding.objects.filter(petition_id=action, reason=value, decision="").values_list("pk", flat=True))
