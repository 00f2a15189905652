"""A posted form, from either encoding, bounded; never an exception for any bytes."""

import re
from urllib.parse import parse_qsl

_BOUNDARY = re.compile(r'boundary="?([^";,]{1,200})"?', re.IGNORECASE)
_NAME = re.compile(r'name="([^"]{0,100})"')


def fields(content_type: str, body: bytes) -> dict[str, str]:
    """Name → value, the last of each; files and anything unreadable are left out."""
    if content_type.lower().startswith("multipart/form-data"):
        return _multipart(content_type, body)
    try:
        pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=50)
    except ValueError:
        return {}
    return {name: _clean(value) for name, value in pairs}


def _multipart(content_type: str, body: bytes) -> dict[str, str]:
    found = _BOUNDARY.search(content_type)
    if found is None:
        return {}
    values: dict[str, str] = {}
    for part in body.split(b"--" + found.group(1).encode())[1:51]:
        head, _, value = part.partition(b"\r\n\r\n")
        name = _NAME.search(head.decode("utf-8", "replace"))
        if name and b"filename=" not in head:
            values[name.group(1)] = _clean(value.removesuffix(b"\r\n").decode("utf-8", "replace"))
    return values


def _clean(value: str) -> str:
    return value.replace("\x00", "").strip()[:2000]
