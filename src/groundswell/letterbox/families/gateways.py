"""Virus and spam gateways, relays and archives: they sit before the real server and report in its place."""

from groundswell.letterbox.families.table import ANGLE, EITHER, row

GATEWAYS = (
    row(
        "interscan",
        ("interscan", "sent <<< rcpt to", "received >>> "),
        r"(?:RCPT TO:|message to)[ \t]*<(?P<who>[^<>\n]{3,280})>",
        heads="mail could not be delivered",
    ),
    row("mcafee", ("failed recipients ------", "following addresses had delivery problems"), ANGLE + r"(?P<why>[^\n]{0,300})"),
    row(
        "surfcontrol",
        ("addressed to:", "failed to send to identified host", "your message could not be sent"),
        (
            r"^(?:Addressed To:[ \t]*<?(?P<who>[^\s<>]{3,280})|"
            r"(?P<who2>[^\s<>:]{1,80}@[^\s<>:]{3,200}): \[[\d.]{7,15}\],? (?P<why>[^\n]{0,300}))"
        ),
    ),
    row(
        "mailmarshal",
        ("the following recipients were affected", "could not be delivered because of"),
        EITHER,
        after=("recipients were affected:",),
        until=("additional information",),
    ),
    row("mailfoundry", ("unable to deliver message to:",), (r"Unable to deliver message to:[ \t]*<?(?P<who>[^\s<>]{3,280})")),
    row(
        "ironport",
        ("was undeliverable.\nthe reason", "the following message to <"),
        r"following message to <(?P<who>[^<>\n]{3,280})> was undeliverable",
    ),
    row(
        "barracuda",
        ("was blocked by our spam firewall", "blocked by our bulk email filter", "blocked by our spam filter"),
        r"^(?:\*\*)?Your message to:?[ \t]{0,4}<?(?P<who>[^\s<>]{3,280})",
    ),
    row("messagelabs", ("this is the mail delivery agent at",), r"^<(?P<who>[^<>\n]{3,280})>"),
    row("mxlogic", ("the following address failed:",), r"failed:\s{1,8}<(?P<who>[^<>\n]{3,280})>:?"),
    row("m-filter", ("以下のメールアドレスへの送信に失敗", "-------server message"), EITHER),
    row(
        "activehunter", ("  >>> ", "this is the mail server at"), r"^[ \t]{0,4}>>>[ \t]*(?:[^\n<]{0,200})<(?P<who>[^<>\n]{3,280})>"
    ),
)
