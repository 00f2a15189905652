"""Sender profiles in the office: who speaks in letters, with everything that changes together."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from groundswell.mailings import senders
from groundswell.office.desk import for_those_with, now, staff, tried
from groundswell.office.mailings.rights import SEND

_LONG = ("postal_address", "why")


@for_those_with(SEND)
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest, slug: str = "") -> HttpResponse:
    """Those that there are, and the form of one."""
    there = senders.profiles()
    chosen = next((each for each in there if each.slug == slug), None)
    if slug and chosen is None:
        raise Http404
    if request.method == "POST":
        name = slug or request.POST.get("slug", "")
        facts = {field: request.POST.get(field, "") for field in senders.FIELDS}
        if tried(request, lambda: _keep(name, facts, staff(request), new=chosen is None)):
            return redirect("mailing-senders")
    given = request.POST if request.method == "POST" else chosen.facts if chosen else {}
    fields = [(name, label, help_, given.get(name, ""), name in _LONG) for name, (label, help_) in senders.FIELDS.items()]
    facts_ = {"profiles": there, "chosen": slug, "fields": fields, "slug": given.get("slug", "")}
    return render(request, "office/mailings/senders.html", facts_, status=422 if request.method == "POST" else 200)


def _keep(slug: str, facts: dict[str, str], me: int, *, new: bool) -> str:
    kept = senders.keep_profile(slug=slug, facts=facts, staff_id=me, now=now())
    return f"{'Made' if new else 'Changed'}: {kept}. Its DKIM key: groundswell dkim new {facts['from_address'].rpartition('@')[2]}"
