"""What a page has beside its text where people don't sign but write, call, pledge, show a photo or come: by kind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from groundswell.actions.acting.calendars import ics
from groundswell.actions.acting.kinds import Act, CallAct, EventAct, LetterAct, Office, PhotoAct, PledgeAct, act_of
from groundswell.pages.petition.dates import between
from groundswell.pages.words import number, words

if TYPE_CHECKING:
    from groundswell.actions.queries import PetitionView

FORM = "act"
"""The form's id: a letter that stands beside the form belongs to it."""
DOOR_WORDS = ("slip_photo", "slip_large", "slip_kind", "given_up", "given_up_lead")
"""What the door itself says, beyond what it says of a petition."""
OUTCOMES = ("reached", "voicemail", "no-answer")
LARGEST_PHOTO = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form of a kind asks beyond the person, for the door: which values there are and what must be there."""

    outcome: str = ""
    """The outcome that pressing the button means; empty where the person says it."""
    choices: Mapping[str, Sequence[str]] | None = None
    texts: Mapping[str, int] | None = None
    """Field → characters at most."""
    ticks: Mapping[str, str] | None = None
    """Box that must be ticked → what was agreed to by it."""
    needs: Mapping[str, str] | None = None
    """Field that must not be empty → the sentence that says so."""
    whom: Sequence[str] = ()
    """Public names that `whom` chooses from by its place in the list."""
    confirm: bool = False
    """Whoever does not come by a letter of ours confirms by mail first."""
    photo: bool = False

    def to_json(self, act: Act) -> dict[str, Any]:
        """For `action.json`."""
        return {
            "outcome": self.outcome, "choices": {key: list(of) for key, of in (self.choices or {}).items()},
            "texts": dict(self.texts or {}), "ticks": dict(self.ticks or {}), "needs": dict(self.needs or {}),
            "whom": list(self.whom), "confirm": self.confirm, "photo": self.photo,
            "given": {"subject": act.subject, "letter": act.text} if isinstance(act, LetterAct) else {},
        }  # fmt: skip


def asked(petition: "PetitionView", target: str) -> dict[str, Any] | None:
    """What the door must know of the form; None for a petition."""
    act, said = act_of(petition.kind, petition.setting), words(petition.language, petition.manner)
    if act is None:
        return None
    match act:
        case LetterAct(ours=True):
            made = Asked(
                "asked", texts={"subject": 150, "letter": 6000}, ticks={"reveal": said["reveal"]}, confirm=True,
                needs={"name": said["slip_name"], "letter": said["slip_words"], "subject": said["slip_subject"],
                       "reveal": said["slip_reveal"]},
            )  # fmt: skip
        case LetterAct():
            names = [office.name for office in act.offices]
            made = Asked("sent", texts={"subject": 150, "letter": 6000}, whom=names)
        case CallAct():
            names = [office.name for office in act.offices]
            needs = {"outcome": said["slip_outcome"]} | ({"whom": said["slip_whom"]} if len(names) > 1 else {})
            made = Asked(choices={"outcome": OUTCOMES}, texts={"note": 600}, needs=needs, whom=names)
        case PledgeAct():
            made = Asked("pledged")
        case PhotoAct():
            made = Asked("given", ticks={"show": said["show"].format(target=target)}, needs={"show": said["slip_show"]}, photo=True)
        case EventAct():
            made = Asked("asked")
    return made.to_json(act)


def section(petition: "PetitionView", target: str) -> str:
    """What stands in the article, under the text."""
    act, said = act_of(petition.kind, petition.setting), words(petition.language, petition.manner)
    if act is None:
        return ""
    inside = _section(act, petition, said, target)
    return f'<section class="act" id="do">{inside}</section>' if inside else ""


def over(petition: "PetitionView") -> str:
    """What stands in the form's place once nothing is taken any more; empty while it is open."""
    act, said = act_of(petition.kind, petition.setting), words(petition.language, petition.manner)
    cancelled = isinstance(act, EventAct) and act.cancelled
    if not petition.closed and not cancelled:
        return ""
    return f'<p class="over" role="note"><strong>{said["cancelled"] if cancelled else said["closed"]}</strong> {escape(petition.closed)}</p>'


def jump(petition: "PetitionView") -> str:
    """Where the button that a phone shows leads: to what is to be done, or to the form."""
    return "do" if petition.manner in ("letter", "call") else "sign"


def errors(petition: "PetitionView") -> str:
    """Where the door says what is missing to somebody who came by a letter; a petition asks them nothing."""
    return "" if petition.kind == "petition" else "%%ERRORS%%"


def files(petition: "PetitionView", base_url: str) -> dict[str, bytes]:
    """What an event has beside its page."""
    act = act_of(petition.kind, petition.setting)
    if not isinstance(act, EventAct):
        return {}
    host = urlsplit(base_url).hostname or "localhost"
    calendar = ics(act, uid=f"{petition.home}@{host}", title=petition.title, address=f"{base_url}/a/{petition.slug}",
                   sequence=petition.version)  # fmt: skip
    return {f"a/{petition.slug}/event.ics": calendar}


def _section(act: Act, petition: "PetitionView", said: Mapping[str, str], target: str) -> str:
    match act:
        case LetterAct(ours=True):
            return ""
        case LetterAct():
            mail = f"?subject={quote(act.subject, safe='')}&body={quote(act.text, safe='')}"
            text = (
                f'<h2>{said["letter"]}</h2><label for="subject">{said["subject"]}</label>'
                f'<input type="text" id="subject" name="subject" form="{FORM}" maxlength="150" value="{escape(act.subject)}">'
                f'<label for="letter">{said["your_words"]}</label><p class="hint" id="letter-hint">{said["words_hint"]}</p>'
                f'<textarea id="letter" name="letter" form="{FORM}" rows="14" maxlength="6000" aria-describedby="letter-hint" data-letter>'
                f"{escape(act.text)}</textarea>"
                f'<button type="button" class="quiet" hidden data-copy-letter data-done="{said["copied"]}">{said["copy_words"]}</button>'
            )
            ways = [f'<a class="button quiet" href="mailto:{quote(office.address, safe="@")}{escape(mail)}" rel="noreferrer" data-mail>'
                    f'{said["open_mail"]}<span class="unseen"> ({escape(office.name)})</span></a>' for office in act.offices]  # fmt: skip
            return f"{text}<h2>{said['to_whom']}</h2>{_offices(act.offices, ways, said)}<p>{said['then']}</p>"
        case CallAct():
            ways = [
                f'<a class="button quiet" href="tel:{escape(_dialled(office.address))}"><bdi dir="ltr">{escape(office.address)}</bdi>'
                f'<span class="unseen"> ({escape(office.name)})</span></a>' for office in act.offices
            ]  # fmt: skip
            script = "".join(f"<p>{escape(part)}</p>" for part in act.script.split("\n\n") if part.strip())
            total, reached = sum(petition.tally.values()), petition.tally.get("reached", 0)
            so_far = said["calls"].format(count=number(total, petition.language), reached=number(reached, petition.language))
            return (
                f"<h2>{said['numbers']}</h2>{_offices(act.offices, ways, said)}<h2>{said['script']}</h2>"
                f'<blockquote class="script">{script}</blockquote>{f"<p>{so_far}</p>" if total else ""}'
            )
        case PledgeAct():
            until = said["until"].format(until=escape(act.until.rstrip(".")))
            return f'<p class="until">{until}</p><p class="hint">{said["watched"]}</p>'
        case PhotoAct():
            return f'<p>{said["sign_says"]}</p><p class="sign">{escape(act.sign)}</p>{gallery(petition, said)}'
        case EventAct():
            return _event(act, petition, said)


def gallery(petition: "PetitionView", said: Mapping[str, str]) -> str:
    """The photos that somebody of ours has looked at."""
    shown = "".join(
        f'<li><img src="/a/{escape(petition.home)}/photos/{photo.name}" alt="{escape(photo.alt)}" width="{photo.width}" '
        f'height="{photo.height}" loading="lazy"></li>' for photo in petition.photos
    )  # fmt: skip
    return f'<h2>{said["gallery"]}</h2><ul class="gallery">{shown}</ul>' if shown else ""


def _event(act: EventAct, petition: "PetitionView", said: Mapping[str, str]) -> str:
    when = between(act.begins_at, act.ends_at, petition.language)
    if act.cancelled:
        return (
            f'<p class="over" role="note"><strong>{said["cancelled"]}</strong></p><p><s>{escape(when)}, {escape(act.place)}</s></p>'
        )
    room = ""
    if act.capacity:
        left = max(0, act.capacity - petition.tally.get("coming", 0) - petition.tally.get("waiting", 0))
        key = "seats" if left else "full"
        room = said[key].format(left=number(left, petition.language), capacity=number(act.capacity, petition.language))
    return (
        f'<dl class="event"><dt>{said["when"]}</dt><dd><time datetime="{act.begins_at.isoformat()}">{escape(when)}</time></dd>'
        f"<dt>{said['where']}</dt><dd>{'<br>'.join(escape(line) for line in act.place.splitlines() if line.strip())}</dd></dl>"
        f'{f"<p>{room}</p>" if room else ""}<p><a href="/a/{escape(petition.slug)}/event.ics">{said["calendar"]}</a></p>'
    )


def fields(petition: "PetitionView", target: str) -> str:
    """What the form asks beyond the person."""
    act, said = act_of(petition.kind, petition.setting), words(petition.language, petition.manner)
    optional = f'<span class="optional">({said["optional"]})</span>'
    match act:
        case LetterAct(ours=True):
            return (
                f'<label for="subject">{said["subject"]}</label>'
                '<input type="text" id="subject" name="subject" maxlength="150" required value="%%SUBJECT%%">'
                f'<label for="letter">{said["your_words"]}</label><p class="hint" id="letter-hint">{said["words_hint"]}</p>'
                '<textarea id="letter" name="letter" rows="12" maxlength="6000" required aria-describedby="letter-hint">%%LETTER%%</textarea>'
                f'<label class="tick"><input type="checkbox" id="reveal" name="reveal" value="yes" required> {said["reveal"]}</label>'
            )
        case LetterAct():
            return _whom(act.offices, said, "to_whom")
        case CallAct():
            first = ' id="outcome"'
            ways = "".join(
                f'<label><input type="radio"{first if way == OUTCOMES[0] else ""} name="outcome" value="{way}" required> {said[way]}</label>'
                for way in OUTCOMES
            )  # fmt: skip
            return (
                f"{_whom(act.offices, said, 'whom')}<fieldset><legend>{said['how']}</legend>{ways}</fieldset>"
                f'<label for="note">{said["note"]} {optional}</label><p class="hint" id="note-hint">{said["note_hint"]}</p>'
                '<textarea id="note" name="note" rows="3" maxlength="600" aria-describedby="note-hint">%%NOTE%%</textarea>'
            )
        case PhotoAct():
            return (
                f'<label for="photo">{said["photo"]}</label><p class="hint" id="photo-hint">{said["photo_hint"]}</p>'
                '<input type="file" id="photo" name="photo" accept="image/jpeg,image/png,image/webp" required aria-describedby="photo-hint">'
                f'<label class="tick"><input type="checkbox" id="show" name="show" value="yes" required> '
                f"{escape(said['show'].format(target=target))}</label>"
            )
    return ""


def giving_up(petition: "PetitionView", said: Mapping[str, str]) -> str:
    """For who came by a letter and has a seat: the way to give it up."""
    if petition.kind != "event":
        return ""
    return (
        f'<form method="post" action="/a/{escape(petition.slug)}/give-up" class="other"><input type="hidden" name="t" value="%%TOKEN%%">'
        f'<p>{said["give_up_lead"]}</p><button class="quiet">{said["give_up"]}</button></form>'
    )


def _whom(offices: Sequence[Office], said: Mapping[str, str], label: str) -> str:
    if len(offices) < 2:
        return '<input type="hidden" name="whom" value="0">'
    options = "".join(f'<option value="{at}">{escape(office.name)}</option>' for at, office in enumerate(offices))
    return f'<label for="whom">{said[label]}</label><select id="whom" name="whom" required><option value="">–</option>{options}</select>'


def _offices(offices: Sequence[Office], ways: Sequence[str], said: Mapping[str, str]) -> str:
    """Whom to write to or call; of many, the reader finds theirs by place. Without a script all of them stand there."""
    find = ""
    if len(offices) > 3:
        find = (
            f'<div hidden data-find><label for="find">{said["find"]}</label><p class="hint" id="find-hint">{said["find_hint"]}</p>'
            f'<input type="text" id="find" autocomplete="postal-code" aria-describedby="find-hint">'
            f'<p class="hint" role="status" data-none="{said["nobody_found"]}"></p></div>'
        )
    rows = "".join(
        f'<li data-places="{escape("|".join(office.places))}"><p><strong>{escape(office.name)}</strong>'
        f"{f', {escape(office.role)}' if office.role else ''}{_places(office, said)}</p>{way}</li>"
        for office, way in zip(offices, ways, strict=True)
    )
    return f'{find}<ul class="offices">{rows}</ul>'


def _places(office: Office, said: Mapping[str, str]) -> str:
    return f'<br><span class="hint">{escape(", ".join(office.places))}</span>' if office.places else ""


def _dialled(shown: str) -> str:
    return "".join(character for character in shown if character.isdigit() or character == "+")
