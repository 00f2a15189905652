"""Words for what is neither the mailbox nor our letter: networks, queues, broken servers, loops, relays, delays."""

PROGRAM = (
    "child process of", "unable to exec", "command does not exist", "transport returned", "command not found",
    "no such file or directory", "exec format error", "system not accepting",
    "died with status 127", "directory does not exist", "file does not exist",
)  # fmt: skip
"""A program on the way failed: "command does not exist" is nobody's address."""

EXPIRED_FOR_SURE = (
    "message expired", "delivery expired", "delivery time expired", "message timed out", "retry timeout exceeded",
    "message too old", "expired-message", "message-expired",
)  # fmt: skip
"""Given up after days: what the last attempt said of us is then not the reason."""

EXPIRED = (
    "delivery time expired", "delivery expired", "message expired", "queue too long", "retry timeout exceeded",
    "retry time not reached", "retry count exceeded", "maximum delivery attempts", "delivery attempts",
    "number of attempts", "too many attempts", "attempts exceeded", "delivery has been delayed", "message delayed",
    "message timed out", "cannot send message within", "could not be delivered for",
    "could not send message for past", "undeliverable after", "maximum-time-expired", "maximum queue", "queue period",
    "queue lifetime", "allowed queue", "has expired: could", "message has been in the queue", "giving up on",
    "i've given up trying", "max retry", "delivery timed out", "queue expiry", "queue time", "has been delayed",
    "expired after", "unable to deliver to domain for", "not been able to deliver", "delivery failed 20 attempts",
    "attempted for", "delayed", "gave up",
)  # fmt: skip

NETWORK = (
    "timed out", "timeout", "time out", "timed-out", "connection refused", "connection reset", "connection dropped",
    "connection closed", "connection lost", "lost connection", "connection was", "connection failed",
    "connection attempt", "connection to mail exchanger failed", "could not connect", "couldn't connect",
    "cannot connect", "can't connect", "unable to connect", "failed to connect", "unable to establish",
    "wasn't able to establish", "establish an smtp connection", "not establish a connection", "no route to host",
    "network is unreachable", "network unreachable", "unreachable", "not reachable", "no answer from host",
    "did not respond", "not responding", "no response", "not respond", "host is down", "hostdown",
    "operation timed out", "bad connection", "broken pipe", "name service error", "dns lookup", "dns query",
    "dns failure", "dns error", "dns soft error", "name server failure", "name server timeout", "transient dns",
    "try again", "lookup failure", "cannot resolve host", "query failed", "host lookup did not complete",
    "domain lookup", "server unavailable", "server is unavailable", "server not available", "temporarily unavailable",
    "server unavailable or busy", "service unavailable", "service not available", "too busy", "server busy",
    "host not reachable", "tls negotiation", "tls handshake", "starttls", "ssl error", "certificate",
    "certificate verif", "network error", "networkerror", "no connection", "zeitüberschreitung", "verbindung",
    "délai", "tiempo de espera", "tempo esgotado", "соединени", "连接", "連線", "タイムアウト", "接続でき",
    "연결할 수 없", "연결",
)  # fmt: skip

RATE = (
    "too many recipients", "recipient limit", "too many connections", "connection limit", "rate limit", "ratelimit",
    "limit exceeded", "sending limit", "rate too", "too fast", "too many messages", "too much mail", "too many emails",
    "throttl", "slow down", "daily limit", "hourly limit", "frequency limited", "message rate", "receiving mail at a rate",
    "receiving mail too quickly", "too quickly", "limits for how many", "too many emails", "too many mails",
    "concurrent connections", "maximum number of connections", "connection rate", "trop de connexions", "trop de messages",
    "频率", "发信频率",
)  # fmt: skip
"""We came too fast: true of today, and of this provider."""

SYSTEM = (
    "rcpthosts", "configured to relay",
    "relaying denied", "relay access denied", "relay denied", "relaying not", "relay not permitted",
    "not permitted to relay", "unable to relay", "relaying prohibited", "relaying mail", "mail relay",
    "not allowed to relay", "relaying is", "no relaying", "we do not relay", "relay not allowed", "rejected relay",
    "open relay", "non-relay", "don't relay", "not relay", "this system is not configured to relay",
    "relaying temporarily", "not a gateway", "loops back", "mail loop", "routing loop", "loop detected",
    "forwarding loop", "mail forwarding loop", "aliasing/forwarding loop", "too many hops", "hop count exceeded",
    "hop count", "looping", "hops exceeded", "maximum hop", "received headers", "local configuration error",
    "configuration error", "system error", "system failure", "internal error", "internal server error",
    "server error", "local error", "temporary failure", "temporary error", "temporary problem",
    "temporarily deferred", "local problem", "software error", "service temporarily", "temporarily rejected",
    "temporarily blocked by", "deferred", "command died", "command output", "pipe to", "can't create",
    "cannot create", "unable to create", "cannot open", "can't open", "could not open", "unable to open",
    "cannot append", "unable to append", "permission denied", "no space left", "disk full", "out of disk",
    "filesystem full", "file system full", "insufficient system", "insufficient resources", "out of memory",
    "error in processing", "encountered an error", "error during delivery", "local delivery failed", "mailer error",
    "error writing", "write error", "i/o error", "input/output", "i/o problem", "ldap error", "database error",
    "lookup error", "mysql", "user database", "map lookup", "address verification in progress", "unverified address",
    "verification in progress", "resources restricted", "resources temporarily", "out of resources", "greylist",
    "graylist", "grey-list", "greylisting", "try later", "come back later", "later", "postpone", "protocol error",
    "syntax error", "bad command", "bad sequence", "command unrecognized", "command not recognized",
    "command not implemented", "unrecognized command", "no resent-from", "smtputf8", "internationalized",
    "not support", "unsupported", "parameter", "5.3.0 unknown mailer", "unknown mailer error", "exit status",
    "exit code", "child status", "signal", "died with status", "delivery to file", "rejected by destination system",
    "could not find a gateway", "maildir", "mailbox locked by", "temporarily", "weiterleitung", "schleife",
    "vorübergehend", "boucle", "temporairement", "temporalmente", "temporariamente", "temporaneamente", "временн",
    "暂时", "暫時", "一時的", "일시적", "message loop", "mailbox is busy",
)  # fmt: skip

WARNING_ONLY = (
    "has not yet been delivered", "not yet been delivered", "still being retried", "will be retried",
    "will continue to", "warning message only", "warning only", "this is just a warning", "no action is required",
    "do not need to resend", "not need to resend", "delivery attempts will continue", "delivery is delayed",
    "has been delayed", "delivery incomplete", "delivery delayed", "is being delayed", "is delayed",
    "has been postponed", "we will continue", "retry for", "keep trying", "will try again", "will be attempted",
    "message is still queued", "still in the queue", "has not been delivered yet",
    "delivery to the following recipients has been delayed", "have not yet received your message",
    "wird weiterhin versucht", "noch nicht zugestellt", "sera retent", "se seguirá intentando", "ещё не доставлено",
    "еще не доставлено", "尚未送达", "配信が遅延", "遅延",
)  # fmt: skip
"""The report says that the letter is late, not that it is lost."""
