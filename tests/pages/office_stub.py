"""A stand-in for the office behind the door: says what it was asked, as an ordinary WSGI program does."""

import json
from collections.abc import Callable, Iterable
from typing import Any


def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    body = environ["wsgi.input"].read()
    told = {name: value for name, value in environ.items() if isinstance(value, str)}
    answer = json.dumps({"environ": told, "length": len(body)}).encode()
    if environ["PATH_INFO"] == "/office/long":
        answer = b"x" * 3_000_000
    start("200 OK", [("Content-Type", "application/json"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
    return [answer]
