"""What may stand in a cell. Pure."""


def harmless(text: str) -> str:
    """A cell that no spreadsheet computes: a leading `=`, `+`, `-`, `@`, tab or return is kept as text (behind a `'`)."""
    stripped = text.lstrip()
    return f"'{text}" if stripped[:1] in ("=", "+", "-", "@") or text[:1] in ("\t", "\r", "\n") else text
