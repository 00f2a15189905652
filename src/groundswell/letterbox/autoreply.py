"""Automatic answers (RFC 3834) and requests to prove that one is a person."""

import re

from groundswell.letterbox.mime import Headers

_SUBJECTS = (
    "out of office", "out-of-office", "out of the office", "automatic reply", "auto reply", "autoreply", "auto-reply",
    "auto:", "auto response", "autoresponse", "auto-response", "automated reply", "automated response",
    "automatic response", "vacation", "away from", "on holiday", "on leave", "annual leave", "i am away", "i'm away",
    "abwesenheit", "automatische antwort", "nicht im büro", "nicht im buero", "urlaub", "réponse automatique",
    "reponse automatique", "absence du bureau", "absent du bureau", "message d'absence", "respuesta automática",
    "respuesta automatica", "fuera de la oficina", "fuera de oficina", "resposta automática", "resposta automatica",
    "ausência", "fora do escritório", "risposta automatica", "fuori sede", "fuori ufficio", "automatisch antwoord",
    "afwezig", "autosvar", "automatiskt svar", "frånvaro", "fravær", "automatisk svar", "automaattinen vastaus",
    "poissa", "autoodpowiedź", "odpowiedź automatyczna", "automatická odpověď", "automatikus válasz",
    "otomatik yanıt", "otomatik yanit", "răspuns automat", "αυτόματη απάντηση", "автоответ", "автоматический ответ",
    "отсутству", "вне офиса", "в отпуске", "відсутн", "自动回复", "自動回覆", "自动答复", "自動応答", "自動返信",
    "不在", "休暇", "외출", "부재", "자동 응답", "자동응답", "자동회신", "تلقائي", "תשובה אוטומטית",
    "автоматична відповідь", "자동 회신", "automatski odgovor", "samodejni odgovor", "автоматичен отговор", "аутоматски одговор",
    "automātiskā atbilde", "automatinis atsakymas", "automaatvastus", "resposta automàtica", "erantzun automatikoa",
    "sjálfvirkt svar", "ateb awtomatig", "پاسخ خودکار", "ตอบกลับอัตโนมัติ", "trả lời tự động", "balasan otomatis",
    "automatická odpoveď", "svar automatisk", "odpowiedz automatyczna", "abwesend", "fraværsmelding", "poissaolo",
    "nieobecno", "nepřítomn", "távollét", "ofis dışı", "в отъезде", "відпустк", "휴가", "no longer with", "has left the",
    "nicht erreichbar", "je suis absent", "ausente", "assente",
)  # fmt: skip
_TEXTS = (
    "out of the office", "out of office", "on vacation", "on holiday", "annual leave", "i am currently away",
    "away from my desk", "will be back", "will return on", "limited access to email", "nicht im büro", "im urlaub",
    "bin ich wieder", "absent du bureau", "en congé", "fuera de la oficina", "de vacaciones", "fora do escritório",
    "fuori sede", "in ferie", "в отпуске", "不在",
)  # fmt: skip
_LEFT = (
    "no longer works", "no longer work ", "no longer employed", "no longer with the company", "has left the company",
    "i have left", "i am out of", "nicht mehr bei", "nicht mehr im unternehmen", "ne travaille plus", "a quitté",
    "ya no trabaja", "não trabalha mais", "non lavora più", "werkt niet meer", "slutat", "больше не работает", "отпуск",
)  # fmt: skip
_CHALLENGES = (
    "confirm your message", "confirm your email", "please confirm that you sent", "verify your email was sent",
    "sender verification", "verification required", "challenge-response", "challenge/response",
    "to ensure delivery of your message", "message is being held", "prove that you are", "antispam verification",
    "anti-spam verification", "waiting for your confirmation", "one-time confirmation", "has been quarantined until",
    "approve sender", "request to be added to my", "boxbe", "spamarrest", "spam arrest", "mailblocks", "uol antispam",
    "antispam uol", "tmda", "confirm you are a human", "click the link below to be added", "requires that you verify",
    "bitte bestätigen sie ihre nachricht", "confirmez votre message",
)  # fmt: skip
_REPLY = re.compile(r"^(?:re|aw|sv|vs|antw|tr|rv|odp|fwd?|wg)(?:\[\d+\])?\s*:", re.IGNORECASE)


def is_challenge(headers: Headers, subject: str, text: str) -> bool:
    """True when a machine asks the sender to prove that a person wrote: answered by nobody, counted for nothing."""
    low = f"{subject}\n{text[:3000]}".lower()
    if "x-tmda-confirm" in headers or "x-boxbe" in low:
        return True
    return any(words in low for words in _CHALLENGES)


def is_automatic(headers: Headers, subject: str, text: str) -> bool:
    """True for vacation notes and other mail that answers by itself."""
    submitted = headers.get("auto-submitted").lower()
    if submitted.startswith(("auto-replied", "auto-notified")) or (submitted.startswith("auto-generated") and _subject(subject)):
        return True
    if any(
        name in headers
        for name in (
            "x-autoreply",
            "x-autorespond",
            "x-autoresponder",
            "x-autoreply-from",
            "x-auto-reply",
            "x-mail-autoreply",
            "x-ms-exchange-inbox-rules-loop",
        )
    ):
        return True
    precedence = f"{headers.get('precedence')} {headers.get('x-precedence')}".lower()
    if "auto_reply" in precedence or "auto-reply" in precedence or "vacation" in precedence:
        return True
    if _subject(subject):
        return True
    bulk = "bulk" in precedence or "junk" in precedence or submitted.startswith("auto-")
    return bulk and any(words in text[:2000].lower() for words in _TEXTS)


def speaks_of_absence(text: str) -> bool:
    """True where the text says that somebody is away or has left, and names another to write to."""
    low = text[:2000].lower()
    return any(words in low for words in (*_TEXTS, *_LEFT))


def _subject(subject: str) -> bool:
    low = _REPLY.sub("", subject.strip()).strip().lower()
    return any(words in low[:120] for words in _SUBJECTS)


def is_reply(subject: str) -> bool:
    """True where the subject says "Re:" or its like in other languages."""
    return bool(_REPLY.match(subject.strip()))


def is_answer(headers: Headers, subject: str) -> bool:
    """True when it looks like a person's reply: it refers to a letter, and no machine says it wrote it."""
    return bool(headers.get("in-reply-to") or headers.get("references") or _REPLY.match(subject))
