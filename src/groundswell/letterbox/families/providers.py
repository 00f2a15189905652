"""Providers that speak for themselves, by how often a public list meets them."""

from groundswell.letterbox.families.table import ANGLE, EITHER, row

PROVIDERS = (
    row(
        "gmail",
        (
            "delivery to the following recipient failed permanently",
            "delivery to the following recipients failed permanently",
            "delivery to the following recipient has been delayed",
            "delivery to the following recipient failed",
            "technical details of permanent failure",
            "technical details of temporary failure",
            "message wasn't delivered to",
            "message wasn’t delivered to",
            "delivery to the following recipient",
        ),
        (
            r"^[ \t*]{0,12}(?P<who>[^\s<>*]{1,80}@[^\s<>]{3,200})[ \t]*$|(?:wasn['’]t delivered to"
            r"|problem delivering your message to|message to)\s{1,4}(?P<who2>[^\s<>]{1,80}@[^\s<>]{3,200})"
        ),
        until=("technical details of permanent failure", "technical details of temporary failure"),
    ),
    row(
        "yahoo",
        (
            "sorry, we were unable to deliver your message",
            "unable to deliver message to the following address",
            "message from yahoo",
            "message from  yahoo",
        ),
        ANGLE,
    ),
    row(
        "aol",
        ("they are not accepting mail from",),
        r"^[ \t]+<?(?P<who>[^\s<>:@]{3,32}(?:@[^\s<>:]{3,200})?)>?[ \t]*$",
        after=("they are not accepting mail from",),
        home="aol.com",
    ),
    row(
        "kddi",
        (
            "could not be delivered to: <",
            "was rejected by a remote mail server",
            "the user(s) account is",
            "your mail attempted to be delivered",
            "the following recipients were rejected",
            "each of the following recipients was rejected",
        ),
        (
            r"(?:Could not be delivered to:|Recipient:|RCPT TO:)[ \t]*<(?P<who>[^<>\n]{3,280})>|^<"
            r"(?P<who2>[^<>\n]{3,280})>"
        ),
    ),
    row("biglobe", ("----- non-delivered information -----",), EITHER, until=("non-delivered information",)),
    row("zoho", ("error_code :", "[status: error, address:"), r"(?:Address: <|^)(?P<who>[^\s<>,]{1,80}@[^\s<>,]{3,200})>?"),
    row(
        "mimecast",
        ("addressed to email address :", "delivery failure notification message indicating"),
        r"address\s{0,4}:\s{1,4}-- (?P<who>[^\s]{3,280})",
    ),
)
