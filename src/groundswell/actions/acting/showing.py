"""Photos as the page shows them: of people who stand by it, after somebody looked."""

import base64
from dataclasses import dataclass

from groundswell.actions.acting.tables import Photo
from groundswell.basics.ids import ActionId


@dataclass(frozen=True, slots=True)
class ShownPhoto:
    """One photo on the page; `name` is its file's, below the action's `photos/`."""

    name: str
    alt: str
    width: int
    height: int


def shown(petition_id: ActionId, *, most: int = 60) -> tuple[ShownPhoto, ...]:
    """The newest first."""
    rows = Photo.objects.filter(petition_id=petition_id, state="shown", public__isnull=False, deed__signature__state="confirmed")
    return tuple(
        ShownPhoto(file_name(pk.hex, blurred), alt, width, height)
        for pk, blurred, alt, width, height in rows.order_by("-deed__at", "pk").values_list(
            "pk", "blurred", "alt", "width", "height"
        )[:most]
    )


def content(petition_id: ActionId, name: str) -> bytes | None:
    """The JPEG of a shown photo, by its file's name."""
    for photo in Photo.objects.filter(petition_id=petition_id, state="shown", public__isnull=False).only("pk", "blurred"):
        if file_name(photo.pk.hex, photo.blurred) == name:
            return bytes(photo.public or b"")
    return None


def file_name(deed: str, blurred: int) -> str:
    """The name of a photo's file: of its deed, and of how often it was blurred, so that no reader keeps the sharper one."""
    raw = bytes.fromhex(deed)
    return f"{base64.b32encode(raw).decode().rstrip('=').lower()}{blurred}.jpg"
