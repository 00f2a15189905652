"""Which mail provider a domain belongs to, coarsely: five groups, so that a share can be counted and nobody is named.

A company's own domain that is hosted at Google or Microsoft is `others` here: finding out would mean asking the DNS about
every recipient's domain.
"""

from typing import Literal

Provider = Literal["google", "microsoft", "yahoo", "apple", "others"]
PROVIDERS: tuple[Provider, ...] = ("google", "microsoft", "yahoo", "apple", "others")

_EXACT: dict[str, Provider] = {
    "gmail.com": "google", "googlemail.com": "google", "google.com": "google",
    "icloud.com": "apple", "me.com": "apple", "mac.com": "apple", "apple.com": "apple",
    "aol.com": "yahoo", "aim.com": "yahoo", "ymail.com": "yahoo", "rocketmail.com": "yahoo", "att.net": "yahoo",
    "sbcglobal.net": "yahoo", "bellsouth.net": "yahoo", "verizon.net": "yahoo", "sky.com": "yahoo", "yahoodns.net": "yahoo",
    "outlook.com": "microsoft", "microsoft.com": "microsoft", "passport.com": "microsoft", "windowslive.com": "microsoft",
}  # fmt: skip
_NAMES: dict[str, Provider] = {
    "yahoo": "yahoo", "aol": "yahoo", "hotmail": "microsoft", "live": "microsoft", "msn": "microsoft", "outlook": "microsoft",
}  # fmt: skip
_SECOND_LEVEL = frozenset({"co", "com", "net", "org", "ne", "or", "ac", "edu", "gov"})


def provider_of(domain: str) -> Provider:
    """The group of a recipient's domain, or of a host that reports for one (`mta7.am0.yahoodns.net`). Total."""
    labels = domain.strip().strip(".").lower().split(".")
    for at in range(max(1, len(labels) - 1)):
        known = _EXACT.get(".".join(labels[at:]))
        if known:
            return known
    # yahoo.co.uk, hotmail.fr, live.com.au: the name stands before one country, or before a second level and a country.
    for at, name in enumerate(labels[:-1]):
        behind = labels[at + 1 :]
        if name in _NAMES and (
            (len(behind) == 1 and (len(behind[0]) == 2 or behind[0] == "com"))
            or (len(behind) == 2 and behind[0] in _SECOND_LEVEL and len(behind[1]) == 2)
        ):
            return _NAMES[name]
    return "others"
