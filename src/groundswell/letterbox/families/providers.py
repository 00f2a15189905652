"""Providers that speak for themselves, by how often a public list meets them."""

from groundswell.letterbox.families.table import ANGLE, BARE, EITHER, row

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
    row("yahoo-html", ("i'm afraid i wasn't able to deliver the following message",), r"^To: ?<?(?P<who>[^\s<>]{3,280})"),
    row(
        "aol",
        ("they are not accepting mail from",),
        r"^[ \t]+<?(?P<who>[^\s<>:@]{3,32}(?:@[^\s<>:]{3,200})?)>?[ \t]*$",
        after=("they are not accepting mail from",),
        home="aol.com",
    ),
    row("prodigy", ("user's mailbox is full: <",), r"mailbox is full:\s{1,4}<(?P<who>[^<>\n]{3,280})>", reason_first=True),
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
    row(
        "nifty-ocn",
        (
            "送信に失敗しました",
            "配信できませんでした",
            "配信されませんでした",
            "送信できませんでした",
            "お届けできませんでした",
            "届けることができませんでした",
            "配送できませんでした",
            "送信エラー",
            "メールは配信",
            "エラーメール",
        ),
        EITHER,
    ),
    row(
        "qq",
        (
            "退信",
            "邮件发送失败",
            "无法投递",
            "無法投遞",
            "投递失败",
            "投遞失敗",
            "您的邮件被退回",
            "发送失败",
            "无法发送到",
            "發送失敗",
            "系统退信",
            "未能送达",
            "无法送达",
        ),
        (
            r"(?:收件人[^\n@]{0,40}?|地址[^\n@]{0,20}?|^[ \t]{0,16}|到|给|[:：（(<\"'])\s{0,4}<?"
            r"(?P<who>[a-z0-9!#$%&'*+/=?^_{|}~.-]{1,64}@[a-z0-9.-]{3,200})"
        ),
    ),
    row(
        "naver-daum",
        (
            "메일 전송",
            "발송 실패",
            "전송에 실패",
            "전송 실패",
            "배달되지",
            "전달되지",
            "발송하지 못",
            "반송",
            "보내지 못",
            "전송하지 못",
            "전달하지 못",
        ),
        r"(?:받는\s?사람|수신자|수신인|주소|^)[^\n@]{0,40}?<?(?P<who>[a-z0-9!#$%&'*+/=?^_{|}~.-]{1,64}@[a-z0-9.-]{3,200})",
    ),
    row(
        "mail.ru",
        (
            "письмо создано автоматически",
            "не может быть доставлено",
            "не было доставлено",
            "невозможно доставить",
            "не удалось доставить",
            "не доставлено",
            "доставка письма",
            "доставить ваше",
        ),
        (
            r"(?:^[ \t]{0,12}|mailbox |адрес[а-я]{0,3} |получател[а-я]{1,3}:? |для )<?(?P<who>[a-z0-9!#$%&'*+/=?^_{"
            r"|}~.-]{1,64}@[a-z0-9.-]{3,200})"
        ),
    ),
    row("zoho", ("error_code :", "[status: error, address:"), r"(?:Address: <|^)(?P<who>[^\s<>,]{1,80}@[^\s<>,]{3,200})>?"),
    row("sendgrid", ("automatically generated message from sendgrid",), BARE),
    row("verizon", ("message could not be delivered to mobile",), r"^[ \t]*(?:To|Recipient):[ \t]*<?(?P<who>[^\s<>]{3,280})"),
    row(
        "mimecast",
        ("addressed to email address :", "delivery failure notification message indicating"),
        r"address\s{0,4}:\s{1,4}-- (?P<who>[^\s]{3,280})",
    ),
    row(
        "orange",
        (
            "n'a pas pu être remis",
            "n'a pas pu etre remis",
            "n'a pas pu être délivré",
            "n'a pas pu etre delivre",
            "n'a pu être remis",
            "pas pu être distribué",
            "échec de la remise",
            "echec de la remise",
            "n'a pas été distribué",
            "non remis",
        ),
        (
            r"(?:^[ \t*-]{0,12}|destinataires?[^\n@]{0,30}?|adresse[^\n@]{0,20}?|remis (?:à|a) )<?"
            r"(?P<who>[^\s<>:()'\"]{1,80}@[^\s<>:()'\"]{3,200})"
        ),
    ),
    row(
        "german",
        (
            "konnte nicht zugestellt werden",
            "konnte nicht an",
            "nicht zugestellt werden",
            "unzustellbar",
            "fehler bei der zustellung",
            "zustellung fehlgeschlagen",
            "konnte leider nicht",
        ),
        (
            r"(?:^[ \t*-]{0,12}|empfänger[^\n@]{0,30}?|adresse[^\n@]{0,20}?|\ban )['\"<]{0,2}"
            r"(?P<who>[^\s<>:()'\"]{1,80}@[^\s<>:()'\"]{3,200})"
        ),
    ),
    row(
        "spanish-portuguese",
        (
            "no pudo ser entregado",
            "no se pudo entregar",
            "no ha podido ser entregado",
            "no se ha podido entregar",
            "não pôde ser entregue",
            "nao pode ser entregue",
            "não foi entregue",
            "não foi possível entregar",
            "no ha sido entregado",
            "no fue entregado",
            "error al entregar",
            "no puede ser entregado",
        ),
        (
            r"(?:^[ \t*-]{0,12}|destinat[aá]rios?[^\n@]{0,30}?|direcci[oó]n[^\n@]{0,20}?|endere[cç]o[^\n@]{0,20}?"
            r"|\b(?:a|para) )['\"<]{0,2}(?P<who>[^\s<>:()'\"]{1,80}@[^\s<>:()'\"]{3,200})"
        ),
    ),
    row(
        "italian",
        (
            "non è stato possibile consegnare",
            "non è stato consegnato",
            "mancata consegna",
            "impossibile recapitare",
            "non e' stato possibile",
            "non può essere consegnato",
            "impossibile consegnare",
            "consegna non riuscita",
        ),
        (
            r"(?:^[ \t*-]{0,12}|destinatari[^\n@]{0,30}?|indirizz[^\n@]{0,20}?|\b(?:a|per) )['\"<]{0,2}"
            r"(?P<who>[^\s<>:()'\"]{1,80}@[^\s<>:()'\"]{3,200})"
        ),
    ),
)
