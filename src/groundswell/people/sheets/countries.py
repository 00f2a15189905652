"""Countries as lists write them → two letters (ISO 3166-1). What we don't know is left out rather than guessed."""

from functools import lru_cache

_NAMES = {
    "usa": "US", "u.s.a.": "US", "u.s.": "US", "united states": "US", "united states of america": "US", "uk": "GB", "u.k.": "GB",
    "united kingdom": "GB", "great britain": "GB", "england": "GB", "scotland": "GB", "wales": "GB", "northern ireland": "GB",
    "ireland": "IE", "germany": "DE", "deutschland": "DE", "austria": "AT", "österreich": "AT", "switzerland": "CH",
    "schweiz": "CH", "suisse": "CH", "france": "FR", "belgium": "BE", "netherlands": "NL", "the netherlands": "NL",
    "nederland": "NL", "luxembourg": "LU", "spain": "ES", "españa": "ES", "portugal": "PT", "italy": "IT", "italia": "IT",
    "denmark": "DK", "danmark": "DK", "norway": "NO", "norge": "NO", "sweden": "SE", "sverige": "SE", "finland": "FI",
    "suomi": "FI", "iceland": "IS", "poland": "PL", "polska": "PL", "czechia": "CZ", "czech republic": "CZ", "slovakia": "SK",
    "hungary": "HU", "slovenia": "SI", "croatia": "HR", "romania": "RO", "bulgaria": "BG", "greece": "GR", "cyprus": "CY",
    "malta": "MT", "estonia": "EE", "latvia": "LV", "lithuania": "LT", "ukraine": "UA", "turkey": "TR", "türkiye": "TR",
    "israel": "IL", "south africa": "ZA", "nigeria": "NG", "kenya": "KE", "ghana": "GH", "egypt": "EG", "morocco": "MA",
    "india": "IN", "pakistan": "PK", "bangladesh": "BD", "sri lanka": "LK", "australia": "AU", "new zealand": "NZ",
    "aotearoa": "NZ", "japan": "JP", "south korea": "KR", "korea": "KR", "philippines": "PH", "indonesia": "ID",
    "malaysia": "MY", "singapore": "SG", "hong kong": "HK", "taiwan": "TW", "thailand": "TH", "brazil": "BR", "brasil": "BR",
    "mexico": "MX", "méxico": "MX", "argentina": "AR", "chile": "CL", "colombia": "CO", "peru": "PE", "perú": "PE",
    "canada": "CA",
}  # fmt: skip


@lru_cache(maxsize=10_000)
def code(text: str) -> str:
    """Two letters in capitals, or nothing."""
    text = text.strip()
    if len(text) == 2 and text.isascii() and text.isalpha():
        return "GB" if text.upper() == "UK" else text.upper()
    return _NAMES.get(text.casefold(), "")
