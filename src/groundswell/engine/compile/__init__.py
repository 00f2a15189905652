"""From an author's appeal to a letter. Everything that is wrong is said at once, with line and column.

The appeal is front matter (`subject:`, `preview:`, `layout:` …), Markdown paragraphs, and blocks closed by `:::`:
`ask`, `ps`, `passage NAME`, `text` (a text part of one's own), and choices `::: if country = DE` … `::: else` …
`::: endif`. `{{ first_name | "Friend" }}` is a merge field with its required fallback; `[^key]` cites a record entry.
The language is data: it names fields and sources, and can neither compute nor call anything (law 9).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from groundswell.basics.result import Problem
from groundswell.engine.compile.advice import CLIPPED, advice, passage_advice, source_advice, subject_advice
from groundswell.engine.compile.fields import CLOSE, OPEN, Marks
from groundswell.engine.compile.layout import lay_out
from groundswell.engine.compile.pictures import check_pictures
from groundswell.engine.compile.places import check_places, used
from groundswell.engine.compile.source import LAYOUTS, Appeal, Block, head_of, read_appeal
from groundswell.engine.local import Local, check_local
from groundswell.engine.message import Action, Letter, Passage, Picture, Sender, SourceNote
from groundswell.engine.words import direction, spoken

__all__ = ["Compiled", "compile_appeal", "head_of"]

_FOOTER = {
    "postal_address": "postal address", "why": "reason why the reader gets this", "privacy_url": "privacy page",
    "organisation": "organisation", "from_address": "from-address", "reply_to": "reply address",
}  # fmt: skip
_FEEDBACK = re.compile(r"[A-Za-z0-9_-]{5,15}")
_FOREIGN_FROM = frozenset({"gmail.com", "googlemail.com", "yahoo.com", "outlook.com", "hotmail.com", "aol.com", "icloud.com"})
LONGEST = 300_000
"""Characters of an appeal: nobody reads more, and nothing that was pasted by mistake is worked on for minutes."""
LARGEST = 2_000_000
"""Bytes of a whole letter; far below what relays take, far above what a letter needs."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A letter, or none where there are errors; advice comes along either way: it is never a wall."""

    letter: Letter | None
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What must be mended before anyone is mailed."""
        return tuple(problem for problem in self.problems if problem.severity == "error")


def compile_appeal(
    source: str, *, sender: Sender, sources: Mapping[str, SourceNote], action: Action, language: str = "en",
    passages: Mapping[str, Passage] | None = None, pictures: Mapping[str, Picture] | None = None, own_host: str = "",
    today: date | None = None, local: Mapping[str, Local] | None = None,
) -> Compiled:  # fmt: skip
    """The letter that `source` describes. Same input, same letter; no clock, no look-up.

    `own_host` is the one host that pictures may come from; `today` lets passages grow old; `local` are the tables whose
    names are fields that speak of the reader's place.
    """
    problems: list[Problem] = list(_sender_problems(sender))
    if len(source) > LONGEST:
        words = f"The appeal has {len(source) // 1000} KB of text; {LONGEST // 1000} is the most."
        return Compiled(None, (*problems, Problem("letter-too-large", words, "Shorten it.")))
    for character in (OPEN, CLOSE):
        if (at := source.find(character)) >= 0:
            place = source[:at].count("\n") + 1, at - source[:at].rfind("\n")
            problems.append(Problem("private-character", "The text holds private-use characters.", "Remove them.", *place))
            source = source.replace(character, "")
    appeal = read_appeal(source, problems)
    language = appeal.head.get("language") or language
    marks = Marks(language, sources, problems, local or {})
    blocks = _with_marks(appeal, marks, passages or {}, problems, today)
    subject_line = appeal.lines.get("subject", 1)
    subject = marks.marked(appeal.head.get("subject", ""), subject_line, 10)
    preview = marks.marked(appeal.head.get("preview", ""), appeal.lines.get("preview", 1), 10)
    problems.extend(_whole(appeal, blocks, subject, subject_line))
    problems.extend(check_places(appeal, blocks, subject, preview))
    tables = used(local or {}, marks)
    problems.extend(check_local(tables))
    problems.extend(check_pictures(blocks, pictures or {}, own_host))
    problems.extend(advice(blocks))
    problems.extend(source_advice(marks.cited, sources))
    if not spoken(language):
        words = "The footer's own words are not there in this language; they are English."
        problems.append(Problem("words-missing", words, "Send it so, or offer the words.", severity="advice"))
    if any(problem.severity == "error" for problem in problems):
        return Compiled(None, tuple(problems))
    laid_out = lay_out(
        blocks, sender=sender, notes=tuple(sources[key] for key in marks.cited), subject=subject, preview=preview,
        language=language, layout=appeal.head.get("layout") or LAYOUTS[0],
    )  # fmt: skip
    choices = {str(number): (block.fact, block.values) for number, block in enumerate(b for b in blocks if b.kind == "if")}
    shown = tuple(picture for name, picture in (pictures or {}).items() if f'src="cid:{name}"' in laid_out.html)
    letter = Letter(
        subject=marks.template(subject, choices), preview=marks.template(preview, choices),
        html=marks.template(laid_out.html, choices, in_html=True), text=marks.template(laid_out.text, choices), language=language,
        direction=direction(language), sender=sender, action=action, positions=laid_out.positions,
        notes=tuple(sources[key] for key in marks.cited), pictures=shown, local=tables,
    )  # fmt: skip
    problems.extend(_size(laid_out.html, shown))
    if any(problem.severity == "error" for problem in problems):
        return Compiled(None, tuple(problems))
    return Compiled(letter, tuple(problems))


def _with_marks(
    appeal: Appeal, marks: Marks, passages: Mapping[str, Passage], problems: list[Problem], today: date | None
) -> list[Block]:
    # Notes are numbered by first use in reading order, and the P.S. is read after everything else.
    ordered = sorted(appeal.blocks, key=lambda block: block.kind in ("ps", "text"))
    for block in ordered:
        first = block.line if block.kind == "text-paragraph" else block.line + 1
        if block.kind == "passage" and not block.text.strip():
            passage = passages.get(block.name)
            if passage is None:
                words, mend = f"The record has no passage “{block.name}”.", "Write its text, or name another."
                problems.append(Problem("passage-unknown", words, mend, block.line, 1))
                continue
            block.text = passage.text
            problems.extend(passage_advice(passage, today, block.line))
        block.text = marks.marked(block.text, first)
    return ordered


def _whole(appeal: Appeal, blocks: list[Block], subject: str, subject_line: int) -> Iterator[Problem]:
    if not subject.strip():
        yield Problem("subject-missing", "The letter has no subject.", "Add `subject: …` at the top.", 1, 1)
    yield from subject_advice(subject, subject_line)
    asks = [block for block in blocks if block.kind == "ask"]
    if not asks:
        yield Problem("ask-missing", "The letter asks for nothing.", "Add a block `::: ask … :::`.", 1, 1)
    for kind in ("ask", "ps"):
        for block in blocks:
            if block.kind == kind and not block.text.strip():
                yield Problem("block-empty", f"The block “{kind}” is empty.", "Write what it says.", block.line, 1)
    for kind in ("ps", "text"):
        for block in [block for block in blocks if block.kind == kind][1:]:
            yield Problem("block-twice", f"There are two blocks “{kind}”.", "Make them one.", block.line, 1)
    layout = appeal.head.get("layout") or LAYOUTS[0]
    if layout not in LAYOUTS:
        words, mend = f"There is no layout “{layout}”.", f"There are: {', '.join(LAYOUTS)}."
        yield Problem("layout-unknown", words, mend, appeal.lines["layout"], 9)
    for block in blocks:
        if re.search(r"<[a-zA-Z/!][^>]*>", block.text):
            words = "HTML is shown as it is typed, not obeyed."
            yield Problem("html-as-text", words, "Use Markdown.", block.line, 1, "advice")


def _sender_problems(sender: Sender) -> Iterator[Problem]:
    for attribute, name in _FOOTER.items():
        if not getattr(sender, attribute).strip():
            yield Problem("footer", f"The sender profile has no {name}.", "The footer needs it; no letter leaves without.")
    if sender.from_address.strip() and sender.from_address.rpartition("@")[2].lower() in _FOREIGN_FROM:
        words = "The from-address is a mailbox provider's: receivers would take the letter for a forgery (DMARC)."
        yield Problem("sender-foreign", words, "Use an address in a domain of your own.")
    if not _FEEDBACK.fullmatch(sender.feedback_id):
        words = "The sender profile's feedback id is not 5 to 15 letters or digits."
        yield Problem("sender-feedback", words, "Choose one and keep it: Gmail counts complaints by it.", severity="advice")


def _size(html: str, pictures: tuple[Picture, ...]) -> Iterator[Problem]:
    if len(html.encode()) > CLIPPED:
        yield Problem("clipped", "Gmail clips letters over 102 KB.", "Shorten it.", severity="advice")
    if len(html.encode()) + sum(len(picture.data) for picture in pictures) * 4 // 3 > LARGEST:
        yield Problem("letter-too-large", "The letter is over 2 MB.", "Leave out pictures.")
