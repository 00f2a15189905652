"""What staff see first: what waits for somebody, how each action and mailing goes, and what was promised until when."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from wagtail import hooks
from wagtail.admin.ui.components import Component

from groundswell.actions import queries as actions
from groundswell.campaigns import queries as campaigns
from groundswell.mailings import queries as mailings
from groundswell.office.desk import is_moderator, may
from groundswell.office.mailings.rights import WRITING
from groundswell.people import queries as people
from groundswell.post import queries as post
from groundswell.reports.charts import day_bars
from groundswell.reports.queries import signatures_a_day
from groundswell.staff import queries as staff

_DAYS, _SHOWN = 14, 4
"""How far back a chart goes, and how many of each kind there is room for before the link to all."""
_COUNTED = {
    "petition": "signatures", "letter": "writers", "call": "callers", "pledge": "pledges", "photo": "photos", "event": "guests",
}  # fmt: skip
"""Kind of action → what is counted."""


class CampaignPanel(Component):
    """The whole house at a glance, on the office's first page."""

    order = 10

    def render_html(self, parent_context: Any = None) -> SafeString:
        """The panel; numbers and titles only, no person."""
        now = datetime.now(UTC)
        zone = ZoneInfo(settings.TIME_ZONE)
        petitions = actions.petitions()
        cards = campaigns.campaign_cards()
        request = None if parent_context is None else parent_context["request"]
        sees = request is not None and may(request, *WRITING)
        approves = request is not None and is_moderator(request.user)
        return render_to_string(
            "office/home/panel.html",
            {
                "people": people.counts(),
                "petitions": [
                    {
                        "petition": petition,
                        "share": min(100, round(100 * petition.count / max(1, petition.goal))),
                        "bars": bars,
                        "what": _COUNTED[petition.kind],
                    }
                    for petition, bars in _with_bars(petitions[:_SHOWN], now, zone)
                ],
                "more_petitions": max(0, len(petitions) - _SHOWN),
                "sees_mailings": sees,
                "mailings": [_going(mailing, now) for mailing in mailings.mailings()[:_SHOWN]] if sees else [],
                "waiting": [card for card in cards if card.flags or card.reminders],
                "promises": _promises(cards, now, zone),
                "sees_ledger": approves,
                # Its lines may name a person's number, and why.
                "ledger": staff.latest(8) if approves else [],
                "days": _DAYS,
            },
        )


def _with_bars(
    petitions: list[actions.PetitionView], now: datetime, zone: ZoneInfo
) -> list[tuple[actions.PetitionView, SafeString]]:
    days = signatures_a_day([petition.id for petition in petitions], days=_DAYS, now=now, zone=zone)
    # The chart's own words are escaped where it is drawn.
    return [(petition, mark_safe(day_bars(days[petition.id], _COUNTED[petition.kind]))) for petition in petitions]  # noqa: S308


def _going(mailing: mailings.MailingView, now: datetime) -> dict[str, Any]:
    pulse = None if mailing.letter_id is None else post.pulse(mailing.letter_id, now)
    counts = {} if pulse is None else pulse.counts
    due = sum(count for state, count in counts.items() if state != "withheld")
    gone = due - sum(counts.get(state, 0) for state in ("ready", "claimed", "retry"))
    return {"mailing": mailing, "pulse": pulse, "counts": counts, "done": round(100 * gone / due) if due else 0}


def _promises(cards: list[campaigns.CampaignCard], now: datetime, zone: ZoneInfo) -> list[dict[str, Any]]:
    """What changes next comes first; a promise without a date stands after those with one."""
    today = now.astimezone(zone).date()
    found = [
        (view.next_change is None, view.next_change or today, {"campaign": card, "promise": view})
        for card in cards[:_SHOWN]
        for view in campaigns.commitments(card.id, today)
        if view.standing.word != "not found"
    ]
    return [each for *_, each in sorted(found, key=lambda each: each[:2])][: 2 * _SHOWN]


@hooks.register("construct_homepage_panels")
def show_campaign(request: Any, panels: list[Any]) -> None:
    """Our panel before Wagtail's own."""
    panels.insert(0, CampaignPanel())


@hooks.register("construct_homepage_summary_items", order=1000)
def no_page_counts(request: Any, items: list[Any]) -> None:
    """How many pages and images there are is nothing that anybody comes here for."""
    items.clear()


@hooks.register("insert_global_admin_css")
def colours() -> SafeString:
    """The office in the house's own colours; a file of its own, because some pages obey no style that stands in them."""
    return format_html('<link rel="stylesheet" href="{}">', static("office/house.css"))
