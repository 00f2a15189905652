"""The bytes of a message: header values, addresses, and 7-bit quoted-printable."""

from groundswell.engine.mime.addresses import message_id, on_the_wire, tagged, verp
from groundswell.engine.mime.headers import flat, fold, header_text, mailbox
from groundswell.engine.mime.lists import POST, feedback_id, list_id, list_unsubscribe
from groundswell.engine.mime.quoted import quoted_address, quoted_printable, quoted_value

__all__ = [
    "POST", "feedback_id", "flat", "fold", "header_text", "list_id", "list_unsubscribe", "mailbox", "message_id",
    "on_the_wire", "quoted_address", "quoted_printable", "quoted_value", "tagged", "verp",
]  # fmt: skip
