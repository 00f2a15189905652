"""The local mail receiver of demo and development: real SMTP, every letter into the mailbox, nothing goes further."""

import asyncio
import signal
import sys
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP

from groundswell.inbox.mailbox import Mailbox


class Keeping:
    """aiosmtpd's handler: a letter is acknowledged when it is on the disk."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 (aiosmtpd's name)
        """Keep the letter, then say so."""
        try:
            # The last server writes down where a letter would be returned to (RFC 5321 4.4).
            self._mailbox.keep(b"Return-Path: <" + (envelope.mail_from or "").encode() + b">\r\n" + envelope.content)
        except OSError:
            return "452 4.3.1 The disk is full, try again later"
        return "250 2.0.0 kept"


async def serve(host: str, port: int, folder: Path) -> None:
    """Take letters until told to end."""
    mailbox = Mailbox(folder)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(Keeping(mailbox), hostname="mailbox.localhost", enable_SMTPUTF8=True, loop=loop), host, port
    )
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ended.set)
    async with server:
        await ended.wait()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])))
