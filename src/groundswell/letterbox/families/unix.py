"""The mail servers that most of the net runs on, and their descendants."""

from groundswell.letterbox.families.table import ANGLE, BARE, EITHER, row

UNIX = (
    row(
        "exim",
        (
            "this message was created automatically by mail delivery software",
            "following address(es) failed",
            "the following addresses failed",
            "local scanning code",
        ),
        (
            r"^(?: {1,4}(?=\S)|(?=[^ ]))(?:Local mailbox |Local address )?<?"
            r"(?P<who>[^\s<>()\"]{1,80}@[^\s<>()\"]{3,200}?)>?:?(?=\s|$)|^ {2,4}(?P<who2>an undisclosed address"
            r"|pipe to [^\n]{0,200}|save to [^\n]{0,200})"
        ),
        after=(
            "following address(es) failed:",
            "addresses failed:",
            "addresses\nfailed:",
            "address(es) failed",
            "address failed:",
            "the following address",
            "not yet been delivered to:",
            "delivered to the following addresses:",
            "following error was given:",
            "потому что:",
        ),
    ),
    row(
        "postfix",
        (
            "this is the mail system at host",
            "this is the postfix program",
            "program at host",
            "i'm sorry to have to inform you that the message returned",
            "i'm sorry to have to inform you that your message could not",
        ),
        r"^<(?P<who>[^<>\n]{3,320})>",
        after=("the mail system\n", "program\n"),
    ),
    row(
        "qmail",
        (
            "this is the qmail-send program",
            "i wasn't able to deliver your message",
            "wasn't able to deliver",
            "i was not able to deliver your message",
            "this is a permanent error; i've given up",
            "unable to deliver message to the following address",
            "was not delivered to the following address",
            "message to the following address(es) could not be delivered",
            "unable to deliver your message to the following",
            "with the e-mail address(es) you're trying",
        ),
        r"^<(?P<who>[^<>\n]{3,320})>:?[ \t]*$|^(?P<who2>[^\s<>()]{1,80}@[^\s<>()]{3,200}?):?[ \t]*$",
        heads=("failure notice",),
    ),
    row(
        "sendmail",
        (
            "the following addresses had permanent fatal errors",
            "the following addresses had permanent delivery errors",
            "the following addresses had transient non-fatal errors",
            "the following addresses had delivery problems",
            "the following addresses had successful",
            "the following address had permanent",
            "the following recipients had permanent",
            "the following addresses have delivery notifications",
            "had delivery errors",
        ),
        EITHER + r"|^(?P<who2>\"[^\"\n]{1,200}\"|[^\s<>()@:\"]{1,64})\n[ \t]{1,20}\((?:reason|expanded from)",
        after=(
            "permanent fatal errors",
            "permanent delivery errors",
            "transient non-fatal errors",
            "delivery problems",
            "delivery errors",
            "delivery notifications",
            "had permanent",
            "had successful",
        ),
        until=(
            "transcript of session",
            "transcript of the session",
            "non-delivered information",
            "message header",
            "original message",
        ),
        bare=True,
    ),
    row(
        "sendmail-transcript",
        ("transcript of session follows", "transcript of session", "while talking to", "transcript of the session"),
        (
            r"^(?:>>> RCPT To: ?<(?P<who>[^<>\n]{3,320})>|[45]\d\d (?:[45]\.\d\.\d{1,2} )?<?"
            r"(?P<who2>[^\s<>]{1,80}@[^\s<>]{3,200}?)>?\.\.\. ?(?P<why>[^\n]{0,300}))"
        ),
    ),
    row(
        "courier",
        ("undeliverable mail\n", "running the courier mail server", "your message to the following recipients cannot be delivered"),
        ANGLE,
    ),
    row(
        "opensmtpd",
        ("this is the mailer-daemon, please do not reply", "the following list of recipients"),
        BARE,
        after=("list of recipients:",),
    ),
    row(
        "james",
        ("this is the james mail server", "failed recipient(s):"),
        EITHER,
        after=("failed recipient(s):",),
        until=("error message:",),
    ),
    row("smail", ("failed addresses follow:",), EITHER, after=("failed addresses follow:",)),
    row(
        "zmailer",
        ("following recipients have failed", "zmailer", "was not delivered to:\n  <"),
        EITHER + r"|^[ \t]*(?:Recipient|To|<\w+ )[^\n]{0,40}<(?P<who2>[^<>\n]{3,200})>",
        after=("not delivered to:", "failed:"),
    ),
    row(
        "mmdf",
        ("your message could not be delivered to\n", "your message has encountered delivery problems"),
        (
            r"(?:originally addressed to|could not be delivered to)\s{1,8}['\"<]{0,2}"
            r"(?P<who>[^\s<>'\"()]{1,80}@[^\s<>'\"()]{3,200})"
        ),
    ),
    row(
        "phquery",
        ("message not delivered to the following",),
        r"^[ \t]{1,20}(?P<who>[^\s<>@]{1,64}(?:@[^\s<>]{3,200})?)(?=[ \t]|$)",
        after=("message not delivered to the following:", "message not delivered to the following"),
        until=("unsent message", "error detail"),
        bare=True,
    ),
    row("dovecot", ("was automatically rejected",), (r"your message to <(?P<who>[^<>\n]{3,280})> was automatically rejected:?")),
    row(
        "pmdf-x400",
        ("your message was not delivered to:", "your message was not delivered to\n"),
        r"^[ \t]{1,20}(?P<who>[^\s<>]{1,80}@[^\s<>;]{3,200})[ \t;]*$",
        after=("was not delivered to",),
    ),
)
