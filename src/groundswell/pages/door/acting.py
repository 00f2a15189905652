"""What a form asks beyond the person, read as `action.json` describes it: the door knows no kinds of action.

Choices that the page did not offer, boxes that it does not have and texts beyond their length don't get in.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any


@dataclass(frozen=True, slots=True)
class Deed:
    """What was done, for the journal, and what is missing."""

    content: dict[str, Any] = field(default_factory=dict)
    problems: list[tuple[str, str]] = field(default_factory=list)
    """Field and sentence."""

    @property
    def identity(self) -> str:
        """Another deed of the same person has another id; the same one, sent twice, has one."""
        if not self.content:
            return ""
        return "|" + hashlib.sha256(repr(sorted(self.content.items())).encode("utf-8", "replace")).hexdigest()[:16]


_NOTHING = Deed()


def read(facts: Mapping[str, Any], values: Mapping[str, str], *, by_letter: bool) -> Deed:
    """The deed that these values are, by what the action asks; nothing for a petition.

    Who comes by a letter has told us their name before.
    """
    asked: Mapping[str, Any] | None = facts.get("act")
    if not asked:
        return _NOTHING
    texts = {name: values.get(name, "")[:most] for name, most in asked["texts"].items()}
    chosen = {name: values[name] for name, offered in asked["choices"].items() if values.get(name) in offered}
    ticked = [name for name in asked["ticks"] if values.get(name) == "yes"]
    whom = _chosen(asked["whom"], values.get("whom", ""))
    there = {**texts, **chosen, **dict.fromkeys(ticked, "yes"), "whom": whom, "name": values.get("name", "") or by_letter}
    problems = [(name, sentence) for name, sentence in asked["needs"].items() if not there.get(name)]
    given = asked["given"]
    content = {
        "kind": facts["kind"], "outcome": chosen.get("outcome") or asked["outcome"], "whom": whom,
        "texts": {name: text for name, text in texts.items() if text},
        "own": any(text and text.split() != given.get(name, "").split() for name, text in texts.items()),
        "agreed": "\n".join(asked["ticks"][name] for name in ticked),
    }  # fmt: skip
    return Deed(content, problems)


def placed(facts: Mapping[str, Any], values: Mapping[str, str]) -> dict[str, str]:
    """The values for the form's places: what was sent, else what the author wrote."""
    asked = facts.get("act")
    return {**asked["given"], **values} if asked else dict(values)


def kept(page: str, facts: Mapping[str, Any], values: Mapping[str, str]) -> str:
    """The page with the choices and ticks that were sent: only those that the page itself offers find their place."""
    asked = facts.get("act")
    if not asked:
        return page
    for name in asked["choices"]:
        sent = escape(values.get(name, ""))
        page = page.replace(f'name="{name}" value="{sent}" required', f'name="{name}" value="{sent}" required checked', 1)
    for name in asked["ticks"]:
        if values.get(name) == "yes":
            page = page.replace(f'name="{name}" value="yes"', f'name="{name}" value="yes" checked', 1)
    if (at := values.get("whom", "")).isdigit():
        page = page.replace(f'<option value="{at}">', f'<option value="{at}" selected>', 1)
    return page


def with_problems(page: str, facts: Mapping[str, Any], problems: list[tuple[str, str]]) -> str:
    """The page with what is missing said at its top and at each field."""
    title = escape(facts["words"]["not_signed"])
    lines = "".join(f'<li><a href="#{name}">{escape(text)}</a></li>' for name, text in problems)
    box = f'<div class="errors" role="alert"><p><strong>{title}:</strong></p><ul>{lines}</ul></div>'
    page = page.replace("<title>", f"<title>{title}: ", 1).replace("%%ERRORS%%", box)
    for name, _ in problems:
        page = page.replace(f' id="{name}"', f' id="{name}" aria-invalid="true"', 1)
    return page


def _chosen(names: list[str], at: str) -> str:
    return names[int(at)] if at.isascii() and at.isdigit() and len(at) < 5 and int(at) < len(names) else ""
