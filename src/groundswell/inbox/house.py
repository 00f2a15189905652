"""What the inbox needs of the installation's settings, in one place."""

from collections.abc import Mapping

from django.conf import settings

from groundswell.basics.boxes import public_half
from groundswell.inbox import sealing
from groundswell.inbox.spool import Piece, Spool, spool_of


def private_keys() -> Mapping[int, bytes]:
    """What opens a sealed mail."""
    keys: Mapping[int, bytes] = settings.GROUNDSWELL.key_folder.ring("intake").keys
    return keys


def seal(piece: Piece) -> bytes:
    """A piece as the database keeps it."""
    ring = settings.GROUNDSWELL.key_folder.ring("intake")
    return sealing.seal(public_half(ring.current_key), ring.current, piece.packed())


def spool() -> Spool:
    """The spool of this process's installation."""
    return spool_of(settings.GROUNDSWELL)


def is_ours(address: str) -> bool:
    """True for an address whose mail comes in here: never a place to forward to."""
    low = address.strip().lower()
    return low.rpartition("@")[2] == settings.GROUNDSWELL.bounce_domain.lower() or low in settings.GROUNDSWELL.inbound_list
