"""A split test: other subjects, senders or bodies beside the letter's own, and how it is judged."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from groundswell.basics.result import Refused
from groundswell.mailings import queries, splitting
from groundswell.mailings.composing import looking
from groundswell.office.desk import filled, for_those_with, tried
from groundswell.office.mailings.overview import found
from groundswell.office.mailings.rights import WRITE


@for_those_with(WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest, slug: str) -> HttpResponse:
    """The ways of a draft, a form for one more, and the rules of the test."""
    mailing = found(slug)
    if request.method == "POST" and tried(request, lambda: _do(request, mailing)):
        return redirect("mailing-ways", slug)
    edited = next((way for way in mailing.test.ways if way.name == request.GET.get("way")), None) if mailing.test else None
    form = filled(request, edited, "keep", subject="", sender="", appeal="")
    rules = filled(request, mailing.test, "rules", share="20", least="1000", hours="4")
    facts = {"mailing": mailing, "senders": looking.senders(), "edited": edited, "form": form, "rules": rules}
    return render(request, "office/mailings/ways.html", facts, status=422 if request.method == "POST" else 200)


def _do(request: HttpRequest, mailing: queries.MailingDetail) -> str:
    given = request.POST
    if given.get("do") == "drop":
        splitting.drop_way(mailing_id=mailing.id, name=given.get("name", ""))
        return "Taken out."
    if given.get("do") == "rules":
        numbers = [given.get(name, "") for name in ("share", "least", "hours")]
        if not all(text.isdecimal() and len(text) < 8 for text in numbers):
            raise Refused.because("numbers", "Share, least sample and hours are whole numbers.", "Write digits only.")
        splitting.set_test(mailing_id=mailing.id, share=int(numbers[0]), least=int(numbers[1]), hours=int(numbers[2]))
        return "The test is set."
    name = splitting.keep_way(
        mailing_id=mailing.id, name=given.get("name", "")[:1], subject=given.get("subject", ""), appeal=given.get("appeal", ""),
        sender=given.get("sender", ""),
    )  # fmt: skip
    return f"Kept as way {name}."
