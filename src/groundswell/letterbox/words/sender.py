"""Refusals that are about us, not about the mailbox: sender, host name, authentication, reputation, content.

These are asked first: "sender domain does not exist" must never cost the recipient an address.
"""

ABOUT_US = (
    "domain name required", "must contain a domain", "accept mail from", "accepting mail from", "traffic not accepted",
    "name in helo", "name in ehlo", "in helo command", "in ehlo command",
    "sender address rejected", "sender rejected", "sender denied", "sender domain", "sender verify failed",
    "sender verification", "sender unknown", "sender not allowed", "sender is not allowed", "invalid sender",
    "unrouteable sender", "unroutable sender", "bad sender", "sender's domain", "sender does not exist",
    "sender's mail domain", "domain of sender", "domain of the sender", "from address", "return address",
    "could not verify sender", "cannot verify sender", "unable to verify sender", "unverified sender",
    "sender blocked", "blocked sender", "sender is blocked", "sender id", "envelope sender", "from domain",
    "sender address is not", "sender was rejected", "rejected sender", "mail from rejected", "sending domain",
    "domain you are sending from", "not authorized to send", "not allowed to send mail from", "not permitted to send",
    "sender mismatch", "client host rejected", "helo command rejected", "ehlo command rejected", "invalid helo",
    "bad helo", "helo name", "helo/ehlo", "reverse dns", "reverse lookup", "rdns", "ptr record", "no ptr",
    "missing ptr", "fcrdns", "dns ptr", "cannot find your hostname", "cannot find your reverse",
    "cannot resolve your", "unable to resolve your", "cannot resolve your domain", "ip address has been",
    "ip has been", "bad reputation", "poor reputation", "low reputation", "expéditeur refus", "expéditeur inconnu",
    "absender abgelehnt", "absenderadresse abgelehnt", "remitente rechazado", "remetente rejeitado",
    "отправитель отклонен", "адрес отправителя", "發件人", "发件人地址", "发件人域名", "送信者アドレス",
    "送信ドメイン", "발신자", "mittente rifiutato", "sending quota", "daily sending",
    "message quota exceeded for sender", "quota of messages", "your domain does not",
    "cannot resolve your domain name", "sender ip", "invalid dns mx or a", "permission to post messages",
    "need to join the group", "mail from domain", "mailfrom domain",
)  # fmt: skip
"""Asked before anything else."""

REPUTATION = (
    "ask your postmaster", "not conform", "one or no date",
    "unfortunately, messages from", "will not accept delivery of this message", "bounce attack", "body type", "cxbl", "ipbl",
    "aup#", "suspected",
    "spam", "unsolicited", "junk mail", "junk email", "bulk mail", "bulk email", "blacklist", "black list",
    "black-list", "blocklist", "block list", "blocked list", "denylist", "deny list", "blackholed", "rbl", "dnsbl",
    "dnswl", "listed in", "listed by", "listed on", "listed at", "is on a list", "reputation", "senderbase",
    "phishing", "phish", "virus", "malware", "infected", "trojan", "worm", "banned", "prohibited", "blocked",
    "block by", "has been block", "abuse", "suspicious", "content rejected", "content denied", "content filter",
    "content restriction", "contentfilter", "message content", "mail content", "rejected by content",
    "message rejected", "message was rejected", "message refused", "mail rejected", "mail refused",
    "message has been rejected", "message denied", "rejected due to", "rejected by filter", "mail filter", "filtered",
    "filter rule", "header based", "attachment", "executable", "forbidden file", "file type", "message contains",
    "illegal character", "url in", "contains a link", "links in", "uribl", "surbl", "graylist score",
    "score too high", "considered unsafe", "unacceptable content", "inappropriate", "objectionable", "profanity",
    "unwanted",

    "too many errors", "try to send",
    "quota of messages", "excessive", "mail bomb", "rfc 5322", "rfc5322",
    "rfc2822", "rfc 2822", "rfc822 compliant", "rfc compliant", "not rfc", "malformed", "bare lf", "bare linefeed",
    "bare newline", "missing header", "duplicate header", "multiple from", "multiple 'from'", "invalid header",
    "8-bit", "8bit data", "line too long", "bad header", "missing date", "missing message-id", "header field",
    "mime error", "cannot decode", "encoding", "conversion", "dkim", "spf", "dmarc", "authentication check",
    "unauthenticated", "unauthenticated email", "not authenticated", "security policy", "tls required",
    "encryption required", "must issue a starttls", "encryption needed", "cyren", "cloudmark", "proofpoint",
    "pphosted", "spamhaus", "barracuda", "sorbs", "spamcop", "als spam", "unerwünschte", "abgelehnt wegen",
    "mail rejete", "courrier indésirable", "pourriel", "correo no deseado", "lixo eletr", "bloqueado",
    "rechazado por", "posta indesiderata", "спам", "заблокирован", "нежелательн", "垃圾邮件", "垃圾郵件", "被拒绝",
    "拒收", "迷惑メール", "スパム", "스팸", "차단", "ウイルス", "病毒", "вирус",

    "ofr_5", "lpn0",
    "tss0", "ph01", "[ts0", "dt:spm", "mi:spb", "rp:cel",
)  # fmt: skip

OUR_HOST = (
    "your ip", "your domain", "your hostname", "your host name", "your mail server", "your server", "your address",
    "your message looks",
)  # fmt: skip
"""Weak: a refusal that speaks of us, asked after what says more."""

SIZE = (
    "message too large", "message too big", "too large message", "message size exceeds", "message is too big",
    "message is too large", "exceeds size limit", "size limit", "maximum message size", "message file too big",
    "exceeded maximum incoming message size", "exceeded maximum inbound message size", "message length exceeds",
    "maximum size", "mail size", "mail too large", "mail is too large", "message exceeds", "too big for",
    "maximum permitted size", "maximum allowed message size", "size exceeds", "larger than the current system limit",
    "larger than the maximum", "over the size", "message size limit", "message size", "msg too big",
    "data size exceeds", "fixed maximum", "message too long", "exceeds fixed limit", "maximum incoming", "oversize",
    "over size", "email is too large", "email too large", "nachricht zu groß", "nachricht ist zu groß",
    "message trop volumineux", "trop volumineux", "mensaje demasiado grande", "mensagem muito grande",
    "слишком большой размер", "размер письма", "メールサイズ", "サイズが", "邮件大小", "邮件太大", "郵件過大",
    "메일 크기", "troppo grande",
)  # fmt: skip

POLICY = (
    "policy", "policies", "access denied", "permission denied by", "not authorized", "not authorised", "unauthorized",
    "unauthorised", "authentication required", "authentication is required", "administratively denied",
    "administrative prohibition", "administratively prohibited", "prohibition", "recipient not allowed",
    "not permitted", "delivery not authorized", "restricted", "restrictedaddress", "resolver.rst",
    "only accept messages from", "only accepts messages from", "only accepts mail from", "not accepting mail from",
    "does not accept mail from", "not accepting messages from", "doesn't accept mail from", "members only",
    "non-member", "not member", "not a member", "moderated", "permission to send", "permission to post",
    "don't have permission", "do not have permission", "rejected by the recipient", "rejected by user",
    "refused by recipient", "recipient refused", "refuses to accept", "rejected by an administrator",
    "transport.rules", "does not like recipient's", "service refused", "service refuse", "command rejected",
    "transaction failed", "transaction rejected", "denied", "forbidden", "rejected", "refused by",
    "refused to accept", "not acceptable", "unacceptable", "nicht erlaubt", "verweigert", "accès refusé",
    "acceso denegado", "acesso negado", "в доступе отказано", "отказано", "拒否", "拒绝", "거부", "rifiutato",
    "you are not allowed", "not allowed to", "unable to accept your",
)  # fmt: skip
"""Weak words, asked late: nearly every refusal contains one of them."""
