"""The demo's other actions: a letter of one's own, one that we send, a call, a pledge, a photo, an event. Nobody in them exists."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from groundswell.actions import operations as actions
from groundswell.actions import queries
from groundswell.actions.acting import sending
from groundswell.pages.authoring import keep_page

_THANKS = '{{ first_name | "Friend" }},\n\nthank you: that counts.\n\n::: ask\nSee how many we are, and pass it on\n:::\n'
_LETTER = """\
Dear Member,

in 2021 Amazon prolonged the pause on selling its facial recognition to the police “until further notice”. A pause can end on any
day, without a word.

Please ask for a permanent end, in writing, and say so in public.

Yours,"""
_OFFICES = [
    {"name": "Office of the First District", "role": "invented for this demo", "places": ["US 98"]},
    {"name": "Office of the Second District", "role": "invented for this demo", "places": ["US 10"]},
    {"name": "Office of the Third District", "role": "invented for this demo", "places": ["GB SW1"]},
    {"name": "Office for everybody else", "role": "invented for this demo", "places": []},
]


def build(*, campaign_id: int, now: datetime) -> None:
    """Six actions, opened a day before the petition so that it stays the newest. Safe to repeat."""
    for slug, kind, title, text, setting in _acts(now):
        if queries.petition_named(slug) is not None:
            continue
        with transaction.atomic():
            action = actions.open_petition(
                slug=slug, campaign_id=campaign_id, title=title, text=text, goal=250, kind=kind, setting=setting,
                thanks_subject="Thank you", thanks_text=_THANKS, now=now - timedelta(days=1),
            )  # fmt: skip
            keep_page(action)
            for at, office in enumerate(_OFFICES if setting.get("ours") else ()):
                name, role, places = str(office["name"]), str(office["role"]), list(office["places"])
                sending.name_recipient(
                    petition_id=action, name=name, role=role, address=f"office.{at + 1}@example.net", places=places, staff_id=None,
                    now=now,
                )  # fmt: skip


def _acts(now: datetime) -> list[tuple[str, str, str, str, dict[str, Any]]]:
    evening = (now + timedelta(days=21)).date()
    return [
        ("write-to-them", "letter", "Write to those who can end it",
         "A letter in your own words is read; a thousand of them are counted, weighed and answered.",
         {"subject": "A permanent end, in writing", "text": _LETTER,
          "offices": [{**office, "address": f"office.{at + 1}@example.net"} for at, office in enumerate(_OFFICES)]}),
        ("send-a-letter", "letter", "Send them your letter",
         "Write it here, and we carry it. It goes to the office that represents you, with your name under it.",
         {"subject": "A permanent end, in writing", "text": _LETTER, "ours": True}),
        ("call-them", "call", "Two minutes on the telephone",
         "Calls are logged by hand, and somebody has to write down what they were about.",
         {"script": "Hello, my name is … and I live in your district.\n\nI am calling about the police and facial recognition. The "
                    "pause has no end date, and can end on any day.\n\nWill you ask in public for a permanent end, in writing?",
          "offices": [{**office, "address": f"+1 202 555 01{at + 10}"} for at, office in enumerate(_OFFICES)]}),
        ("no-purchase", "pledge", "Not a purchase until it is over",
         "A company listens to those who might leave. I will buy nothing there.",
         {"until": "they end it permanently and in writing", "commitment": "amazon-moratorium"}),
        ("show-your-face", "photo", "Show them who is asking",
         "They collect faces without asking. We show ours because we choose to, as long as we choose to.",
         {"sign": "This face is mine."}),
        ("an-evening", "event", "An evening in the Town Hall",
         "Two people who were misidentified tell what followed; then we plan the hand-over.",
         {"starts": f"{evening}T18:30:00", "ends": f"{evening}T20:30:00", "zone": "America/Los_Angeles",
          "place": "Town Hall, room 2\n1 Example Street, Example Town", "capacity": 40}),
    ]  # fmt: skip
