"""Domains of addresses that many people share. Pure."""

COMMON = frozenset(
    {
        "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "hotmail.co.uk", "hotmail.fr", "live.com",
        "msn.com", "icloud.com", "me.com", "mac.com", "yahoo.com", "yahoo.co.uk", "yahoo.fr", "yahoo.de", "ymail.com",
        "aol.com", "proton.me", "protonmail.com", "pm.me", "fastmail.com", "fastmail.fm", "gmx.de", "gmx.net",
        "gmx.at", "gmx.ch", "web.de", "t-online.de", "freenet.de", "posteo.de", "mailbox.org", "orange.fr",
        "wanadoo.fr", "free.fr", "laposte.net", "sfr.fr", "libero.it", "tiscali.it", "bluewin.ch", "btinternet.com",
        "sky.com", "virginmedia.com", "comcast.net", "verizon.net", "att.net", "mail.ru", "yandex.ru", "bk.ru",
        "qq.com", "163.com", "naver.com", "rediffmail.com", "uol.com.br", "terra.com.br", "seznam.cz", "wp.pl",
        "o2.pl", "onet.pl", "abv.bg", "ukr.net", "riseup.net",
    }
)  # fmt: skip
"""Large providers: the name of such a domain names nobody."""
DISPOSABLE = frozenset(
    {
        "10minutemail.com", "10minutemail.net", "20minutemail.com", "33mail.com", "discard.email", "dispostable.com",
        "dropmail.me", "emailondeck.com", "fakeinbox.com", "fakemail.net", "getairmail.com", "getnada.com", "grr.la",
        "guerrillamail.biz", "guerrillamail.com", "guerrillamail.de", "guerrillamail.info", "guerrillamail.net",
        "guerrillamail.org", "guerrillamailblock.com", "inboxbear.com", "inboxkitten.com", "mail-temp.com", "mail.tm",
        "mailcatch.com", "maildrop.cc", "mailexpire.com", "mailforspam.com", "mailinator.com", "mailinator.net",
        "mailinator.org", "mailnesia.com", "mailnull.com", "mailsac.com", "mailtemp.net", "minuteinbox.com",
        "moakt.com", "mohmal.com", "mytemp.email", "mytrashmail.com", "nada.email", "sharklasers.com", "spam4.me",
        "spambog.com", "spambox.us", "spamgourmet.com", "temp-mail.io", "temp-mail.org", "tempail.com",
        "tempinbox.com", "tempmail.com", "tempmail.dev", "tempmail.net", "tempmailo.com", "tempr.email",
        "throwawaymail.com", "tmail.io", "tmpmail.net", "tmpmail.org", "trash-mail.com", "trashmail.com",
        "trashmail.de", "trashmail.net", "wegwerfmail.de", "yopmail.com", "yopmail.fr", "yopmail.net",
    }
)  # fmt: skip
"""Domains that hand an address to anyone for ten minutes. Signatures from them are held, not lost: some people need one."""
