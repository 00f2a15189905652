"""Whom an entry's actor names, shortly. Pure."""

import re

_END = re.compile(r"\s*(?:\(|,| and | with | via )")


def actor_name(actor: str) -> str:
    """`Ring (Amazon) and Flock Safety` → `Ring`: the first one named, without what is said of them."""
    return _END.split(actor.strip(), maxsplit=1)[0].strip() or actor.strip()


def slug_of(name: str) -> str:
    """A name as it stands in an address: lower case, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60] or "nobody"


def role_field(target: int) -> str:
    """What a contact's role is bound to, beside the person: moved to another target it does not open."""
    return f"role at {target}"
