"""A posted form, from either encoding, bounded; never an exception for any bytes."""

import re
from urllib.parse import unquote_to_bytes

MOST_FIELDS = 50
_LONGEST = 2000
_LONGER = {"letter": 8000}
"""Fields that are more than a line or a paragraph."""
_ASCII = {written: chr(code) for code in range(128) for written in {f"{code:02x}", f"{code:02X}"}}
_BOUNDARY = re.compile(r'boundary="?([^";,]{1,200})"?', re.IGNORECASE)
_NAME = re.compile(r'name="([^"]{0,100})"')


def fields(content_type: str, body: bytes) -> dict[str, str]:
    """Name → value, the last of each; files and anything unreadable are left out."""
    if content_type[:19].lower() == "multipart/form-data":
        return _multipart(content_type, body)
    # What a browser sends is ASCII with escapes; anything else is read as the UTF-8 it may be.
    pairs = body.decode("utf-8", "replace").split("&", MOST_FIELDS)
    if len(pairs) > MOST_FIELDS:
        return {}
    values = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if name or equals:
            if "%" in name or "+" in name:
                name = _unquoted(name)
            if "%" in value or "+" in value:
                value = _unquoted(value)
            values[name] = _clean(value, _LONGER.get(name, _LONGEST))
    return values


def query_value(query: str, name: str) -> str:
    """The first value of `name` in a query string; empty where there is none."""
    if name not in query:
        return ""
    for pair in query.split("&", MOST_FIELDS):
        key, _, value = pair.partition("=")
        if key == name:
            return _clean(_unquoted(value))
    return ""


def _unquoted(text: str) -> str:
    text = text.replace("+", " ")
    first, *rest = text.split("%")
    try:
        # Nearly everything that is escaped is ASCII: put together from a table, in a third of the time.
        return first + "".join([_ASCII[piece[:2]] + piece[2:] for piece in rest])
    except KeyError:
        return _any_unquoted(text)


def _any_unquoted(text: str) -> str:
    return unquote_to_bytes(text.encode("utf-8", "replace")).decode("utf-8", "replace")


def _multipart(content_type: str, body: bytes) -> dict[str, str]:
    found = _BOUNDARY.search(content_type)
    if found is None:
        return {}
    values: dict[str, str] = {}
    for part in body.split(b"--" + found.group(1).encode("utf-8", "replace"))[1 : MOST_FIELDS + 1]:
        head, _, value = part.partition(b"\r\n\r\n")
        name = _NAME.search(head.decode("utf-8", "replace"))
        if name and b"filename=" not in head:
            text = value.removesuffix(b"\r\n").decode("utf-8", "replace")
            values[name.group(1)] = _clean(text, _LONGER.get(name.group(1), _LONGEST))
    return values


def _clean(value: str, most: int = _LONGEST) -> str:
    if "\x00" in value:
        value = value.replace("\x00", "")
    return value.strip()[:most]
