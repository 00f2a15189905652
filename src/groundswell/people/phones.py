"""Telephone numbers: the one form under which two spellings are the same line (E.164), or none. Pure."""

import re
import unicodedata

# Country → calling code, and the digits dialled before a national number that are not part of it (ITU-T E.164, E.123).
_CALLING: dict[str, tuple[str, str]] = {
    "US": ("1", "1"), "CA": ("1", "1"), "GB": ("44", "0"), "IE": ("353", "0"), "DE": ("49", "0"), "AT": ("43", "0"),
    "CH": ("41", "0"), "FR": ("33", "0"), "BE": ("32", "0"), "NL": ("31", "0"), "LU": ("352", ""), "ES": ("34", ""),
    "PT": ("351", ""), "IT": ("39", ""), "DK": ("45", ""), "NO": ("47", ""), "SE": ("46", "0"), "FI": ("358", "0"),
    "IS": ("354", ""), "PL": ("48", ""), "CZ": ("420", ""), "SK": ("421", "0"), "HU": ("36", "06"), "SI": ("386", "0"),
    "HR": ("385", "0"), "RO": ("40", "0"), "BG": ("359", "0"), "GR": ("30", ""), "CY": ("357", ""), "MT": ("356", ""),
    "EE": ("372", ""), "LV": ("371", ""), "LT": ("370", "0"), "UA": ("380", "0"), "TR": ("90", "0"), "IL": ("972", "0"),
    "ZA": ("27", "0"), "NG": ("234", "0"), "KE": ("254", "0"), "GH": ("233", "0"), "EG": ("20", "0"), "MA": ("212", "0"),
    "IN": ("91", "0"), "PK": ("92", "0"), "BD": ("880", "0"), "LK": ("94", "0"), "AU": ("61", "0"), "NZ": ("64", "0"),
    "JP": ("81", "0"), "KR": ("82", "0"), "PH": ("63", "0"), "ID": ("62", "0"), "MY": ("60", "0"), "SG": ("65", ""),
    "HK": ("852", ""), "TW": ("886", "0"), "TH": ("66", "0"), "BR": ("55", "0"), "MX": ("52", ""), "AR": ("54", "0"),
    "CL": ("56", ""), "CO": ("57", ""), "PE": ("51", "0"),
}  # fmt: skip
_FORM = re.compile(r"(?:\+|00)?[\d\s().\-/]{5,30}").fullmatch
_BETWEEN = dict.fromkeys(map(ord, " \t\n\r\f\v\x1c\x1d\x1e\x1f+().-/"))


def is_number(text: str) -> bool:
    """Whether somebody may have meant this as a telephone number, of whatever country."""
    return _FORM(text.strip().replace("(0)", "")) is not None


def normalised(text: str, country: str = "") -> str | None:
    """`+` and 8 to 15 digits, or None where the text is no number or its country is not known to us.

    A number that was written without `+` is read as one of `country` (two letters).
    """
    if not text.isascii():  # digits and spaces of other scripts are digits and spaces
        text = "".join(str(unicodedata.decimal(mark, " " if mark.isspace() else mark)) for mark in text)
    text = text.strip()
    if "(" in text:
        text = text.replace("(0)", "")
    if not _FORM(text):
        return None
    digits = text.translate(_BETWEEN)
    if text.startswith("+"):
        pass
    elif text.startswith("00"):
        digits = digits[2:]
    elif country in _CALLING:
        code, trunk = _CALLING[country]
        digits = code + (digits.removeprefix(trunk) if trunk else digits)
    else:
        return None
    return f"+{digits}" if 8 <= len(digits) <= 15 and digits[0] != "0" else None
