"""The one rule of a wish: which letters to a list it keeps from going to a person. Pure.

Asked of everybody while an audience is edited and frozen, and of each row at the moment of handing over. A join and no
subquery for each person: PostgreSQL gives up asking in parallel for the latter, of ten million people.
"""

from groundswell.engine.message import LIST_KINDS

LESS_DAYS = 30
"""“Less mail”: at most one letter to lists in so many days."""
TOO_SOON = "asked for less mail"
OTHER_TOPIC = "asked for letters on one topic only"
_KINDS = ", ".join(f"'{kind}'" for kind in sorted(LIST_KINDS))


def had_lately(*, letter: str, now: str) -> str:
    """SQL: what is joined to `w` (rows of `post_wish`), a row for each letter to a list that left, or may have, in their days.

    The arguments are SQL themselves, our own: the number of the letter that is asked about (it does not count itself; NULL
    where it has none yet), and the time. Group by the person.
    """
    return (
        f"LEFT JOIN (post_delivery d JOIN post_letter l ON l.id = d.letter_id AND l.kind IN ({_KINDS}))"
        # Of who asked for one topic only, no rows are looked up.
        " ON d.person_id = CASE WHEN w.days IS NOT NULL THEN w.person_id END AND d.state IN (3, 7, 8, 9)"
        f" AND d.changed_at > {now} - make_interval(days => w.days) AND d.letter_id IS DISTINCT FROM {letter}"
    )


def against(*, topic: str) -> str:
    """SQL, of what `had_lately` joined: why a letter on this topic does not go to them, or NULL where it may.

    A topic that is not known (NULL) keeps nothing back.
    """
    return f"CASE WHEN w.topic <> {topic} THEN '{OTHER_TOPIC}' WHEN count(d.id) > 0 THEN '{TOO_SOON}' END"
