"""Goodbyes by mail: to the address in List-Unsubscribe (RFC 2369, 8058), or a plain "STOP" in a reply.

Looked at before Auto-Submitted is: a mail program's one-tap unsubscribe calls itself `auto-replied`.
"""

from groundswell.letterbox.mime import Headers

_WORDS = frozenset(
    {
        "stop", "unsubscribe", "unsubscribe me", "please unsubscribe", "please unsubscribe me", "remove", "remove me",
        "please remove me", "opt out", "opt-out", "cancel", "end", "quit", "no more", "no more emails", "unsub",
        "take me off", "take me off your list", "take me off this list", "remove me from this list",
        "remove me from your list", "please stop", "stop emailing me", "unsubscribe please", "stopp",
        "abmelden", "bitte abmelden", "austragen", "bitte austragen", "abbestellen", "newsletter abbestellen", "kündigen",
        "désabonner", "desabonner", "désabonnement", "désinscription", "desinscription", "me désinscrire", "désinscrire",
        "arrêt", "arreter", "arrêter", "darme de baja", "baja", "dar de baja", "cancelar", "cancelar suscripción",
        "alto", "cancelar inscrição", "descadastrar", "remover", "sair", "parar", "disiscrivimi", "cancellami", "cancella",
        "disiscrizione", "annulla iscrizione", "uitschrijven", "afmelden", "wypisz", "wypisz mnie", "rezygnuję",
        "отписаться", "отпишите меня", "стоп", "отписка", "відписатися", "avregistrera", "afmeld", "avmeld", "meld av",
        "peruuta", "odhlásit", "leiratkozás", "dezabonare", "διαγραφή", "aboneliği iptal et", "abonelikten çık",
        "配信停止", "退会", "解除", "登録解除", "退订", "取消订阅", "退訂", "取消訂閱", "수신거부", "수신 거부", "구독취소",
        "إلغاء الاشتراك", "הסר", "להסיר",
    }
)  # fmt: skip


def is_one_tap(headers: Headers) -> bool:
    """True for the mail that Apple's programs send when a reader taps "unsubscribe"."""
    return headers.get("x-apple-unsubscribe").lower() == "true"


def asks_to_stop(subject: str, text: str) -> bool:
    """True when the first thing a person wrote, above anything quoted, is a plain word of goodbye."""
    for line in text.split("\n")[:40]:
        bare = line.strip()
        if not bare:
            continue
        if bare.startswith((">", "--", "__")):
            break
        return _bare(bare) in _WORDS
    return _bare(subject) in _WORDS


def _bare(line: str) -> str:
    words = line[:80].strip().strip(".!¡¿?。！… *_-\"'«»„“”").casefold()
    for prefix in ("re:", "aw:", "sv:", "tr:", "rv:"):
        words = words.removeprefix(prefix).strip()
    return words
