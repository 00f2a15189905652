"""Another sender of a letter, started by whoever delivers it: `python -m groundswell.cli.helper LETTER SENDERS`.

It waits at its standard input for the word to begin, and says on its standard output how many letters had an answer.
"""

import signal
import sys
from dataclasses import replace

from groundswell.basics.ids import LetterId
from groundswell.basics.result import Refused


def main(letter_id: LetterId, senders: int) -> int:
    """One helper's life. A refusal is its starter's to say: that one meets the same relay."""
    # A Ctrl-C is for whoever started it, who tells it to end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from groundswell.cli import ready
    from groundswell.cli.app import now
    from groundswell.site.settings import load

    ready.django_ready(load())
    from groundswell.post.together import help_with
    from groundswell.post.wiring import post_office, transport

    try:
        office = replace(post_office(), senders=senders)
        help_with(letter_id=letter_id, office=office, transport=transport(senders), clock=now)
    except Refused:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main(LetterId(int(sys.argv[1])), int(sys.argv[2])))
