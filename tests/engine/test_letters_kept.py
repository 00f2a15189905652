"""Letters are kept as they were sent, for ever: what an earlier version lodged must still be understood."""

from groundswell.engine.compile import compile_appeal
from groundswell.engine.message import Action, Letter, Sender

SENDER = Sender(
    "Lucía", "and the team", "Common Ground", "l@news.example.org", "r@news.example.org", "list.example.org", "cground",
    "1 Example St", "You asked us to write.", "https://example.org/privacy",
)  # fmt: skip


def test_a_letter_of_before_there_were_pictures_is_still_read() -> None:
    source = '---\nsubject: Only a pause\n---\n{{ first_name | "Friend" }},\n\n::: ask\nSign\n:::\n'
    compiled = compile_appeal(source, sender=SENDER, sources={}, action=Action(1, "/a/x")).letter
    assert compiled is not None
    kept = {name: value for name, value in compiled.to_json().items() if name != "pictures"}
    assert Letter.from_json(kept) == compiled
