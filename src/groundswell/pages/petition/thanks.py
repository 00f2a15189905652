"""After signing: thanks, ways to pass it on that carry who did, and one more thing to do."""

from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

from groundswell.pages.petition.look import Look
from groundswell.pages.words import words

if TYPE_CHECKING:
    from groundswell.actions.queries import PetitionView
    from groundswell.campaigns.queries import CampaignView

_PLACE = "SHARERSPLACE"
"""Stands for the sharer's code while addresses are quoted; the door fills `%%SHARE%%`."""


def share_texts(petition: "PetitionView", look: Look) -> tuple[str, ...]:
    """The texts that are tried against each other; at least one."""
    return look.share_texts or (words(petition.language, petition.manner)["share_text"],)


def body(petition: "PetitionView", campaign: "CampaignView", look: Look, base_url: str, which: int) -> str:
    """The page's content with the share text number `which`."""
    said, text = words(petition.language, petition.manner), share_texts(petition, look)[which]
    address = f"{base_url}/a/{petition.slug}?r={_PLACE}&source=share-{which}"
    message = quote(f"{text}\n{petition.title}\n{address}", safe="")
    ways = [
        (f"https://wa.me/?text={message}", "WhatsApp"),
        (f"https://t.me/share/url?url={quote(address, safe='')}&text={quote(text, safe='')}", "Telegram"),
        (f"https://bsky.app/intent/compose?text={message}", "Bluesky"),
        (f"https://www.facebook.com/sharer/sharer.php?u={quote(address, safe='')}", "Facebook"),
        (f"mailto:?subject={quote(petition.title, safe='')}&body={message}", said["by_mail"]),
        (f"sms:?&body={message}", said["by_sms"]),
    ]
    links = "".join(f'<li><a href="{escape(to)}" rel="noreferrer noopener">{escape(name)}</a></li>' for to, name in ways)
    plain = escape(address)
    page = (
        f'<p class="to">{escape(petition.title)}</p><h1>{said["thanks"]}</h1>'
        f'<p class="lead">{escape(said["thanks_lead"].format(target=campaign.target))}</p>'
        f'<section class="card share" aria-labelledby="pass"><h2 id="pass">{said["pass_on"]}</h2><p>{said["pass_lead"]}</p>'
        f'<button type="button" hidden data-share="{plain}" data-title="{escape(petition.title)}" data-text="{escape(text)}">'
        f'{said["share"]}</button><ul class="ways">{links}</ul>'
        f'<p class="address"><span>{said["or_copy"]}</span> <a href="{plain}">{plain}</a></p>'
        f'<button type="button" class="quiet" hidden data-copy="{plain}" data-done="{said["copied"]}">{said["copy"]}</button>'
        "</section>"
        f'<section class="next"><h2>{said["next"]}</h2><p><a href="{escape(look.next_url or f"/record/{campaign.slug}")}%%NEXT%%">'
        f"{escape(look.next_title or said['next_record'])}</a></p></section>"
    )
    return page.replace(_PLACE, "%%SHARE%%")
