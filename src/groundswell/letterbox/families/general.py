"""The reader for servers no table knows: it looks for the sentence that says "failed", then for whom it names.

An address counts when its line is built like a report's (it stands alone, leads the line, or follows "to", "recipient",
"RCPT TO"), never when the words before it say that it is somebody to write to.
"""

import re

from groundswell.letterbox import addresses
from groundswell.letterbox.families.table import Found, settled

_INTRODUCTIONS = (
    "could not be delivered", "couldn't be delivered", "can not be delivered", "cannot be delivered",
    "can't be delivered", "was not delivered", "wasn't delivered", "were not delivered", "not be delivered",
    "has not been delivered", "not yet been delivered", "has not been received", "unable to deliver",
    "unable to be delivered", "not able to deliver", "wasn't able to deliver", "failed to deliver",
    "could not deliver", "couldn't deliver", "cannot deliver", "can't deliver", "can not deliver", "did not deliver",
    "not delivered", "delivery failed", "delivery failure", "delivery has failed", "failed delivery",
    "delivery problem", "delivery error", "delivery to the following", "error during delivery", "failed recipient",
    "failed address", "delivery attempt", "delivery status notification", "non-delivery", "nondelivery",
    "undeliverable", "undelivered", "could not be sent", "couldn't be sent", "was not sent", "unable to send",
    "could not send", "failed to send", "was rejected", "has been rejected", "been refused", "was refused",
    "was blocked", "has been blocked", "has been returned", "was returned", "being returned", "did not reach",
    "could not reach", "could not be reached", "not received by", "did not receive", "returned mail",
    "returned to sender", "bounced", "permanent error", "permanent failure", "fatal error", "transcript of session",
    "error was", "the following error", "the following address", "the following recipient", "following recipients",
    "has been delayed", "is delayed", "delivery delayed", "not accepted for delivery", "user unknown", "unknown user",
    "no such user", "mailbox full", "mailbox is full", "over quota", "does not exist", "is no longer valid",
    "no longer exists", "unknown recipient", "intended recipient", "rcpt to:", "invalid address", "nicht zugestellt",
    "unzustellbar", "zustellung", "pas pu être", "pas pu etre", "non remis", "échec", "no pudo", "no se pudo",
    "não pôde", "não foi", "nao foi", "non è stato", "impossibile", "не доставлен", "не может быть доставлен",
    "не удалось", "невозможно доставить", "недоставлен", "退信", "无法投递", "投递失败", "发送失败", "无法送达",
    "未能送达", "送信でき", "配信でき", "配送でき", "届け", "届かな", "お送りでき", "送信に失敗", "エラー", "전송",
    "반송", "발송", "배달", "kunne ikke", "kunde inte", "niet worden", "niet bezorgd", "nie można", "nie zosta",
    "nem sikerült", "nelze doručit", "iletilemedi", "teslim edil",
)  # fmt: skip
_SUBJECTS = (
    "undeliver", "non-deliver", "nondeliver", "not deliver", "delivery status", "delivery fail", "delivery problem",
    "delivery error", "delivery report", "delivery notif", "delivery has failed", "delivery warning",
    "delivery delay", "failure notice", "failure delivery", "failed mail", "failed delivery", "mail delivery",
    "mail fail", "mail error", "mail system error", "mail not delivered", "mail could not", "returned mail",
    "returned to sender", "return mail", "returning message", "message returned", "could not be delivered", "bounce",
    "delayed", "warning: message", "warning: could not", "warning - delayed", "rejected", "user unknown",
    "unknown user", "processing error", "permanent failure", "nameserver error", "message status", "message not",
    "status notification", "message undelivered", "failed to deliver", "ndn:", "ndr", "mailbox full", "quota",
    "mail blocked", "blocked", "unzustellbar", "zustellung", "nicht zugestellt", "fehler", "non remis", "échec",
    "echec", "non délivr", "retour", "no entregado", "devuelto", "no se puede entregar", "falha", "não entregue",
    "devolvid", "mancata consegna", "non recapit", "недостав", "не доставлен", "сбой доставки", "возврат",
    "onbestelbaar", "olevererbart", "kan ikke leveres", "niet bezorgd", "niedostarcz", "kézbesít", "nedoruč", "退信",
    "失败", "失敗", "退回", "配信不能", "送信エラー", "エラー", "配信エラー", "返送", "전송", "반송", "발송",
)  # fmt: skip
_REPORTING_NAMES = (
    "mailer-daemon",
    "mail delivery",
    "mailer daemon",
    "postmaster",
    "system administrator",
    "mail administrator",
    "mail system",
    "delivery subsystem",
    "mdaemon",
    "delivery service",
    "mail.delivery",
    "mail_delivery",
    "internet mail",
    "mailsystem",
    "maildelivery",
    "mail server",
    "mailserver",
    "systemadministrator",
    "microsoft outlook",
    "bounce",
    "ndr@",
    "mail daemon",
)
_SOMEBODY_ELSE = re.compile(
    r"(?<![a-z])(?:contact|questions?|help|assist|support|sender|from|reply(?:-to)?|return-path|e-?mail us|write to"
    r"|forward this|report(?:ed)? to|administrator|postmaster|webmaster|message-id|references|signed|cc|bcc|by"
    r"|helo|mail from|originator|absender|expéditeur|remitente|remetente|mittente|kontakt|contacte"
    r"|отправител[ья]|от кого|发件人|差出人|送信者|보낸\s?사람|user-agent|id|abuse|wrote|said|call|via|e\.g|e\.g\.|example|such as)"
    r"[:\s=<\"'(*]{0,8}(?:is|at|the|your|address|an|to)?[:\s=<\"'(*]{0,4}$",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"(?<![a-z])(?:rcpt to|recipient(?:\(?s\)?)?(?: address)?|address(?:\(?es\)?)?|addressed to|delivered to|deliver"
    r"(?:y)? (?:of |your )?(?:the )?(?:message |mail |e-?mail )?(?:to|for)|message to|mail(?: sent)? to"
    r"|e-?mail to|sent to|send to|user|mailbox|account|unknown|failed|undeliverable(?: to)?|to|for|reach|an|à"
    r"|para|al|a|для|到|宛先|收件人|받는\s?사람|수신자|destinatar\w{2,4}|destinataire|empfänger|получател\w)"
    r"[^@\n\w]{0,12}$",
    re.IGNORECASE,
)
_LONGEST_TEXT = 24_000


def introduced(low: str) -> int:
    """Where in the lower-case text a failure is first spoken of, or -1."""
    places = [at for words in _INTRODUCTIONS if (at := low.find(words)) >= 0]
    return min(places, default=-1)


def is_report(sender: str, subject: str) -> bool:
    """True when the mail's own From or Subject says that a mail system wrote it."""
    low_sender, low = sender.lower(), subject.lower()
    return any(name in low_sender for name in _REPORTING_NAMES) or any(words in low for words in _SUBJECTS)


def find(text: str, others: frozenset[str], intended: str = "") -> list[Found]:
    """Whom the text names as failed; `others` (lower case) are the sender and reporter, `intended` whom the returned
    letter was written to, believed where it is named too."""
    text = text[:_LONGEST_TEXT]
    low = text.lower()
    start = max(introduced(low), 0)
    line_start = text.rfind("\n", 0, start) + 1
    leading: list[tuple[int, int, str]] = []
    named: list[tuple[int, int, str]] = []
    loose: list[tuple[int, int, str]] = []
    for begin, end, address in addresses.scan(text):
        if address.lower() in others or addresses.is_desk(address):
            continue
        before = text[text.rfind("\n", 0, begin) + 1 : begin]
        if _SOMEBODY_ELSE.search(before[-60:]) and "mail from" not in before.lower():
            continue
        if not before.strip(" \t<\"'*•·->(:[") and begin >= line_start:
            leading.append((begin, end, address))
        elif _NAMED.search(before[-60:]):
            named.append((begin, end, address))
        else:
            loose.append((begin, end, address))
    if intended and any(address.lower() == intended.lower() for _, _, address in (*leading, *named, *loose)):
        chosen = [each for each in (*leading, *named, *loose) if each[2].lower() == intended.lower()][:1]
    else:
        chosen = leading or named or (loose if len({each[2].lower() for each in loose}) == 1 else [])
    found: dict[str, Found] = {}
    for number, (_, end, address) in enumerate(chosen[:60]):
        until = chosen[number + 1][0] if number + 1 < len(chosen) else len(text)
        one = settled(address, text[end : min(until, end + 1500)])
        if one and one.address.lower() not in others:
            known = found.get(one.address.lower())
            found[one.address.lower()] = one if known is None else known.saying_more(one.words)
    return list(found.values())
