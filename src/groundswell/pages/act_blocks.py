"""What authors fill in where people are to do something else than sign: one block a kind, and the setting it becomes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from wagtail import blocks

from groundswell.actions.acting.kinds import PETITION, act_of
from groundswell.basics.result import Problem, Refused

_PLACES = (
    "Whose representative: a country, or with a region or the beginning of a postcode (GB SW1, US WA), with commas. "
    "Empty: everybody’s."
)


class OfficeBlock(blocks.StructBlock):  # type: ignore[misc]
    """Somebody in office, as public as the page."""

    name = blocks.CharBlock(max_length=120)
    role = blocks.CharBlock(required=False, max_length=120)
    address = blocks.CharBlock(
        max_length=200, help_text="Their public mail address (for letters) or telephone number (for calls); it stands on the page."
    )
    places = blocks.CharBlock(required=False, max_length=400, help_text=_PLACES)


class LetterBlock(blocks.StructBlock):  # type: ignore[misc]
    """A letter to the target."""

    subject = blocks.CharBlock(max_length=150)
    text = blocks.TextBlock(help_text="The letter as a start: people may change it. Plain text; their name is put under it.")
    ours = blocks.BooleanBlock(
        required=False, label="we send it",
        help_text="From our own address, with the writer in Reply-To. Recipients are then named under Actions and lie in the "
        "vault. Without this, the person’s own mail program opens.",
    )  # fmt: skip
    offices = blocks.ListBlock(OfficeBlock(), default=[], help_text="Whom people’s own mail programs write to.")
    per_hour = blocks.IntegerBlock(
        default=60, min_value=1, max_value=3600, help_text="Letters an hour to one recipient, where we send."
    )


class CallBlock(blocks.StructBlock):  # type: ignore[misc]
    """A call."""

    script = blocks.TextBlock(help_text="What to say, in a few short paragraphs.")
    offices = blocks.ListBlock(OfficeBlock(), min_num=1)


class PledgeBlock(blocks.StructBlock):  # type: ignore[misc]
    """A promise until the target keeps its own."""

    until = blocks.CharBlock(max_length=200, help_text="What stands after “until”: “they end it in writing”.")
    commitment = blocks.CharBlock(
        required=False,
        max_length=80,
        help_text="The commitment on the record (its short name): once it is kept, the pledge is over.",
    )


class PhotoBlock(blocks.StructBlock):  # type: ignore[misc]
    """A photo with a sign."""

    sign = blocks.CharBlock(max_length=120, help_text="What stands on the sign.")
    shown = blocks.IntegerBlock(default=60, min_value=1, max_value=200, help_text="Photos on the page at most.")


class EventBlock(blocks.StructBlock):  # type: ignore[misc]
    """A meeting."""

    day = blocks.DateBlock()
    begins = blocks.TimeBlock()
    ends = blocks.TimeBlock()
    last_day = blocks.DateBlock(required=False, help_text="Where it ends on another day.")
    zone = blocks.CharBlock(default="Europe/London", max_length=60, help_text="The time zone of the place, such as Europe/London.")
    place = blocks.TextBlock(help_text="As on an envelope, a line each.")
    capacity = blocks.IntegerBlock(
        default=0, min_value=0, help_text="Seats; 0 for as many as come. Beyond them people wait in line."
    )
    cancelled = blocks.BooleanBlock(required=False, help_text="The page says so, and everybody on the list is told by mail.")


ACT: list[tuple[str, blocks.Block]] = [
    ("letter", LetterBlock(icon="mail")), ("call", CallBlock(icon="comment")), ("pledge", PledgeBlock(icon="tick")),
    ("photo", PhotoBlock(icon="image")), ("event", EventBlock(icon="date")),
]  # fmt: skip


def kind_and_setting(act: Any) -> tuple[str, dict[str, Any]]:
    """The kind of action and its setting, as the actions room takes them."""
    for block in act:
        return str(block.block_type), _plain(block.block_type, block.value)
    return PETITION, {}


def as_act(kind: str, setting: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The other way round: the block, as it is stored, that says what an action does."""
    if kind == PETITION:
        return []
    value = dict(setting)
    if kind == "event":
        starts, ends = (datetime.fromisoformat(value.pop(name)) for name in ("starts", "ends"))
        value |= {"day": starts.date().isoformat(), "begins": starts.time().isoformat(), "ends": ends.time().isoformat()}
        if ends.date() != starts.date():
            value["last_day"] = ends.date().isoformat()
    if "offices" in value:
        value["offices"] = [{**office, "places": ", ".join(office.get("places", ()))} for office in value["offices"]]
    return [{"type": kind, "value": value}]


def problems(act: Any) -> list[Problem]:
    """What an author must mend before the page is published."""
    kind, setting = kind_and_setting(act)
    try:
        made = act_of(kind, setting)
    except Refused as refused:
        return list(refused.problems)
    return [] if made is None else made.problems()


def _plain(kind: str, value: Any) -> dict[str, Any]:
    if kind == "event":
        last = value["last_day"] or value["day"]
        return {
            "starts": f"{value['day'].isoformat()}T{value['begins'].isoformat()}",
            "ends": f"{last.isoformat()}T{value['ends'].isoformat()}",
            "zone": value["zone"].strip(), "place": value["place"], "capacity": value["capacity"] or 0,
            "cancelled": bool(value["cancelled"]),
        }  # fmt: skip
    setting = {name: of for name, of in value.items() if name != "offices"}
    if "offices" in value:
        setting["offices"] = [dict(office) for office in value["offices"]]
    return setting
