"""The story from the letter to the hand-over, each step done as its person would and looked at afterwards."""

import re
import sys
import time
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime

from groundswell.basics.ids import DeliveryId, LetterId
from groundswell.demo.world import DOMAIN, World
from groundswell.inbox.mailbox import Arrived, Mailbox, fingerprint
from groundswell.site.settings import Settings


class Broken(Exception):
    """A step did not do what the story says."""


def send(settings: Settings, built: World) -> LetterId:
    """Start the mailing (or go on with it), after settling what a killed sender left in doubt: the mailbox knows."""
    from groundswell.mailings.operations import start
    from groundswell.post import operations as post
    from groundswell.post.deliver import message_id
    from groundswell.post.tasks import deliver_letter

    now = datetime.now(UTC)
    letter_id = start(mailing_id=built.mailing_id, now=now)
    post.recover(folder=settings.data / "post", now=now)
    arrived = set(Mailbox(settings.mailbox_folder).fingerprints())
    tokens = settings.key_folder.tokens

    def came(delivery: DeliveryId) -> bool:
        return fingerprint(message_id(tokens, delivery, DOMAIN)) in arrived

    post.settle_uncertain(letter_id=letter_id, arrived=came, now=now)
    deliver_letter.defer(letter_id=letter_id)
    return letter_id


def verify(settings: Settings, built: World, letter_id: LetterId) -> int:
    """Play the rest and print what happened; 0 only if every step was seen to be true."""
    steps: list[tuple[str, Callable[[], str]]] = [
        ("every eligible person was mailed, once", lambda: _mailed(settings, letter_id)),
        ("no letter to anyone who left, bounced or complained", lambda: _withheld(letter_id)),
        ("a link opened, signed in one click, counted", lambda: _signed(settings)),
        ("the thank-you letter arrived", lambda: _thanked(settings)),
        ("the signature is in the hand-over", lambda: _handed_over(settings, built)),
    ]
    for name, step in steps:
        try:
            sys.stdout.write(f"  yes  {name}: {step()}\n")
        except Broken as broken:
            sys.stdout.write(f"  NO   {name}: {broken}\n")
            return 1
        sys.stdout.flush()
    sys.stdout.write("The whole story is true.\n")
    return 0


def _mailed(settings: Settings, letter_id: LetterId) -> str:
    from groundswell.post.deliver import message_id
    from groundswell.post.models import Delivery, State

    rows = Delivery.objects.filter(letter_id=letter_id).exclude(state=State.WITHHELD)
    expected = {
        fingerprint(message_id(settings.key_folder.tokens, DeliveryId(pk), DOMAIN)) for pk in rows.values_list("pk", flat=True)
    }
    if rows.exclude(state=State.ACCEPTED).exists():
        raise Broken(f"{rows.exclude(state=State.ACCEPTED).count()} rows are not accepted")
    arrived = Counter(Mailbox(settings.mailbox_folder).fingerprints())
    missing = [mark for mark in expected if mark not in arrived]
    twice = [mark for mark in expected if arrived[mark] > 1]
    if missing or twice:
        raise Broken(f"{len(missing)} never arrived, {len(twice)} arrived twice")
    return f"{len(expected)} letters at the receiver, for {len(expected)} people"


def _withheld(letter_id: LetterId) -> str:
    from groundswell.people.models import Person
    from groundswell.post.models import Delivery, State
    from groundswell.post.queries import withheld

    reasons = withheld(letter_id)
    for needed in ("unsubscribed", "hard bounce", "complaint"):
        if not reasons.get(needed):
            raise Broken(f"nobody was withheld as {needed}")
    mailed = Delivery.objects.filter(letter_id=letter_id).exclude(state=State.WITHHELD).values("person_id")
    if wrong := Person.objects.filter(pk__in=mailed, may_mail=False).count():
        raise Broken(f"{wrong} people were mailed who may not be")
    return ", ".join(f"{count} {reason}" for reason, count in sorted(reasons.items()))


def _signed(settings: Settings) -> str:
    letter, link = _letter_not_yet_signed(settings)
    page = _get(link)
    if "Sign with one click" not in page:
        raise Broken("the page behind the link does not recognise its reader")
    if letter.to.strip("<>") in page:
        raise Broken("the page shows an address")
    path = urllib.parse.urlsplit(link)
    before = _count(settings, path.path)
    token = urllib.parse.parse_qs(path.query)["t"][0]
    data = urllib.parse.urlencode({"t": token}).encode()
    thanks = _open(urllib.request.Request(f"{settings.base_url}{path.path}/sign", data=data))
    if "Thank you" not in thanks:
        raise Broken("no thanks after signing")
    _until(lambda: _count(settings, path.path) == before + 1, "the count did not rise by one")
    _STORY["signed"] = letter.to
    return f"{before} became {before + 1}"


_STORY: dict[str, str] = {}


def _thanked(settings: Settings) -> str:
    mailbox = Mailbox(settings.mailbox_folder)
    needed = _STORY["signed"]

    def arrived() -> bool:
        return any(
            (letter := mailbox.read(name)) and letter.to == needed and "Thank you" in letter.subject
            for name in mailbox.names()[:20]
        )

    _until(arrived, "it did not arrive")
    return "one, to the signer"


def _handed_over(settings: Settings, built: World) -> str:
    from groundswell.actions.queries import signatures
    from groundswell.deliveries.operations import hand_over, verify
    from groundswell.deliveries.order import Order

    total = sum(1 for _ in signatures(built.petition_id))
    done = hand_over(
        petition_id=built.petition_id, folder=settings.handover_folder, staff_id=None, why="the demo's story",
        now=datetime.now(UTC), order=Order(formats=("csv", "pdf")),
    )  # fmt: skip
    lines = done.path.read_text(encoding="utf-8-sig").splitlines()
    if done.total != total or not lines[-1].startswith(f"{total},"):
        raise Broken("the file does not hold every signature")
    if any(verify(done.folder / file.name) is None for file in done.files):
        raise Broken("a file does not verify")
    return (
        f"{done.path.name} and {len(done.files) - 1} more, {total} signature{'s' if total > 1 else ''}, SHA-256 {done.sha256[:16]}…"
    )


def _letter_not_yet_signed(settings: Settings) -> tuple[Arrived, str]:
    mailbox = Mailbox(settings.mailbox_folder)
    thanked = {letter.to for name in mailbox.names()[:200] if (letter := mailbox.read(name)) and "Thank you" in letter.subject}
    for name in mailbox.names():
        letter = mailbox.read(name)
        if letter and letter.to not in thanked and (found := re.search(r"https?://\S+/a/\S+\?t=[\w~-]+", letter.text)):
            return letter, found.group()
    raise Broken("no letter with a link is left")


def _count(settings: Settings, path: str) -> int:
    return int(re.search(r'"count": (\d+)', _get(f"{settings.base_url}{path}/count.json")).group(1))  # type: ignore[union-attr]


def _get(address: str) -> str:
    return _open(urllib.request.Request(address))


def _open(request: urllib.request.Request) -> str:
    with urllib.request.urlopen(request, timeout=20) as answer:
        return str(answer.read().decode())


def _until(true: Callable[[], bool], otherwise: str, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            raise Broken(otherwise)
        time.sleep(0.2)
