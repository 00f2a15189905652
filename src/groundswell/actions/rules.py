"""What a signature may say of its signer. Pure."""

import base64
from uuid import UUID

SHOWS = ("name", "name+place", "place")
"""Shown to the target: first name and initial; these and the region; or “A supporter” and the region."""

LONGEST_REASON = 600
"""Characters of a signer's own words that are kept."""


def shows(*, anonymous: bool) -> str:
    """What the form's one question means: it says that name and region are handed over, unless this box is ticked."""
    return "place" if anonymous else "name+place"


def share_code(signature: UUID) -> str:
    """What a sharer's links carry: the beginning of their signature's id, which is keyed, opens nothing and names nobody."""
    return base64.urlsafe_b64encode(signature.bytes[:9]).decode()
