"""The words that entries are sorted by."""

TARGET_KINDS = ("company", "agency", "official")
RELATIONS = ("owns", "supplies", "hosts", "buys from")
KINDS = ("pledge", "extension", "narrowing", "end", "supply", "evidence", "law", "pressure", "reply")
CERTAINTIES = ("found", "copy", "only the sender says so", "disputed", "not found")
