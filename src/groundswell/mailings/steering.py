"""Pause, resume, cancel a whole mailing: all its letters at once, and into the ledger."""

from datetime import datetime

from groundswell.basics.ids import LetterId, MailingId
from groundswell.basics.result import Refused
from groundswell.mailings.models import Mailing
from groundswell.mailings.scheduling import take_back
from groundswell.post import operations as post
from groundswell.staff.operations import note


def steer(*, mailing_id: MailingId, verb: str, staff_id: int | None, now: datetime) -> str:
    """Do it, and say what was done. A scheduled mailing that is cancelled is a draft again: nobody was mailed."""
    mailing = Mailing.objects.get(pk=mailing_id)
    letters = [mailing.letter_id, *mailing.variants.values_list("letter_id", flat=True)]
    ids = [LetterId(letter) for letter in letters if letter is not None]
    if verb not in ("pause", "resume", "cancel"):
        raise Refused.because("steer", f"A mailing can't be told to “{verb}”.", "There are: pause, resume, cancel.")
    if not ids:
        if verb == "cancel" and take_back(mailing_id=mailing_id):
            note(actor_id=staff_id, act="mailing taken back", about=mailing.slug, why="before it began", now=now)
            return f"{mailing.slug} is a draft again; nobody was mailed."
        raise Refused.because("mailing-not-begun", "This mailing has not begun.", "There is nothing to pause or cancel.")
    withheld = 0
    for letter_id in ids:
        if verb == "pause":
            post.pause(letter_id=letter_id)
        elif verb == "resume":
            post.resume(letter_id=letter_id)
        else:
            withheld += post.cancel(letter_id=letter_id, now=now)
    if verb == "cancel":
        Mailing.objects.filter(pk=mailing_id).update(state="cancelled")
    past = {"pause": "paused", "resume": "resumed", "cancel": "cancelled"}[verb]
    note(actor_id=staff_id, act=f"mailing {past}", about=mailing.slug, why="asked for", now=now)
    return f"{mailing.slug} is {past}." + (f" {withheld} people will not get it." if verb == "cancel" else "")
