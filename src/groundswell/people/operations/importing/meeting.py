"""Who is in two lists: kept in mind, so that taking the first list back takes nobody away whom the second brought too."""

from django.db import connection

from groundswell.people.operations.importing.batch import Batch

_NONE = "\\N"


def mark_met(batch: Batch, *, run: int, yes: int) -> None:
    """Write down who of this batch came by another import, and whether this one's row stood for a yes (of the terms `yes`).

    In the caller's transaction, which holds the writers' lock alone. A list that is repeated writes a row for everybody: numbers
    only, by COPY, and nothing is looked up.
    """
    coarse, says_yes = batch.coarse, str(yes)
    rows = [
        f"{run}\t{known.person}\t{says_yes if draft.consents and not draft.reasons else _NONE}\n"
        for known, draft in batch.known
        if (here := coarse.get(known.person)) and here.import_id is not None and here.import_id != run
    ]
    if rows:
        with connection.cursor() as cursor, cursor.copy("COPY people_importmet (run_id, person_id, terms_id) FROM STDIN") as copy:
            copy.write("".join(rows))
