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
    "unzustellbar", "zustellung", "zugestellt werden", "配信に失敗", "無法投遞", "automatically rejected",
    "failure reasons", "error delivering", "не может быть отправлено", "problem with the e-mail address",
    "existiert nicht", "error de entrega", "recapito non riuscito",
    "falha na entrega", "mislukt", "misslyckades", "mislykkedes", "mislyktes", "kan inte levereras", "kan ikke leveres",
    "epäonnistui", "ei voi toimittaa", "απέτυχε", "δεν ήταν δυνατή", "δεν παραδόθηκε", "未能向", "无法发送", "تعذر", "לא ניתן",
    "לא נמסר", "không thể gửi", "không gửi được", "nu a putut fi", "nebyla doručena", "nezdařilo", "сбой доставки",
    "не може бути", "не доставлено", "배달하지", "не приняты", "não entregue", "pas pu être", "pas pu etre", "non remis",
    "échec", "no pudo", "no se pudo",
    "não pôde", "não foi", "nao foi", "non è stato", "impossibile", "не доставлен", "не может быть доставлен",
    "не удалось", "невозможно доставить", "недоставлен", "退信", "无法投递", "投递失败", "发送失败", "无法送达",
    "未能送达", "送信でき", "配信でき", "配送でき", "届け", "届かな", "お送りでき", "送信に失敗", "エラー", "전송",
    "반송", "발송", "배달", "kunne ikke", "kunde inte", "niet worden", "niet bezorgd", "nie można", "nie zosta",
    "nem sikerült", "nelze doručit", "iletilemedi", "teslim edil",
)  # fmt: skip
_SUBJECTS = (
    "undeliver", "non-deliver", "toimittaa", "μη παραδόσιμο", "δεν παραδόθηκε", "未送达", "تعذر", "לא נמסר",
    "không gửi được", "nu a putut fi", "nebyla doručena", "не доставлено", "kan inte levereras", "kan ikke levere",
    "edilemedi", "recapitabile", "entregar", "relayed:", "delivered:", "recapito", "nondeliver", "not deliver",
    "delivery status", "delivery fail", "delivery problem",
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
    r"|отправител[ья]|от кого|发件人|差出人|送信者|보낸\s?사람|user-agent|id|abuse|wrote|said|call|via|e\.g|e\.g\.|example|such as"
    r"|forwarded to|redirected to"
    r"|weitergeleitet an|wenden sie sich(?: bitte)? an|schreiben sie(?: bitte)? an|contactez|écrivez à|veuillez contacter"
    r"|(?:en )?contacto con|escriba a|em conta[ct]to com|escreva para|contattare|scrivere a|contact op met"
    r"|skontaktuj się z|kontakt\w*|обратитесь \w{1,3}|свяжитесь \w{1,3}|пишите на|зверніться до|联系|聯絡|連絡"
    r"|問い合わせ\w{0,4}|문의)"
    r"[:\s=<\"'(*]{0,8}(?:is|at|the|your|address|an|to)?[:\s=<\"'(*]{0,4}$",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"(?<![a-z])(?:rcpt(?: to)?|recipient(?:\(?s\)?)?(?: address)?|address(?:\(?es\)?)?|addressed to|delivered to|deliver"
    r"(?:y)? (?:of |your )?(?:the )?(?:message |mail |e-?mail )?(?:to|for)|message to|mail(?: sent)? to"
    r"|e-?mail to|sent to|send to|user|mailbox|account|unknown|failed|undeliverable(?: to)?|to|for|reach|an|à"
    r"|para|al|a|an|para|per|aan|till|til|do|na|на|адреса?|адресу|indirizzo|direcci[oó]n|endere[cç]o|adres(?:se|sen|ą|u|i)?"
    r"|adress(?:e|en)?|cím\w*|地址|アドレス|주소|для|到|宛先|收件人|받는\s?사람|수신자|destinatar\w{2,4}|destinataire|empfänger|получател\w)"
    r"[^@\n\w]{0,12}$",
    re.IGNORECASE,
)
_MAIL = (
    "mail", "message", "recipient", "smtp", "mailbox", "courriel", "messagerie", "nachricht", "mensaje", "correo", "mensagem",
    "messaggio", "posta", "bericht", "meddelande", "besked", "melding", "viesti", "wiadomo", "zpráv", "správ", "üzenet",
    "mesaj",
    "ileti", "μήνυμα", "письм", "сообщени", "лист", "邮件", "郵件", "信件", "メール", "메일", "메시지", "편지", "رسال", "بريد",
    "הודע", "דואר",
)  # fmt: skip
_NUMBERED = re.compile(r"^[ \t]{0,8}(?:\d{1,3}[.)]|#\d{1,3}:?)[ \t]")
_HEADER_OF_LETTER = re.compile(r"(?:^|\n)[ \t>*]{0,8}(?:to|cc|an|à|pour|para|a)[ \t]{0,4}:[^\n]{0,20}$", re.IGNORECASE)
_AND = re.compile(r"[>)\"'\]]{0,2}\s{0,4}(?:[,;、，]|and|und|et|y|e|och|og|en|i|и)\s{0,4}[<(\"'\[]{0,2}", re.IGNORECASE)
_REFUSAL = re.compile(r"(?<![\w.+])(?:[45]\.\d{1,2}\.\d|[45][0-5]\d[ -](?:\d\.\d|[a-zA-Z<#]))", re.IGNORECASE)
_LONGEST_TEXT = 24_000


def introduced(low: str) -> int:
    """Where in the lower-case text a failure is first spoken of, or -1."""
    places = [at for words in _INTRODUCTIONS if (at := low.find(words)) >= 0]
    return min(places, default=-1)


def is_reporter(sender: str) -> bool:
    """True for the names that mail systems give themselves in From."""
    low = sender.lower()
    return any(name in low for name in _REPORTING_NAMES)


def is_report(sender: str, subject: str) -> bool:
    """True when the mail's own From or Subject says that a mail system wrote it."""
    low = subject.lower()
    return is_reporter(sender) or any(words in low for words in _SUBJECTS)


def quotes_a_server(text: str) -> bool:
    """Whether the text holds a refusal as servers write it: a reply code with words, or an enhanced status."""
    return bool(_REFUSAL.search(text[:_LONGEST_TEXT]))


def begins_as_report(subject: str) -> bool:
    """Whether the very first words of the subject are a report's."""
    return subject.strip().lower().startswith(_SUBJECTS)


def speaks_of_mail(text: str) -> bool:
    """Whether a report in prose is about mail at all: parcels "could not be delivered" too."""
    low = text[:6000].lower()
    return any(words in low for words in _MAIL) or bool(_REFUSAL.search(low))


def find(text: str, others: frozenset[str], intended: str = "") -> list[Found]:
    """Whom the text names as failed; `others` (lower case) are the sender and reporter, `intended` whom the returned
    letter was written to, believed where it is named too."""
    text = text[:_LONGEST_TEXT]
    low = text.lower()
    start = max(introduced(low), 0)
    line_start = text.rfind("\n", 0, start) + 1
    leading: list[tuple[int, int, str]] = []
    early: list[tuple[int, int, str]] = []
    named: list[tuple[int, int, str]] = []
    loose: list[tuple[int, int, str]] = []
    for begin, end, address in addresses.scan(text):
        if address.lower() in others or addresses.is_desk(address):
            continue
        before = text[text.rfind("\n", 0, begin) + 1 : begin]
        if begin > 200 and _signed_off(text, low, begin, end):
            continue
        if _SOMEBODY_ELSE.search(before[-60:]) and "mail from" not in before.lower():
            continue
        if not _NUMBERED.sub("", before).strip(" \t<\"'*•·->(:["):
            (leading if begin >= line_start else early).append((begin, end, address))
        elif _NAMED.search(before[-60:]):
            named.append((begin, end, address))
        else:
            loose.append((begin, end, address))
    if intended and any(address.lower() == intended.lower() for _, _, address in (*leading, *early, *named, *loose)):
        chosen = [each for each in (*leading, *early, *named, *loose) if each[2].lower() == intended.lower()][:1]
    else:
        chosen = leading or named or early or _alone(loose) or _alone([each for each in loose if _beside_failure(low, *each[:2])])
        chosen = chosen or [each for each in loose if 0 <= each[0] - start < 300][:1]
    chosen = _with_neighbours(text, chosen[:60], others)
    found: dict[str, Found] = {}
    words = ""
    for number in range(len(chosen) - 1, -1, -1):
        _, end, address = chosen[number]
        until = chosen[number + 1][0] if number + 1 < len(chosen) else len(text)
        between = text[end : min(until, end + 1500)]
        words = words if number + 1 < len(chosen) and _AND.fullmatch(between) else between
        one = settled(address, words)
        if one and one.address.lower() not in others:
            known = found.get(one.address.lower())
            found[one.address.lower()] = one if known is None else known.saying_more(one.words)
    return list(reversed(found.values()))


def _with_neighbours(text: str, chosen: list[tuple[int, int, str]], others: frozenset[str]) -> list[tuple[int, int, str]]:
    """Those chosen, and the others of an enumeration that one of them begins ("ada@…, bob@… and cy@…")."""
    kept: list[tuple[int, int, str]] = []
    for number, each in enumerate(chosen):
        kept.append(each)
        limit = chosen[number + 1][0] if number + 1 < len(chosen) else len(text)
        if _HEADER_OF_LETTER.search(text[max(0, each[0] - 40) : each[0]]):
            continue  # all whom the letter went to, not all who failed
        while len(kept) < 100:
            after = text[kept[-1][1] : min(kept[-1][1] + 300, limit)]
            following = next(addresses.scan(after), None)
            if following is None or not _AND.fullmatch(after[: following[0]]) or following[2].lower() in others:
                break
            kept.append((kept[-1][1] + following[0], kept[-1][1] + following[1], following[2]))
    return kept


def _alone(found: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Those found, where they all are one address."""
    return found if len({each[2].lower() for each in found}) == 1 else []


def _beside_failure(low: str, begin: int, end: int) -> bool:
    """Whether the line of the address, or the one above it, speaks of failure."""
    start = low.rfind("\n", 0, max(0, low.rfind("\n", 0, begin))) + 1
    stop = low.find("\n", end)
    return introduced(low[start : stop if stop >= 0 else len(low)]) >= 0


def _signed_off(text: str, low: str, begin: int, end: int) -> bool:
    """True below the line "-- " that parts a signature from the text (RFC 3676 4.3), where nothing speaks of failure."""
    return ("\n-- \n" in text[:begin] or "\n--\n" in text[:begin]) and not _beside_failure(low, begin, end)
