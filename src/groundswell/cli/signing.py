"""DKIM keys of from-domains."""

import os

from groundswell.engine.sign import dns_record, new_ed25519_key, new_key
from groundswell.post.wiring import SECOND, SELECTOR, dkim_path, signer_for


def ensure_dkim_key(domain: str, *, second: bool = False) -> tuple[str, str]:
    """The selector and DNS record of a domain's key, made (mode 600) if there is none. `second`: its Ed25519 key."""
    selector = SECOND if second else SELECTOR
    path = dkim_path(domain, selector)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path.with_suffix(".new"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(new_ed25519_key() if second else new_key())
        path.with_suffix(".new").replace(path)
        signer_for.cache_clear()
    return selector, dns_record(path.read_bytes())


def dkim_records(domain: str) -> list[str]:
    """The DNS records of every key that the domain has, as lines of a zone file."""
    paths = [(selector, dkim_path(domain, selector)) for selector in (SELECTOR, SECOND)]
    return [f"{selector}._domainkey.{domain}. IN TXT {dns_record(path.read_bytes())}" for selector, path in paths if path.exists()]
