"""Campaigns opened, targets named and related, demands written down and met, questions left open."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from groundswell.basics.result import Refused
from groundswell.campaigns import listeners
from groundswell.campaigns.models import Campaign, Demand, RecordEntry, Relation, Target, Unknown
from groundswell.campaigns.rules.words import CERTAINTIES, RELATIONS, TARGET_KINDS


def name_target(*, slug: str, name: str, kind: str = "company", role: str = "") -> int:
    """A target for any campaign; the same slug again is the same one, brought up to date where more is said."""
    if kind not in TARGET_KINDS:
        raise Refused.because("target-kind", f"“{kind}” is no kind of target.", f"Choose one of: {', '.join(TARGET_KINDS)}.")
    row, new = Target.objects.get_or_create(slug=slug, defaults={"name": name, "kind": kind, "role": role})
    if not new and role and role != row.role:
        Target.objects.filter(pk=row.pk).update(role=role)
    return row.pk


def relate(*, one: str, relation: str, other: str, publisher: str, title: str, url: str) -> None:
    """Write down that one target owns, supplies, hosts or buys from another, with the source. Twice is once."""
    if relation not in RELATIONS:
        raise Refused.because("relation-unknown", f"“{relation}” is no relation.", f"Choose one of: {', '.join(RELATIONS)}.")
    if not publisher.strip() or not url.strip():
        raise Refused.because("source-missing", "A relation needs its source.", "Name who published it, and its address.")
    if one == other:
        raise Refused.because("relation-self", "A target has no relation to itself.", "Choose another.")
    Relation.objects.get_or_create(
        one=Target.objects.get(slug=one), relation=relation, other=Target.objects.get(slug=other),
        defaults={"publisher": publisher, "source_title": title, "source_url": url},
    )  # fmt: skip


def open_campaign(
    *, slug: str, title: str, target_slug: str, target_name: str, summary: str, hide_copies: bool = False, now: datetime
) -> int:
    """A campaign against a target (made if new); the same slug again is the same campaign. Returns its id."""
    with transaction.atomic():
        target, _ = Target.objects.get_or_create(slug=target_slug, defaults={"name": target_name})
        campaign, _ = Campaign.objects.get_or_create(
            slug=slug,
            defaults={
                "title": title, "target": target, "summary": summary, "started_on": now.date(), "hide_copies": hide_copies,
            },
        )  # fmt: skip
    return campaign.pk


def show_copies(*, campaign_id: int, shown: bool) -> None:
    """Whether the public page shows what was read only in a copy."""
    with transaction.atomic():
        Campaign.objects.filter(pk=campaign_id).update(hide_copies=not shown)
        listeners.changed(campaign_id)


def demand(*, campaign_id: int, made_by: str, wording: str, dated: str) -> None:
    """Write down a demand; twice is once."""
    Demand.objects.get_or_create(campaign_id=campaign_id, made_by=made_by, wording=wording, defaults={"dated": dated})


def meet(*, demand_id: int, entry_key: str) -> None:
    """A demand is met, and this entry shows it."""
    entry = RecordEntry.objects.filter(key=entry_key).first()
    if entry is None:
        raise Refused.because("entry-unknown", f"The record has no entry “{entry_key}”.", "Enter what shows it first.")
    Demand.objects.filter(pk=demand_id).update(met=True, met_by=entry)
    listeners.changed(entry.campaign_id)


def wonder(*, campaign_id: int, question: str, finding: str, state: str, cites: Sequence[str] = (), now: datetime) -> None:
    """Write down what was looked for and not found, or what only one side says. Asked again, the finding is renewed."""
    if state not in CERTAINTIES:
        raise Refused.because("certainty-unknown", f"“{state}” is no state of knowledge.", f"Choose: {', '.join(CERTAINTIES)}.")
    facts = {"finding": finding, "state": state, "cites": list(cites), "looked_on": now.date()}
    Unknown.objects.update_or_create(campaign_id=campaign_id, question=question, defaults=facts)
    listeners.changed(campaign_id)
