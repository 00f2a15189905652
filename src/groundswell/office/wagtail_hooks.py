"""What staff see first: how the campaign goes. Wagtail finds this module by its name."""

from typing import Any

from django.utils.html import format_html, format_html_join
from wagtail import hooks
from wagtail.admin.ui.components import Component

from groundswell.actions import queries as actions
from groundswell.mailings import queries as mailings
from groundswell.people import queries as people
from groundswell.post import queries as post
from groundswell.staff import queries as staff


class CampaignPanel(Component):
    """Petitions, mailings and the latest of the ledger, on the office's first page."""

    order = 10

    def render_html(self, parent_context: Any = None) -> str:
        """The panel; numbers only, no person."""
        counts = people.counts()
        petitions = format_html_join(
            "",
            '<li><a href="/a/{}">{}</a>: <strong>{}</strong> of {} signatures</li>',
            ((p.slug, p.title, p.count, p.goal) for p in actions.petitions()),
        )
        letters = format_html_join("", "<li>{}: {}</li>", ((m.slug, _progress(m)) for m in mailings.mailings()))
        ledger = format_html_join("", "<li>{}</li>", ((line,) for line in staff.latest(8)))
        return format_html(
            '<section class="w-panel"><h2 class="w-panel__heading">The campaign</h2><p>{} people, {} of them supporters who may be '
            "written to</p><h3>Petitions</h3><ul>{}</ul><h3>Mailings</h3><ul>{}</ul><h3>The ledger</h3><ul>{}</ul></section>",
            counts["people"],
            counts["supporters"],
            petitions,
            letters,
            ledger,
        )


def _progress(mailing: mailings.MailingView) -> str:
    if mailing.letter_id is None:
        return mailing.state
    return ", ".join(f"{count} {state}" for state, count in sorted(post.progress(mailing.letter_id).items()))


@hooks.register("construct_homepage_panels")
def show_campaign(request: Any, panels: list[Any]) -> None:
    """Our panel before Wagtail's own."""
    panels.insert(0, CampaignPanel())
