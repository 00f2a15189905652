"""The people room's keys, from the installation's key folder; built once per ring."""

import hmac
from functools import lru_cache

from django.conf import settings

from groundswell.basics.keyring import KeyRing
from groundswell.people.vault.index import Indexer
from groundswell.people.vault.seal import Sealer


def index_ring() -> KeyRing:
    """The blind index's ring."""
    ring: KeyRing = settings.GROUNDSWELL.key_folder.ring("index")
    return ring


def intake_ring() -> KeyRing:
    """The ring of what arrives and is opened later: the journal, and lists that wait for their import."""
    ring: KeyRing = settings.GROUNDSWELL.key_folder.ring("intake")
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


def domain_mark(domain: str) -> bytes:
    """8 bytes for the domain of an address, under the index's key: the same for everyone there, and no name without it."""
    return _domain_mark(index_ring().current_key, domain)


@lru_cache(maxsize=4096)
def _domain_mark(key: bytes, domain: str) -> bytes:
    return hmac.digest(key, f"domain {domain.lower()}".encode(), "sha256")[:8]


def reason_field(petition: int) -> str:
    """What a signer's reason is bound to, beside the person: moved under another petition it does not open."""
    return f"reason {petition}"


def deed_field(deed: str) -> str:
    """What a person's own letter, note or photo is bound to, beside the person: the id of what they did."""
    return f"deed {deed}"


@lru_cache(maxsize=2)
def _indexer(ring_text: str) -> Indexer:
    return Indexer(index_ring())


def indexer() -> Indexer:
    """Makes and seeks blind indexes."""
    return _indexer(index_ring().to_text())
