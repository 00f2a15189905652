"""Office servers: Exchange and its kin, Domino, GroupWise, and the Windows mail servers of smaller houses."""

from groundswell.letterbox.families.table import BARE, EITHER, row

GROUPWARE = (
    row(
        "office365",
        (
            "delivery has failed to these recipients or",
            "remote server returned '",
            "diagnostic information for administrators",
            "couldn't be delivered to",
            "couldn't be delivered",
            "generating server:",
        ),
        (
            r"(?:^|<mailto:|\(|<)(?P<who>[^\s<>()\[\]:;,]{1,80}@[^\s<>()\[\]:;,]{3,200})(?=[>)]|[ \t]*$)"
            r"|couldn['’]t be delivered to[ \t]+(?P<who2>[^\s<>]{1,80}@[^\s<>]{3,200})"
        ),
        until=("original message headers:",),
    ),
    row(
        "exchange5",
        ("did not reach the following recipient",),
        r"^[ \t]{0,12}(?:[^\n]{0,200}?SMTP=|'|)(?P<who>[^\s<>'\"();]{1,80}@[^\s<>'\"();]{3,200})['\";]{0,2}",
        after=("did not reach the following recipient",),
    ),
    row(
        "exchange2003",
        (
            "the following recipient(s) could not be reached",
            "the following recipient(s) cannot be reached",
            "could not be reached:",
        ),
        r"^[ \t]{0,12}'?(?P<who>[^\s<>'\"()]{1,80}@[^\s<>'\"()]{3,200})'?",
        after=("be reached:", "be reached"),
    ),
    row(
        "microsoft-dsn",
        ("this is an automatically generated delivery status notification",),
        r"^[ \t*]{0,12}(?P<who>[^\s<>]{1,80}@[^\s<>]{3,200})[ \t]*$",
    ),
    row(
        "domino",
        ("was not delivered to:\n", "was not delivered to: \n", "failure reasons", "was not delivered to:"),
        r"^[ \t]{0,8}(?:User [^\n]{1,80}?\()?(?P<who>[^\s<>()]{1,80}@[^\s<>()]{3,200})",
        after=("was not delivered to:", "failure reasons"),
        until=("returned message",),
    ),
    row(
        "groupwise",
        ("the message that you sent was undeliverable to the following",),
        r"^[ \t]{0,12}(?P<who>[^\s<>()]{1,80}@[^\s<>()]{3,200})[ \t]*(?:\((?P<why>[^\n]{0,300}))?",
    ),
    row(
        "imail",
        (
            "unknown user:",
            "undeliverable to ",
            "undeliverable  to ",
            "invalid final delivery userid",
            "delivery failed",
            "user mailbox exceeds allowed size",
            "unknown host:",
        ),
        (
            r"^[ \t]{0,4}(?P<why>Unknown user|Unknown host|undeliverable\s{1,3}to|Invalid final delivery userid"
            r"|Delivery failed(?: \d+ attempts)?|User mailbox exceeds allowed size):?[ \t]{1,4}<?"
            r"(?P<who>[^\s<>]{3,280})"
        ),
    ),
    row(
        "mdaemon",
        ("permanent fatal delivery errors", "failed address:", "no such user here"),
        (
            r"^(?:Failed address:[ \t]*<?(?P<who>[^\s<>]{3,280})|(?P<who2>[^\s<>]{1,80}@[^\s<>]{3,200}) - "
            r"(?P<why>[^\n]{0,200}))"
        ),
    ),
    row(
        "communigate",
        ("failed to deliver to '", "module(domain", "module(account"),
        r"Failed to deliver to '<?(?P<who>[^'<>\n]{3,280})",
    ),
    row(
        "netscape",
        (
            "the following recipients did not receive",
            "the following destination addresses were unknown",
            "your message was not delivered to the following recipients",
            "recipients did not receive this message",
        ),
        r"^[ \t]{0,12}(?:Recipient:[ \t]*)?<(?P<who>[^<>\n]{3,280})>(?P<why>[^\n]{0,200})",
        reason_first=True,
    ),
    row(
        "iplanet",
        ("recipient address:", "original address:", "your message cannot be delivered to the following recipients"),
        (
            r"Recipient address:[ \t]{0,4}[^\n]{1,280}\n[ \t]*Original address:[ \t]*(?P<who>[^\s]{3,280})"
            r"|Recipient address:[ \t]*(?P<who2>[^\s]{3,280})"
        ),
    ),
    row("mercury", ("the local mail transport system has reported", "mercury"), r"^\*{2,4}[ \t]+<?(?P<who>[^\s<>]{3,280})>?"),
    row(
        "hmailserver",
        ("hmailserver sent:", "the following recipient(s) could not be reached"),
        BARE,
        after=("could not be reached:",),
    ),
    row(
        "mailenable",
        ("mailenable: message could not be delivered", "mailenable:"),
        r"Recipient:[ \t]*\[(?:SMTP:)?(?P<who>[^\]\s]{3,280})\](?P<why>[^\n]{0,200})",
    ),
    row(
        "smartermail",
        ("could not deliver message to the following recipient", "failed recipient:"),
        r"Failed Recipient:[ \t]*<?(?P<who>[^\s<>]{3,280})",
    ),
    row(
        "kerio",
        ("could not deliver message to", "was undeliverable because"),
        r"(?:deliver(?:ed)? (?:message )?to|recipient)[ \t:]*<?(?P<who>[^\s<>]{1,80}@[^\s<>]{3,200})",
    ),
    row("non-delivery-report", ("--- non-delivery report ---",), (r"following user:\s{1,8}[^\n<]{0,200}<(?P<who>[^<>\n]{3,280})>")),
    row(
        "firstclass",
        ("your message could not be delivered to the following recipients", "this message could not be delivered to"),
        EITHER,
    ),
    row(
        "postal-x6",
        ("trouble delivering your message", "rejected recipient <"),
        r"rejected recipient[ \t]+<(?P<who>[^<>\n]{3,280})>",
    ),
)
