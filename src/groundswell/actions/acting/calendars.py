"""An event for people's calendars (RFC 5545). Pure."""

from datetime import UTC, datetime

from groundswell.actions.acting.kinds import EventAct


def ics(event: EventAct, *, uid: str, title: str, address: str, sequence: int) -> bytes:
    """The event for a calendar (RFC 5545), in UTC so that no time zone has to be carried along. Pure.

    A cancelled one says so under the same `uid`, and a calendar that has it strikes it out. `sequence` grows with each change;
    the stamp is the beginning, so that the same event is the same bytes.
    """
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Groundswell//EN", "METHOD:PUBLISH", "BEGIN:VEVENT", f"UID:{uid}",
        f"SEQUENCE:{sequence}", f"DTSTAMP:{_utc(event.begins_at)}", f"DTSTART:{_utc(event.begins_at)}",
        f"DTEND:{_utc(event.ends_at)}", f"SUMMARY:{_text(title)}", f"LOCATION:{_text(event.place)}", f"URL:{address}",
        f"STATUS:{'CANCELLED' if event.cancelled else 'CONFIRMED'}", "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip
    return "".join(f"{_folded(line)}\r\n" for line in lines).encode()


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(words: str) -> str:
    for special in ("\\", ";", ","):
        words = words.replace(special, f"\\{special}")
    return "\\n".join(words.splitlines())


def _folded(line: str) -> str:
    """75 bytes a line at most (RFC 5545 3.1), never in the middle of a character."""
    parts: list[str] = []
    now = b""
    for character in line:
        raw = character.encode()
        if len(now) + len(raw) > (75 if not parts else 74):
            parts.append(now.decode())
            now = b""
        now += raw
    return "\r\n ".join([*parts, now.decode()])
