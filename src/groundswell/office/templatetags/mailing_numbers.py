"""Shares as percent, and the places of asks in words."""

from django import template

register = template.Library()


@register.filter
def percent(share: float) -> str:
    """`0.0213` as `2.13 %`, which no line end parts."""
    return f"{share * 100:.2f}\N{NARROW NO-BREAK SPACE}%"


@register.filter
def ask_place(position: str) -> str:
    """`body-2` as “Ask 2”, `ps` as “P.S.”."""
    if position == "ps":
        return "P.S."
    kind, _, number = position.partition("-")
    return f"Ask {number}" if kind == "body" else position
