"""What a letter gets only at the moment it is sent, and in memory only: so that the books never hold it.

A room above registers what it encloses by the letter's kind; the post office asks when it loads the letter.
"""

from collections.abc import Callable, Mapping
from typing import Any

Content = Mapping[str, Any]
Enclose = Callable[[int, Content], Content]
"""Letter's number and its content as kept, to the content as it is sent."""

_BY_KIND: dict[str, Enclose] = {}


def register(kind: str, enclose: Enclose) -> None:
    """Letters of this kind are completed by `enclose`; the last one registered counts."""
    _BY_KIND[kind] = enclose


def completed(letter_id: int, content: Content) -> Content:
    """The content with what belongs into it; letters of other kinds as they are."""
    enclose = _BY_KIND.get(str(content.get("kind")))
    return enclose(letter_id, content) if enclose else content
