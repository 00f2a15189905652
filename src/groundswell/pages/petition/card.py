"""The card beside the petition: how many signed, and the form, or one button for a reader who came by a letter."""

from html import escape
from typing import TYPE_CHECKING

from groundswell.actions.acting.kinds import HANDED_OVER
from groundswell.pages.petition.acting import FORM, giving_up
from groundswell.pages.petition.acting import fields as act_fields
from groundswell.pages.petition.countries import COUNTRIES
from groundswell.pages.petition.look import Look
from groundswell.pages.words import number, words

if TYPE_CHECKING:
    from groundswell.actions.queries import PetitionView


def card(petition: "PetitionView", action: str) -> str:
    """The card around an `action`."""
    said = words(petition.language, petition.manner)
    return f'<section class="card" aria-labelledby="sign"><h2 id="sign">{said["add_name"]}</h2>{thermometer(petition)}{action}</section>'


def thermometer(petition: "PetitionView") -> str:
    """How many, of how many; the script keeps it true while the page stays open."""
    said = words(petition.language, petition.manner)
    count, goal = number(petition.count, petition.language), number(petition.goal, petition.language)
    most = max(petition.goal, 1)
    return (
        f'<div class="meter" data-count="/a/{escape(petition.slug)}/count.json"><p class="count" id="count">'
        f"{said['signed'].format(count=count)}</p>"
        f'<progress max="{most}" value="{min(petition.count, most)}" aria-labelledby="count"></progress>'
        f'<p class="goal">{said["goal"].format(goal=f"<span>{goal}</span>")}</p></div>'
    )


def one_click(petition: "PetitionView", target: str = "") -> str:
    """For who came by a letter."""
    said = words(petition.language, petition.manner)
    return (
        f'{_opening(petition)}<input type="hidden" name="t" value="%%TOKEN%%">'
        f'<input type="hidden" name="text_version" value="{petition.version}">'
        f'<p class="as">{said["signing_as"]} <strong>%%HINT%%</strong></p><p class="hint">{said["name_hint"]}</p>'
        f"{act_fields(petition, target)}{_anonymous(petition)}<button>{said['one_click']}</button></form>"
        f'{giving_up(petition, said)}<p class="other"><a href="/a/{escape(petition.slug)}">{said["not_you"]}</a></p>'
    )


def form(petition: "PetitionView", look: Look, wording: str, target: str = "") -> str:
    """For everyone else. What is asked is what the action needs; consent is asked plainly and never ticked."""
    said = words(petition.language, petition.manner)
    optional = f'<span class="optional">({said["optional"]})</span>'
    fields = [_text("email", said["email"], said["email_hint"], 'type="email" autocomplete="email" inputmode="email" required')]
    if "name" in look.fields or petition.manner == "send":
        needed = " required" if petition.manner == "send" else ""
        fields.insert(0, _text("name", said["name"], said["name_hint"], f'type="text" autocomplete="name" maxlength="120"{needed}'))
    where = []
    if "country" in look.fields:
        options = "".join(f'<option value="{code}">{escape(name)}</option>' for code, name in COUNTRIES)
        where.append(
            f'<label for="country">{said["country"]}</label><select id="country" name="country" autocomplete="country">'
            f'<option value="">{said["choose"]}</option>{options}<option value="ZZ">{said["elsewhere"]}</option></select>'
        )
    if "postcode" in look.fields:
        label = f"{said['postcode']} {optional}"
        where.append(_text("postcode", label, "", 'type="text" autocomplete="postal-code" maxlength="12"'))
    if len(where) > 1:
        fields.append(f'<div class="pair">{"".join(f"<div>{each}</div>" for each in where)}</div>')
    else:
        fields += where
    if "phone" in look.fields:
        label = f"{said['phone']} {optional}"
        fields.append(_text("phone", label, said["phone_hint"], 'type="tel" autocomplete="tel" inputmode="tel" maxlength="40"'))
    if "reason" in look.fields and petition.kind in HANDED_OVER:
        fields.append(
            f'<label for="reason">{said["reason"]} {optional}</label><p class="hint" id="reason-hint">{said["reason_hint"]}</p>'
            '<textarea id="reason" name="reason" rows="2" maxlength="600" aria-describedby="reason-hint">%%REASON%%</textarea>'
            f'<label class="tick"><input type="checkbox" name="public" value="yes"> {said["reason_public"]}</label>'
        )
    fields.append(_anonymous(petition))
    return (
        f"{_opening(petition)}{act_fields(petition, target)}{''.join(fields)}"
        f'<fieldset><legend>{said["may_we"]}</legend><p class="hint">{escape(wording)}</p>'
        f'<label><input type="radio" id="consent" name="consent" value="yes" required> {said["yes"]}</label>'
        f'<label><input type="radio" name="consent" value="no"> {said["no"]}</label></fieldset>%%PARTNER%%'
        '<div class="honey" aria-hidden="true"><input type="text" name="website" tabindex="-1" autocomplete="off" '
        f'aria-label="{said["leave_empty"]}"></div>'
        '<input type="hidden" name="source" value="%%SOURCE%%"><input type="hidden" name="r" value="%%R%%">'
        '<input type="hidden" name="stamp" value="%%STAMP%%">'
        f'<input type="hidden" name="text_version" value="{petition.version}">%%WORK%%<button>{said["sign"]}</button></form>'
    )


def _opening(petition: "PetitionView") -> str:
    many = ' enctype="multipart/form-data"' if petition.kind == "photo" else ""
    way = "photo" if petition.kind == "photo" else "sign"
    return f'<form method="post" action="/a/{escape(petition.slug)}/{way}" id="{FORM}"{many}>'


def partner_line(organisation: str, wording: str, privacy_url: str, privacy: str) -> str:
    """A partner's own question, beside ours and never ticked: made by the door for who came by the partner."""
    return (
        f'<label class="tick partner"><input type="checkbox" name="partner" value="yes"> <span>{escape(wording)} '
        f'<a href="{escape(privacy_url)}" target="_blank" rel="noopener noreferrer">{escape(organisation)}: {escape(privacy)}</a>'
        "</span></label>"
    )


def _anonymous(petition: "PetitionView") -> str:
    if petition.kind not in HANDED_OVER:
        return ""
    return f'<label class="tick"><input type="checkbox" name="anonymous" value="yes"> {words(petition.language, petition.manner)["anonymous"]}</label>'


def _text(name: str, label: str, hint: str, more: str) -> str:
    described = f' aria-describedby="{name}-hint"' if hint else ""
    note = f'<p class="hint" id="{name}-hint">{hint}</p>' if hint else ""
    return (
        f'<label for="{name}">{label}</label>{note}<input {more} id="{name}" name="{name}" value="%%{name.upper()}%%"{described}>'
    )
