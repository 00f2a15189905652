"""DKIM keys of from-domains."""

import os

from groundswell.engine.sign import dns_record, new_key
from groundswell.post.wiring import SELECTOR, dkim_path, signer_for


def ensure_dkim_key(domain: str) -> tuple[str, str]:
    """The selector and DNS record of a domain's key, made (mode 600) if there is none."""
    path = dkim_path(domain)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path.with_suffix(".new"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(new_key())
        path.with_suffix(".new").replace(path)
        signer_for.cache_clear()
    return SELECTOR, dns_record(path.read_bytes())
