"""Languages as lists write them → a tag (BCP 47). What we don't know is left out rather than guessed."""

from functools import lru_cache

from groundswell.basics import languages

_NAMES = {
    name: tag
    for tag, names in {
        "en": "english|englisch|anglais|inglés|eng", "de": "german|deutsch|allemand|alemán|deu|ger",
        "fr": "french|français|francais|französisch|francés|fra|fre",
        "es": "spanish|español|espanol|castellano|spanisch|espagnol|spa",
        "it": "italian|italiano|italienisch|italien|ita", "pt": "portuguese|português|portugues|portugiesisch|por",
        "nl": "dutch|nederlands|niederländisch|nld|dut", "da": "danish|dansk|dänisch|dan", "sv": "swedish|svenska|schwedisch|swe",
        "nb": "bokmål|norwegian bokmål|nob", "no": "norwegian|norsk|norwegisch|nor", "fi": "finnish|suomi|finnisch|fin",
        "pl": "polish|polski|polnisch|pol",
        "cs": "czech|čeština|cesky|česky|tschechisch|ces|cze", "sk": "slovak|slovenčina|slk|slo",
        "hu": "hungarian|magyar|ungarisch|hun", "ro": "romanian|română|rumänisch|ron|rum", "bg": "bulgarian|български|bul",
        "el": "greek|ελληνικά|griechisch|ell|gre", "hr": "croatian|hrvatski|hrv", "sl": "slovenian|slovenščina|slv",
        "uk": "ukrainian|українська|ukrainisch|ukr", "ru": "russian|русский|russisch|rus", "tr": "turkish|türkçe|türkisch|tur",
        "ar": "arabic|العربية|arabisch|ara", "he": "hebrew|עברית|heb", "zh": "chinese|中文|chinesisch|zho|chi",
        "ja": "japanese|日本語|jpn", "ko": "korean|한국어|kor", "ca": "catalan|català|cat", "cy": "welsh|cymraeg|cym|wel",
        "ga": "irish|gaeilge|gle|iri",
    }.items()
    for name in names.split("|")
}  # fmt: skip


@lru_cache(maxsize=10_000)
def tag(text: str) -> str:
    """The tag as it is kept, which audiences ask for; or nothing."""
    text = text.strip()
    if found := _NAMES.get(text.casefold()):
        return found
    language, hyphen, rest = languages.tag(text).partition("-")
    return f"{_NAMES.get(language, language)}{hyphen}{rest}"
