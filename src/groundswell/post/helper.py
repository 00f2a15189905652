"""Another sender of a letter, started by whoever delivers it: `python -m groundswell.post.helper LETTER SENDERS`.

It lives in its starter's environment, waits at its standard input for the word to begin, and says on its standard output how
it goes (`together.Helpers`).
"""

import signal
import sys
from dataclasses import replace
from datetime import UTC, datetime

from groundswell.basics.ids import LetterId
from groundswell.basics.result import Refused


def main(letter_id: LetterId, senders: int) -> int:
    """One helper's life. A refusal is its starter's to say: that one meets the same relay."""
    # A Ctrl-C is for whoever started it, who tells it to end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    import django  # noqa: PLC0415 (as the rest: it takes a second, in which a Ctrl-C is to be heard by nobody)

    django.setup()
    from groundswell.post.together import help_with  # noqa: PLC0415 (its tables need Django)
    from groundswell.post.wiring import post_office, transport  # noqa: PLC0415 (as above)

    try:
        office = replace(post_office(), senders=senders)
        help_with(letter_id=letter_id, office=office, transport=transport(senders), clock=lambda: datetime.now(UTC))
    except Refused:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main(LetterId(int(sys.argv[1])), int(sys.argv[2])))
