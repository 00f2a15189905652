"""Bytes to text: only charsets we know, by whichever of their names; anything else is looked at, never trusted.

A whitelist, because Python also offers codecs that are no charsets (`punycode`, `idna` are quadratic on hostile input).
"""

_KNOWN = {
    "utf-8": "utf-8", "utf8": "utf-8", "ufts-8": "utf-8", "uft-8": "utf-8", "unicode-1-1-utf-7": "utf-7",
    "utf-7": "utf-7", "utf-16": "utf-16", "utf-16le": "utf-16-le", "utf-16be": "utf-16-be",
    "iso-2022-jp": "iso2022_jp_ext", "iso-2022-jp-1": "iso2022_jp_ext", "iso-2022-jp-2": "iso2022_jp_2",
    "iso-2022-jp-3": "iso2022_jp_3", "csiso2022jp": "iso2022_jp_ext", "cp50220": "iso2022_jp_ext",
    "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "windows-31j": "cp932",
    "cp932": "cp932", "ms932": "cp932", "euc-jp": "euc_jp", "x-euc-jp": "euc_jp", "eucjp": "euc_jp",
    "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "ks_c_5601": "cp949", "cp949": "cp949", "ksc5601": "cp949",
    "iso-2022-kr": "iso2022_kr", "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "x-gbk": "gb18030",
    "cp936": "gb18030", "hz-gb-2312": "hz", "big5": "big5hkscs", "big5-hkscs": "big5hkscs", "cp950": "big5hkscs",
    "koi8-r": "koi8_r", "koi8-u": "koi8_u", "windows-1251": "cp1251", "cp1251": "cp1251", "cp866": "cp866",
    "ibm866": "cp866", "windows-1250": "cp1250", "windows-1252": "cp1252", "cp1252": "cp1252",
    "windows-1253": "cp1253", "windows-1254": "cp1254", "windows-1255": "cp1255", "windows-1256": "cp1256",
    "windows-1257": "cp1257", "windows-1258": "cp1258", "windows-874": "cp874", "tis-620": "cp874",
    "iso-8859-1": "latin-1", "latin1": "latin-1", "iso8859-1": "latin-1", "iso-8859-2": "iso8859_2",
    "iso-8859-3": "iso8859_3", "iso-8859-4": "iso8859_4", "iso-8859-5": "iso8859_5", "iso-8859-6": "iso8859_6",
    "iso-8859-7": "iso8859_7", "iso-8859-8": "iso8859_8", "iso-8859-8-i": "iso8859_8", "iso-8859-9": "iso8859_9",
    "iso-8859-10": "iso8859_10", "iso-8859-13": "iso8859_13", "iso-8859-14": "iso8859_14",
    "iso-8859-15": "iso8859_15", "iso-8859-16": "iso8859_16", "macintosh": "mac_roman", "ibm850": "cp850",
}  # fmt: skip


def decode(raw: bytes, charset: str) -> str:
    """`raw` as text. What the charset does not explain becomes U+FFFD; a false or missing name is seen through."""
    codec = _KNOWN.get(charset.strip("\"' ").lower())
    if codec is None or raw.isascii():
        return _looked_at(raw) if codec not in {"utf-7", "hz", "utf-16", "utf-16-le", "utf-16-be"} else _try(raw, codec)
    if codec in {"latin-1", "cp1252"}:
        # Most often this is the name of "whatever my keyboard does": UTF-8 that decodes is UTF-8.
        return _looked_at(raw)
    return _try(raw, codec)


def _try(raw: bytes, codec: str) -> str:
    try:
        return raw.decode(codec, "replace")
    except (UnicodeError, ValueError):  # codecs with state give up on some input even with "replace"
        return raw.decode("latin-1")


def _looked_at(raw: bytes) -> str:
    if b"\x1b$" in raw or b"\x1b(" in raw:
        return _try(raw, "iso2022_jp_ext")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    bad = raw.decode("utf-8", "ignore")
    high = sum(1 for byte in raw[:4096] if byte > 127)
    if high and len(bad) > len(raw) - high // 4:
        return raw.decode("utf-8", "replace")
    return raw.decode("cp1252", "replace")
