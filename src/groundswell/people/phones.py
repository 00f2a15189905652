"""Telephone numbers: the one form under which two spellings are the same line (E.164), or none. Pure."""

import re
import unicodedata

# Country → calling code, the digits dialled before a national number that are not part of it, and how many digits a national
# number has without them, at least and at most (ITU-T E.164, E.123, national numbering plans).
_CALLING: dict[str, tuple[str, str, int, int]] = {
    "US": ("1", "1", 10, 10), "CA": ("1", "1", 10, 10), "GB": ("44", "0", 9, 10), "IE": ("353", "0", 7, 9),
    "DE": ("49", "0", 6, 11), "AT": ("43", "0", 6, 11), "CH": ("41", "0", 9, 9), "FR": ("33", "0", 9, 9),
    "BE": ("32", "0", 8, 9), "NL": ("31", "0", 9, 9), "LU": ("352", "", 5, 9), "ES": ("34", "", 9, 9), "PT": ("351", "", 9, 9),
    "IT": ("39", "", 6, 11), "DK": ("45", "", 8, 8), "NO": ("47", "", 8, 8), "SE": ("46", "0", 7, 9), "FI": ("358", "0", 5, 10),
    "IS": ("354", "", 7, 7), "PL": ("48", "", 9, 9), "CZ": ("420", "", 9, 9), "SK": ("421", "0", 9, 9),
    "HU": ("36", "06", 8, 9), "SI": ("386", "0", 8, 8), "HR": ("385", "0", 8, 9), "RO": ("40", "0", 9, 9),
    "BG": ("359", "0", 8, 9), "GR": ("30", "", 10, 10), "CY": ("357", "", 8, 8), "MT": ("356", "", 8, 8),
    "EE": ("372", "", 7, 8), "LV": ("371", "", 8, 8), "LT": ("370", "0", 8, 8), "UA": ("380", "0", 9, 9),
    "TR": ("90", "0", 10, 10), "IL": ("972", "0", 8, 9), "ZA": ("27", "0", 9, 9), "NG": ("234", "0", 8, 10),
    "KE": ("254", "0", 9, 9), "GH": ("233", "0", 9, 9), "EG": ("20", "0", 8, 10), "MA": ("212", "0", 9, 9),
    "IN": ("91", "0", 10, 10), "PK": ("92", "0", 9, 10), "BD": ("880", "0", 8, 10), "LK": ("94", "0", 9, 9),
    "AU": ("61", "0", 9, 9), "NZ": ("64", "0", 8, 10), "JP": ("81", "0", 9, 10), "KR": ("82", "0", 8, 10),
    "PH": ("63", "0", 8, 10), "ID": ("62", "0", 8, 12), "MY": ("60", "0", 8, 10), "SG": ("65", "", 8, 8),
    "HK": ("852", "", 8, 8), "TW": ("886", "0", 8, 9), "TH": ("66", "0", 8, 9), "BR": ("55", "0", 10, 11),
    "MX": ("52", "", 10, 10), "AR": ("54", "0", 10, 11), "CL": ("56", "", 9, 9), "CO": ("57", "", 10, 10),
    "PE": ("51", "0", 8, 9),
}  # fmt: skip
_FEWEST = 8
"""Digits of a national number behind a calling code that lost its `+`: fewer are no sure sign of one."""
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
        digits = _international(digits, *_CALLING[country])
    else:
        return None
    return f"+{digits}" if 8 <= len(digits) <= 15 and digits[0] != "0" else None


def _international(digits: str, code: str, trunk: str, fewest: int, most: int) -> str:
    """A number that was written without `+`, with the country's calling code. Empty where it may be either of two numbers."""
    if trunk and digits.startswith(trunk):
        return code + digits.removeprefix(trunk)
    rest = len(digits) - len(code)
    if digits.startswith(code) and max(fewest, _FEWEST) <= rest <= most:
        # A spreadsheet takes the + from a number, as it takes the 0. Too long for a number of the country, it has its code already.
        if len(digits) > most:
            return digits
        if trunk:
            return ""
    return code + digits
