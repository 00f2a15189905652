"""What authors put under a petition's text, and the markup it becomes. Authors write text; markup is made here, escaped."""

from datetime import date
from html import escape
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.dateformat import format as dated
from markdown_it import MarkdownIt
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from groundswell.campaigns import queries as campaigns
from groundswell.pages import films
from groundswell.pages.films import CAPTIONS, FILMS
from groundswell.pages.pictures import picture
from groundswell.pages.words import words

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).disable(["image"])


class ImageBlock(blocks.StructBlock):  # type: ignore[misc]
    """A picture, with words for who can't see it."""

    image = ImageChooserBlock()
    alt = blocks.CharBlock(help_text="What is to be seen, for people who can't see it.", max_length=200)
    caption = blocks.CharBlock(required=False, max_length=300)


class VideoBlock(blocks.StructBlock):  # type: ignore[misc]
    """A video of one's own, played here; or a link to one: nothing of a video host is loaded into the page."""

    title = blocks.CharBlock(max_length=200)
    url = blocks.URLBlock(required=False, help_text="Where the video is to be seen; it is linked, not embedded.")
    file = DocumentChooserBlock(
        required=False,
        help_text="Or a file of your own: MP4 (H.264) or WebM.",
    )
    captions = DocumentChooserBlock(
        required=False, help_text="What is said in it, as WebVTT (.vtt): a file of your own needs them."
    )

    def clean(self, value: Any) -> Any:
        """A link or a file; and nobody who can't hear is left out."""
        value = super().clean(value)
        wrong: dict[str, ValidationError] = {}
        if bool(value.get("url")) == bool(value.get("file")):
            wrong["url"] = ValidationError("Give a link, or choose a file: one of the two.")
        elif value.get("file"):
            if not value["file"].filename.lower().endswith(FILMS):
                wrong["file"] = ValidationError("This should be an MP4 or a WebM.")
            elif problem := films.unreadable(value["file"]):
                wrong["file"] = ValidationError(problem)
            if not value.get("captions") or not value["captions"].filename.lower().endswith(CAPTIONS):
                wrong["captions"] = ValidationError("People who can't hear need captions: choose a .vtt file.")
        if wrong:
            raise blocks.StructBlockValidationError(block_errors=wrong)
        return value


class QuoteBlock(blocks.StructBlock):  # type: ignore[misc]
    """What somebody said."""

    words = blocks.TextBlock()
    who = blocks.CharBlock(max_length=200)


class AnswerBlock(blocks.StructBlock):  # type: ignore[misc]
    """What the target replied."""

    words = blocks.TextBlock()
    on = blocks.DateBlock()
    source = blocks.URLBlock(required=False)


class UpdateBlock(blocks.StructBlock):  # type: ignore[misc]
    """What happened since."""

    on = blocks.DateBlock()
    words = blocks.TextBlock()


BODY: list[tuple[str, blocks.Block]] = [
    (
        "text",
        blocks.TextBlock(help_text="Markdown: a blank line between paragraphs, ## before a heading, **bold**.", icon="pilcrow"),
    ),
    ("image", ImageBlock(icon="image")),
    ("video", VideoBlock(icon="media")),
    ("quote", QuoteBlock(icon="openquote")),
    (
        "record",
        blocks.IntegerBlock(min_value=1, max_value=20, default=5, help_text="How many of the latest entries.", icon="list-ol"),
    ),
    ("answer", AnswerBlock(icon="comment")),
    ("updates", blocks.ListBlock(UpdateBlock(), icon="date")),
]


def markup(kind: str, value: Any, *, language: str, campaign_id: int, today: date) -> tuple[str, dict[str, bytes]]:
    """One block as HTML, and the files that it needs."""
    said = words(language)
    if kind == "text":
        return f'<div class="words">{_MARKDOWN.render(value)}</div>', {}
    if kind == "image":
        made, files = picture(value["image"], value["alt"])
        caption = f"<figcaption>{escape(value['caption'])}</figcaption>" if value["caption"] else ""
        tag = f'<img src="/{made.path}" alt="{escape(made.alt)}" width="{made.width}" height="{made.height}" loading="lazy">'
        return f"<figure>{tag}{caption}</figure>", files
    if kind == "video" and value.get("file"):
        return films.markup(value, language), {}
    if kind == "video":
        host = urlsplit(value["url"]).hostname or ""
        link = said["video"].format(host=escape(host))
        text = f'<h2>{escape(value["title"])}</h2><p><a href="{escape(value["url"])}" rel="noreferrer noopener">▶ {link}</a></p>'
        return f'<div class="block video">{text}</div>', {}
    if kind == "quote":
        return f"<blockquote><p>{escape(value['words'])}</p><footer>{escape(value['who'])}</footer></blockquote>", {}
    if kind == "answer":
        source = (
            f'<p><a href="{escape(value["source"])}" rel="noreferrer">{escape(value["source"])}</a></p>' if value["source"] else ""
        )
        body = f"<h2>{said['answer']}</h2>{_time(value['on'])}{_MARKDOWN.render(value['words'])}{source}"
        return f'<div class="block answer">{body}</div>', {}
    if kind == "updates":
        items = "".join(f"<li>{_time(update['on'])}{_MARKDOWN.render(update['words'])}</li>" for update in value)
        return f'<h2>{said["updates"]}</h2><ul class="updates">{items}</ul>', {}
    return _record(int(value), campaign_id, today, said["record"]), {}


def _record(most: int, campaign_id: int, today: date, title: str) -> str:
    view = campaigns.record(campaign_id, today)
    latest = view.standing_entries[-most:][::-1]
    items = "".join(
        f'<li><time>{escape(entry.when)}</time><p><a href="/record/{escape(view.slug)}/e/{escape(entry.key)}">'
        f"{escape(entry.actor)}: {escape(entry.subject)}</a></p></li>"
        for entry in latest
    )
    heading = f'<h2><a href="/record/{escape(view.slug)}">{title}</a></h2>'
    return f'<section>{heading}<ol class="line">{items}</ol></section>' if items else ""


def _time(day: date) -> str:
    return f'<time datetime="{day.isoformat()}">{dated(day, "j F Y")}</time>'
