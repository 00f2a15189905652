"""A draft as its writer sees it: what the compiler says, with the words it speaks of, what can be cited, what came before."""

import base64
from dataclasses import dataclass
from datetime import date, datetime

from groundswell.actions import queries as actions
from groundswell.basics.ids import ActionId, MailingId
from groundswell.basics.result import Problem, Refused
from groundswell.campaigns import queries as campaigns
from groundswell.engine.compile import Compiled, head_of
from groundswell.engine.compile.source import LAYOUTS
from groundswell.engine.message import Passage
from groundswell.engine.render import preview, subject_line
from groundswell.mailings.audiences.queries import in_words
from groundswell.mailings.composing.passages import passages_of
from groundswell.mailings.composing.texts import changes, even, own_text
from groundswell.mailings.models import Mailing, Revision, SenderProfile
from groundswell.mailings.operations import compile_mailing
from groundswell.staff.models import Account

USUAL_LAYOUT = LAYOUTS[0]
"""Of a letter whose front matter names none."""


@dataclass(frozen=True, slots=True)
class Remark:
    """A problem or advice, with the author's own words at that place."""

    problem: Problem
    words: str


@dataclass(frozen=True, slots=True)
class Citable:
    """A source of the record that a note can be made of. `doubt` says why a writer should look twice."""

    key: str
    summary: str
    when: str
    publisher: str
    title: str
    doubt: str


@dataclass(frozen=True, slots=True)
class RevisionView:
    """A text of before, or one that was set aside."""

    id: int
    edition: int
    kind: str
    by: str
    at: datetime
    appeal: str


@dataclass(frozen=True, slots=True)
class Composition:
    """Everything that the composer shows of a draft."""

    id: MailingId
    slug: str
    appeal: str
    edition: int
    locked: str
    """Why the text can't be changed; empty where it can."""
    subject: str
    sender: str
    action: str
    language: str
    layout: str
    audience: str
    """In words, where it is not the standard one."""
    remarks: tuple[Remark, ...]
    compiles: bool
    words: int
    kilobytes: int
    flags: tuple[campaigns.FlagView, ...]

    @property
    def errors(self) -> list[Remark]:
        """What must be mended before anyone is mailed."""
        return [remark for remark in self.remarks if remark.problem.severity == "error"]

    @property
    def advice(self) -> list[Remark]:
        """What could be better."""
        return [remark for remark in self.remarks if remark.problem.severity != "error"]


def composition(slug: str, *, today: date, appeal: str | None = None) -> Composition | None:
    """The draft as it stands; with `appeal`, as it would be with this text. Changes nothing."""
    row = Mailing.objects.select_related("sender", "petition").filter(slug=slug).first()
    if row is None:
        return None
    if appeal is not None:
        row.appeal = appeal
    row.appeal = even(row.appeal)
    compiled = compile_mailing(row, today=today)
    lines = row.appeal.split("\n")
    head = head_of(row.appeal)
    locked = "It has begun." if row.letter_id is not None else "It is scheduled." if row.state == "scheduled" else ""
    kilobytes = -(-len(_html(compiled).encode()) // 1000)
    return Composition(
        MailingId(row.pk), row.slug, row.appeal, row.edition, locked, head.get("subject", ""), row.sender.slug, row.petition.slug,
        row.language, head.get("layout", ""), _audience(row),
        tuple(Remark(problem, _words(lines, problem.line)) for problem in _ordered(compiled.problems)),
        compiled.letter is not None, len(row.appeal.split()), kilobytes,
        tuple(flag for flag in campaigns.open_flags(row.petition.campaign_id)
              if flag.place_kind == "draft letter" and flag.place == slug),
    )  # fmt: skip


def senders() -> list[tuple[str, str]]:
    """Slug and name of every sender profile."""
    return [(row.slug, str(row)) for row in SenderProfile.objects.order_by("name")]


def passages(slug: str) -> list[Passage]:
    """The passages that this letter can name."""
    row = Mailing.objects.select_related("petition").get(slug=slug)
    return list(passages_of(row.petition.campaign_id).values())


def citable(petition_id: ActionId, today: date) -> list[Citable]:
    """Every source of the campaign's record, the newest first; what was corrected is left out."""
    view = campaigns.record(actions.petition(petition_id).campaign_id, today, everything=True)
    found = []
    for entry in sorted(view.entries, key=lambda entry: entry.last, reverse=True):
        if entry.corrected_by:
            continue
        doubt = "" if entry.certainty == "found" else f"not found, but {entry.certainty}"
        doubt = "disputed" if entry.disputed_by else doubt
        for place, source in enumerate(entry.sources, 1):
            key = entry.key if place == 1 else f"{entry.key}--{place}"
            said = doubt or ("" if source.original else "read in a copy only")
            found.append(Citable(key, f"{entry.actor}: {entry.subject}", entry.when, source.publisher, source.title, said))
    return found


def revisions(slug: str) -> list[RevisionView]:
    """Every text of before and every one set aside, the newest first."""
    names = dict(Account.objects.values_list("pk", "username"))
    return [
        RevisionView(row.pk, row.edition, row.kind, names.get(row.saved_by_id or 0, "the program"), row.saved_at, row.appeal)
        for row in Revision.objects.filter(mailing__slug=slug)
    ]  # fmt: skip


def differences(slug: str, text: str) -> list[tuple[str, str]]:
    """How `text` differs from what the mailing says now, line by line: `same`, `gone` (only in `text`), `new`."""
    return changes(text, Mailing.objects.values_list("appeal", flat=True).get(slug=slug))


def corrected_to(key: str) -> str:
    """The entry that corrects this one; empty where none does."""
    entry = campaigns.entry_named(key)
    return entry.corrected_by if entry else ""


def generated_text(slug: str) -> str:
    """The text part as the program writes it, as a block that its author can change; empty where the letter has errors."""
    row = Mailing.objects.select_related("sender").get(slug=slug)
    letter = compile_mailing(row).letter
    return "" if letter is None else own_text(letter.text, letter.notes, f"--\n{row.sender.organisation}, ")


def previewed(slug: str, values: dict[str, str], way: str = "") -> tuple[str, str, str] | None:
    """Subject, HTML and text as a person with these values would get them; None where it does not compile."""
    row = Mailing.objects.select_related("sender").filter(slug=slug).first()
    if row is None:
        return None
    variant = row.variants.select_related("sender").filter(name=way).first() if way else None
    letter = compile_mailing(row, variant).letter
    if letter is None:
        return None
    html, text = preview(letter, values)
    for picture in letter.pictures:  # no mail program here that would find them in the letter
        inside = f"data:{picture.content_type};base64,{base64.b64encode(picture.data).decode()}"
        html = html.replace(f'src="cid:{picture.content_id}"', f'src="{inside}"')
    return subject_line(letter, values), html, text


def _audience(row: Mailing) -> str:
    if row.definition is None:
        return ""
    try:
        return in_words(row.definition)
    except Refused:  # it names a tag or a petition that is gone
        return "An audience that can’t be read any more"


def _html(compiled: Compiled) -> str:
    return "" if compiled.letter is None else preview(compiled.letter, {})[0]


def _ordered(problems: tuple[Problem, ...]) -> list[Problem]:
    return sorted(problems, key=lambda problem: (problem.severity != "error", problem.line or 1_000_000, problem.column))


def _words(lines: list[str], line: int) -> str:
    words = lines[line - 1].strip() if 0 < line <= len(lines) else ""
    return words if len(words) <= 90 else f"{words[:89]}…"
