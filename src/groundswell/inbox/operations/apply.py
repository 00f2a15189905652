"""Doing what a mail calls for: understanding, deeds and the row's new state in one transaction, so exactly once.

Mails that prove whose letter they answer are applied in crowds: read one by one, written together. Everything else goes
alone: mails without a token (they are counted against a limit as they come), and any that failed or was begun before.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import OperationalError, connection, transaction

from groundswell.basics.ids import PersonRef
from groundswell.basics.tokens import TokenKeys
from groundswell.inbox import forwarding, house
from groundswell.inbox.deeds import Acting, NotYet
from groundswell.inbox.known import Known, sent_again
from groundswell.inbox.models import FullReport, Incoming, State
from groundswell.inbox.scrub import scrub
from groundswell.inbox.spool import Piece, opened
from groundswell.inbox.understanding import Understood, understand
from groundswell.inbox.writes import Writes, save
from groundswell.post import returns
from groundswell.post.models import State as Row
from groundswell.staff import notices

_LOG = logging.getLogger(__name__)
TRIES = 3
STARTS = 10
"""So often may a mail be begun without an end in sight: one that kills its worker is set aside too."""
KEPT_BYTES = 1024 * 1024
"""So much of a mail is kept for a person: a flood must not fill the database."""
AGAIN = timedelta(seconds=30)
NOT_YET = timedelta(seconds=15)
CROWD = 250
CROWD_BYTES = 16 * 1024 * 1024


@dataclass(slots=True)
class _Read:
    row: Incoming
    piece: Piece
    understood: Understood


def apply_due(*, now: datetime, most: int = 1000) -> int:
    """Apply what was taken in, oldest first; returns how many came to an end. One that fails never holds up the others."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, starts, octet_length(sealed) FROM inbox_incoming WHERE state = %s AND due_at <= %s ORDER BY due_at, id"
            " LIMIT %s",
            [State.TAKEN, now, most],
        )
        due = [(int(pk), int(starts), int(size or 0)) for pk, starts, size in cursor.fetchall()]
    done = 0
    for crowd in _crowds(due):
        alone = crowd if len(crowd) == 1 else None
        if alone is None:
            ended, alone = _apply_crowd(crowd, now)
            done += ended
        for pk in alone:
            done += apply_one(pk, now=now)
    return done


def _crowds(due: Sequence[tuple[int, int, int]]) -> Iterator[list[int]]:
    """Neighbours that were never begun, as many as fit into memory; what was begun before goes alone, so that a mail that
    kills its worker takes nobody with it twice."""
    crowd: list[int] = []
    size = 0
    for pk, starts, bytes_ in due:
        if crowd and (starts or len(crowd) >= CROWD or size + bytes_ > CROWD_BYTES):
            yield crowd
            crowd, size = [], 0
        crowd.append(pk)
        size += bytes_
        if starts:
            yield crowd
            crowd, size = [], 0
    if crowd:
        yield crowd


def _apply_crowd(pks: list[int], now: datetime) -> tuple[int, list[int]]:
    """Apply those that can be applied together; returns how many came to an end, and which are to go alone."""
    Incoming.objects.filter(pk__in=pks, state=State.TAKEN, starts=0).update(starts=1)
    try:
        with transaction.atomic():
            ended = _together(pks, now)
    except OperationalError:
        raise  # the database's trouble, not the mails'
    except Exception as error:  # noqa: BLE001 (one of them did it: which one, each alone will show)
        _LOG.warning("a crowd of mails could not be applied together: %s", type(error).__name__)
        ended = set()
    alone = [pk for pk in pks if pk not in ended]
    Incoming.objects.filter(pk__in=alone, state=State.TAKEN, starts=1).update(starts=0)
    return len(ended), alone


def _together(pks: list[int], now: datetime) -> set[int]:
    rows = Incoming.objects.select_for_update(skip_locked=True).filter(pk__in=pks, state=State.TAKEN).order_by("due_at", "pk")
    private, tokens = house.private_keys(), settings.GROUNDSWELL.key_folder.tokens
    mails = [read for row in rows if (read := _read(row, private, tokens, now)) is not None and _may_join(read)]
    deliveries = [delivery for mail in mails if (delivery := mail.understood.event.delivery) is not None]
    sent = returns.sent_many(deliveries)
    persons = {each.person for each in sent.values()}
    full: dict[PersonRef, list[datetime]] = {}
    for person, at in FullReport.objects.filter(person_id__in=persons).values_list("person_id", "at"):
        full.setdefault(PersonRef(person), []).append(at)
    known, writes, ended = Known(sent, full, sent_again(list(persons))), Writes(), list[Incoming]()
    seen: set[PersonRef] = set()
    for mail in mails:
        delivery = mail.understood.event.delivery
        about = sent.get(delivery) if delivery is not None else None
        if delivery is not None and (about is None or about.state == Row.CLAIMED or about.person in seen):
            continue  # what an earlier mail of this crowd says of the person must be written before
        if about is not None:
            seen.add(about.person)
        acting = Acting(mail.row, mail.piece, mail.understood, now, known=known)
        acting.act()
        _finish(mail.row, mail.piece, now)
        writes.join(acting.writes)
        ended.append(mail.row)
    writes.write(now)
    save(ended)
    return {row.pk for row in ended}


def _read(row: Incoming, private: Mapping[int, bytes], tokens: TokenKeys, now: datetime) -> _Read | None:
    try:
        piece = opened(private, bytes(row.sealed or b""))
        row.way, row.form = piece.way, piece.form
        return _Read(row, piece, understand(piece, keys=tokens, now=now))
    except Exception:  # noqa: BLE001 (told and counted when it goes alone)
        return None


def _may_join(mail: _Read) -> bool:
    """Whether this mail asks nothing of the books but what a crowd asks for all: whose letter it was, and how often full."""
    event = mail.understood.event
    if mail.piece.envelope_to.lower().startswith(f"{forwarding.RETURNS_TO}@"):
        return False
    if event.kind in {"vacation", "challenge"}:
        return True
    return event.delivery is not None and event.kind in {"bounce", "feedback", "unsubscribe"} and len(event.recipients) <= 1


def apply_one(pk: int, *, now: datetime) -> bool:
    """Apply one mail; False where another worker has it, or it must wait."""
    if not _begin(pk, now):
        return False
    try:
        with transaction.atomic():
            row = Incoming.objects.select_for_update(skip_locked=True).filter(pk=pk, state=State.TAKEN).first()
            if row is None:
                return False
            piece = opened(house.private_keys(), bytes(row.sealed or b""))
            row.way, row.form = piece.way, piece.form
            understood = understand(piece, keys=settings.GROUNDSWELL.key_folder.tokens, now=now)
            acting = Acting(row, piece, understood, now)
            acting.act()
            _finish(row, piece, now)
            acting.writes.write(now)
            save([row])
    except NotYet:
        Incoming.objects.filter(pk=pk, state=State.TAKEN).update(due_at=now + NOT_YET, starts=0)
        return False
    except OperationalError:
        raise  # the database's trouble, not the mail's
    except Exception as error:  # noqa: BLE001 (whatever a mail can do to us, the next one must be applied)
        return _failed(pk, error, now)
    return True


def _finish(row: Incoming, piece: Piece, now: datetime) -> None:
    row.applied_at = now
    if row.state != State.KEPT:
        row.sealed = None
    elif len(piece.content) > KEPT_BYTES:
        row.sealed = house.seal(piece.cut(KEPT_BYTES))


def _begin(pk: int, now: datetime) -> bool:
    with transaction.atomic():
        row = Incoming.objects.select_for_update(skip_locked=True).filter(pk=pk, state=State.TAKEN).only("starts").first()
        if row is None:
            return False
        if row.starts >= STARTS:
            _set_aside(pk, "begun ten times and never ended", now)
            return False
        Incoming.objects.filter(pk=pk).update(starts=row.starts + 1)
    return True


def _failed(pk: int, error: Exception, now: datetime) -> bool:
    _LOG.warning("mail %s could not be applied: %s", pk, type(error).__name__)
    with transaction.atomic():
        row = Incoming.objects.select_for_update().get(pk=pk)
        if row.state != State.TAKEN:
            return False
        row.failures += 1
        row.starts = 0
        row.due_at = now + AGAIN * row.failures
        row.save(update_fields=["failures", "starts", "due_at"])
        if row.failures >= TRIES:
            _set_aside(pk, f"failed {row.failures} times: {type(error).__name__} {scrub(str(error), most=120)}", now)
            return True
    return False


def _set_aside(pk: int, why: str, now: datetime) -> None:
    Incoming.objects.filter(pk=pk).update(state=State.SET_ASIDE, outcome=why[:300], applied_at=now)
    notices.tell(
        subject="A mail that came back was set aside",
        words=f"Mail {pk} could not be applied ({why}). Nothing was changed by it. Please look at it, "
        "or pass it to whoever runs this installation.",
        once=f"inbox:set-aside:{pk}", link="/office/returns/", now=now,
    )  # fmt: skip
