"""The mail of a drip: kept without the names, which are put in only when it is sent, as they stand at that moment."""

from collections.abc import Callable
from dataclasses import replace
from html import escape
from typing import Any

from groundswell.actions import queries as actions
from groundswell.basics.ids import ActionId
from groundswell.basics.result import Refused
from groundswell.deliveries.models import DripMail
from groundswell.deliveries.order import Order
from groundswell.deliveries.writing.lines import lines_of
from groundswell.engine.compile import compile_appeal
from groundswell.engine.message import Action, Letter, Sender
from groundswell.post.enclosures import Content

KIND = "drip"
_NAMES = "NAMES-OF-THIS-MAIL"
_MARKUP = str.maketrans({character: f"\\{character}" for character in "\\`*_{}[]<>#"})


def letter(petition: actions.PetitionView, *, target: str, sender: Sender, count: int) -> Letter:
    """The mail that carries `count` signatures, with a mark where their names will stand; `Refused` if it can't be written."""
    people = "person has" if count == 1 else f"{count} people have"
    title, whom = _plain(petition.title), _plain(target)
    subject = " ".join(petition.title.replace("{", "(").replace("}", ")").split())
    # The footer of supporters' letters would tell the target that it had asked for this.
    sender = replace(sender, why=f"You get this because people ask {target} for something, and signed it.")
    compiled = compile_appeal(
        f"---\nsubject: {'One more' if count == 1 else f'{count} more'}: {subject}\n---\nTo {whom}\n\n"
        f"{'One more ' if count == 1 else ''}{people} signed “{title}”:\n\n::: ask\nWhat they ask, in full\n:::\n\n{_NAMES}\n",
        sender=sender,
        sources={},
        action=Action(petition.id, f"/a/{petition.slug}", petition.count, petition.goal),
        language=petition.language,
    )
    if compiled.letter is None:
        raise Refused(*compiled.errors)
    content: dict[str, Any] = compiled.letter.to_json()
    return Letter.from_json({**content, "kind": KIND})


def enclose(letter_id: int, content: Content) -> Content:
    """The names of this mail, of those who still stand by their signature; the post office asks when it sends."""
    mail = DripMail.objects.select_related("drip").filter(letter_id=letter_id).first()
    if mail is None:
        return content
    order = Order.from_json(mail.drip.order)
    # As of when the mail was made: places are named by the same signers, whenever and on whatever clock it is sent.
    choice = order.choice(ActionId(mail.drip.petition_id), mail.made_at)
    ids = list(mail.lines.values_list("signature_id", flat=True))
    lines = [
        ", ".join(part for part in (name, place) if part) + (f": {reason}" if reason else "")
        for _, name, place, _, _, reason in lines_of(ids, choice, order)
    ] or ["(taken back by their signers)"]
    html = "<br>".join(f"<bdi>{escape(line)}</bdi>" for line in lines)
    return {
        **content,
        "html": _put(content["html"], lambda text: text.replace(_NAMES, html)),
        "text": _put(content["text"], lambda text: text.replace(_NAMES, "\n".join(lines))),
    }


def _put(content: Any, change: Callable[[str], str]) -> Any:
    """The same content with every text in it changed, whatever the engine keeps bodies as."""
    if isinstance(content, str):
        return change(content)
    if isinstance(content, list | tuple):
        return [_put(piece, change) for piece in content]
    if isinstance(content, dict):
        return {name: _put(piece, change) for name, piece in content.items()}
    return content


def _plain(text: str) -> str:
    return " ".join(text.split()).translate(_MARKUP)
