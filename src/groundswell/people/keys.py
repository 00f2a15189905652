"""The people room's keys, from the installation's key folder; built once per ring."""

from functools import lru_cache

from django.conf import settings

from groundswell.basics.keyring import KeyRing
from groundswell.people.vault.seal import Sealer


def index_ring() -> KeyRing:
    """The blind index's ring."""
    ring: KeyRing = settings.GROUNDSWELL.key_folder.ring("index")
    return ring


def vault_ring() -> KeyRing:
    """The vault's ring."""
    ring: KeyRing = settings.GROUNDSWELL.key_folder.ring("vault")
    return ring


@lru_cache(maxsize=2)
def _sealer(ring_text: str) -> Sealer:
    return Sealer(vault_ring())


def sealer() -> Sealer:
    """Seals under today's key."""
    return _sealer(vault_ring().to_text())
