"""What came of a letter: signatures by the place of the ask, of each way it was said, beside how many letters were taken."""

from dataclasses import dataclass

from django.db import connection

from groundswell.basics.ids import LetterId, MailingId
from groundswell.mailings.models import Mailing
from groundswell.post.models import Letter


@dataclass(frozen=True, slots=True)
class Place:
    """One ask of a letter: `body-1`, `body-2`, `ps`; signatures that came through its link, and of these the confirmed."""

    position: str
    signed: int
    confirmed: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way of a mailing: letters that were taken, and what each of its asks brought."""

    name: str
    letter_id: LetterId
    sent: int
    places: tuple[Place, ...]

    @property
    def confirmed(self) -> int:
        """Confirmed signatures of all its asks."""
        return sum(place.confirmed for place in self.places)


def outcomes(mailing_id: MailingId) -> list[Outcome]:
    """Every way of the mailing with its asks in reading order; an ask that brought nothing is there with nought.

    Counted from what people did, and not from what they opened or clicked.
    """
    mailing = Mailing.objects.get(pk=mailing_id)
    letters = {"A": mailing.letter_id, **dict(mailing.variants.values_list("name", "letter_id"))}
    return [_outcome(name, letter) for name, letter in sorted(letters.items()) if letter is not None]


def _outcome(name: str, letter_id: int) -> Outcome:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM post_delivery WHERE letter_id = %s AND state IN (3, 7, 8)", [letter_id])
        sent = cursor.fetchone()[0]
        cursor.execute(
            """
            SELECT s.position, count(*) FILTER (WHERE s.state <> 'withdrawn'), count(*) FILTER (WHERE s.state = 'confirmed')
            FROM actions_signature s JOIN post_delivery d ON d.id = s.delivery_id WHERE d.letter_id = %s GROUP BY s.position
            """,
            [letter_id],
        )
        counted = {position: (signed, confirmed) for position, signed, confirmed in cursor.fetchall()}
    positions = Letter.objects.filter(pk=letter_id).values_list("content__positions", flat=True).first() or []
    extra = sorted(set(counted) - set(positions))
    places = tuple(Place(position, *counted.get(position, (0, 0))) for position in (*positions, *extra))
    return Outcome(name, LetterId(letter_id), sent, places)
