"""Actions that end by themselves: a pledge when the promise it waits for is kept, an event when it is over."""

from datetime import date, datetime

from django.db import transaction

from groundswell.actions.acting.events import event_of
from groundswell.actions.acting.kinds import PledgeAct, act_of
from groundswell.basics.ids import ActionId
from groundswell.campaigns import listeners
from groundswell.campaigns import queries as campaigns
from groundswell.staff import notices


def close(*, petition_id: ActionId, why: str, now: datetime) -> bool:
    """Take nothing more from now on; the page says why. What was done stays. False where it was closed before."""
    from groundswell.actions.models import Petition  # noqa: PLC0415 (its tables include ours)

    # Not counted since: its page is published anew, with the reason.
    return bool(
        Petition.objects.filter(pk=petition_id, closed_at=None).update(closed_at=now, closed_why=why[:200], counted_at=None)
    )


def reopen(*, petition_id: ActionId) -> bool:
    """Take up again; False where it was open."""
    from groundswell.actions.models import Petition  # noqa: PLC0415 (its tables include ours)

    rows = Petition.objects.filter(pk=petition_id, closed_at__isnull=False)
    return bool(rows.update(closed_at=None, closed_why="", counted_at=None))


def republish(*, petition_id: ActionId) -> None:
    """Its page is written anew with the next count."""
    from groundswell.actions.models import Petition  # noqa: PLC0415 (its tables include ours)

    Petition.objects.filter(pk=petition_id).update(counted_at=None)


def hear(promise: listeners.KeptPromise, now: datetime) -> None:
    """A promise is kept: close the pledges that wait for it."""
    close_kept(campaign_id=promise.campaign_id, now=now)


def close_kept(*, campaign_id: int | None = None, now: datetime) -> list[ActionId]:
    """Close the pledges that wait for a commitment which stands as kept; returns them. Safe to repeat."""
    from groundswell.actions.models import Petition  # noqa: PLC0415 (its tables include ours)

    open_ = Petition.objects.filter(kind="pledge", closed_at=None)
    if campaign_id is not None:
        open_ = open_.filter(campaign_id=campaign_id)
    closed = []
    for petition in open_:
        kept = _kept(petition.campaign_id, _commitment(ActionId(petition.pk)), now.date())
        if not kept:
            continue
        with transaction.atomic():
            if close(petition_id=ActionId(petition.pk), why=kept, now=now):
                notices.tell(
                    subject="A pledge is over", words=f"{kept} The pledge “{petition.slug}” takes nobody more. A thank-you letter "
                    "to those who acted waits among the proposed letters.", link="/office/record/letters/",
                    once=f"pledge over {petition.pk}", now=now,
                )  # fmt: skip
                closed.append(ActionId(petition.pk))
    return closed


def close_past(*, now: datetime) -> list[ActionId]:
    """Close the events that are over; returns them."""
    from groundswell.actions.models import Petition  # noqa: PLC0415 (its tables include ours)

    closed = []
    for pk in Petition.objects.filter(kind="event", closed_at=None).values_list("pk", flat=True):
        event = event_of(ActionId(pk))
        # A day is read in every language.
        if event is not None and event.ends_at <= now and close(petition_id=ActionId(pk), why=f"{event.ends_at:%Y-%m-%d}", now=now):
            closed.append(ActionId(pk))
    return closed


def register() -> None:
    """Let the record tell us."""
    listeners.on_kept("pledges", hear)


def _commitment(petition_id: ActionId) -> str:
    from groundswell.actions.models import TextVersion  # noqa: PLC0415 (its tables include ours)

    setting = TextVersion.objects.filter(petition_id=petition_id, language="").order_by("-number").values_list("setting", flat=True)
    act = act_of("pledge", setting[0]) if setting else None
    return act.commitment if isinstance(act, PledgeAct) else ""


def _kept(campaign_id: int, slug: str, today: date) -> str:
    """What the page says where the commitment is kept; empty where it is not."""
    if not slug:
        return ""
    for view in campaigns.commitments(campaign_id, today):
        if view.slug == slug and view.standing.word == "kept":
            return f"They kept it: “{view.title}”. Thank you."
    return ""
