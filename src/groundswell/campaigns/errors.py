"""What the record refuses, by name; the words are a person's to act on and hold no person."""

from groundswell.basics.result import Problem


def missing(field: str, name: str, mend: str = "Every claim has a source.") -> Problem:
    """A source that nobody could find again."""
    return Problem("source-missing", f"The entry's source has no {name}.", mend, context={"field": field})


NO_SOURCE = Problem(
    "source-missing", "The entry has no source.", "Name at least one: who published it, its title, its address.",
    context={"field": "sources"},
)  # fmt: skip
FUTURE = Problem(
    "date-future", "The entry is dated in the future.",
    "Date it by the day it was said or done; a day to come belongs into “expires” or “begins”.", context={"field": "dated"},
)  # fmt: skip
CIRCLE = Problem(
    "correction-circular", "These corrections go round in a circle.", "Let each point to an entry that was there before it.",
    context={"field": "corrects"},
)  # fmt: skip
