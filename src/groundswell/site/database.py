"""From one setting to Django's database dictionary: a server of your own, or the embedded one in the data folder."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from groundswell.basics.result import Refused
from groundswell.site.embedded import DATABASE, OWNER, socket_folder
from groundswell.site.settings import Settings


def database(settings: Settings) -> dict[str, Any]:
    """Django's entry for the database. `Refused` where DATABASE_URL names something other than PostgreSQL."""
    common: dict[str, Any] = {"ENGINE": "django.db.backends.postgresql", "CONN_HEALTH_CHECKS": True, "CONN_MAX_AGE": 60}
    if not settings.database_url:
        return {**common, "NAME": DATABASE, "USER": OWNER, "HOST": str(socket_folder(settings.database_folder))}
    parts = urlsplit(settings.database_url)
    if parts.scheme not in ("postgres", "postgresql") or len(parts.path) < 2:
        raise Refused.because(
            "setting-database",
            "DATABASE_URL does not name a PostgreSQL database.",
            "It should look like postgresql://user:password@host:5432/name; empty means the embedded one.",
        )
    query = dict(parse_qsl(parts.query))
    return {
        **common,
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": query,
    }
