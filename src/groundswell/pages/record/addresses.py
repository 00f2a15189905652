"""The addresses of a record's pages and files. An entry's address never changes."""

from groundswell.campaigns.rules.names import slug_of

FILES = ("record.json", "record.schema.json", "record.csv", "feed.atom", "chart.svg")


def page_of(slug: str) -> str:
    """The record itself."""
    return f"/record/{slug}"


def entry_of(slug: str, key: str) -> str:
    """One entry, for as long as there is a record."""
    return f"/record/{slug}/e/{key}"


def filtered(slug: str, actor: str = "", kind: str = "") -> str:
    """What one actor did, what is of one kind, or both."""
    if not actor and not kind:
        return page_of(slug)
    rest = f"/by/{slug_of(actor)}" if actor else ""
    return f"/record/{slug}{rest}" + (f"/kind/{kind}" if kind else "")


def file_of(address: str) -> str:
    """The file below the published folder that holds the page at `address`."""
    parts = address.strip("/").split("/")
    return f"{address.strip('/')}/index.html" if len(parts) == 2 else f"{address.strip('/')}.html"
