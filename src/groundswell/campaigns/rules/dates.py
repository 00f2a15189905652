"""A date as exactly as it is known: a day, a month, a season, a year. Pure."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from groundswell.basics.result import Refused

PRECISIONS = ("day", "month", "season", "year")
SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}
"""Season → its first month. A winter is named for the year it begins in; seasons are those of the northern half."""
_FORMS = {
    "day": re.compile(r"(\d{4})-(\d{2})-(\d{2})"),
    "month": re.compile(r"(\d{4})-(\d{2})"),
    "season": re.compile(r"(\d{4})-(spring|summer|autumn|winter)"),
    "year": re.compile(r"(\d{4})"),
}


@dataclass(frozen=True, slots=True)
class Dated:
    """A date with its precision: every day from `first` to `last` is possible."""

    text: str
    precision: str
    about: bool
    first: date
    last: date

    @property
    def words(self) -> str:
        """As a person reads it: `18 May 2021`, `May 2021`, `summer 2021`, `2021`, `about May 2021`."""
        return date_words(self.text, self.about)


def read_date(text: str, precision: str = "", *, about: bool = False) -> Dated:
    """The date that `text` names, or `Refused`. The precision may be left to the text; `approx-month` means about."""
    text = text.strip().lower()
    if precision.startswith("approx-"):
        precision, about = precision.removeprefix("approx-"), True
    for name, form in _FORMS.items():
        found = form.fullmatch(text)
        if found and precision in ("", name):
            try:
                first, last = _span(name, found.groups())
            except ValueError:
                break
            return Dated(text, name, about, first, last)
    raise Refused.because(
        "date-unreadable", f"“{text}” is no date that the record can hold.",
        "Write 2021-05-18, 2021-05, 2021-spring or 2021, as exactly as you know it.",
    )  # fmt: skip


def _span(precision: str, parts: tuple[str, ...]) -> tuple[date, date]:
    year = int(parts[0])
    if precision == "day":
        day = date(year, int(parts[1]), int(parts[2]))
        return day, day
    if precision == "month":
        first = date(year, int(parts[1]), 1)
        return first, last_of_month(first)
    if precision == "season":
        first = date(year, SEASONS[parts[1]], 1)
        return first, last_of_month(months_after(first, 2))
    return date(year, 1, 1), date(year, 12, 31)


def date_words(text: str, about: bool = False) -> str:
    """`2021-05-18` → `18 May 2021`; what is no date of ours is left as it is."""
    words = text
    if found := _FORMS["season"].fullmatch(text):
        words = f"{found.group(2)} {found.group(1)}"
    elif (found := _FORMS["month"].fullmatch(text)) and 1 <= int(found.group(2)) <= 12:
        words = f"{calendar.month_name[int(found.group(2))]} {found.group(1)}"
    elif (found := _FORMS["day"].fullmatch(text)) and 1 <= int(found.group(2)) <= 12:
        words = f"{int(found.group(3))} {calendar.month_name[int(found.group(2))]} {found.group(1)}"
    return f"about {words}" if about else words


def months_after(day: date, months: int) -> date:
    """The same day `months` later (or earlier); the last of the month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        return date.max if year > 9999 else date.min
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def last_of_month(day: date) -> date:
    """The last day of the month of `day`."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def days_between(first: date, last: date) -> int:
    """Whole days from `first` to `last`, negative where it is earlier."""
    return (last - first) // timedelta(days=1)
