"""What pages of other actions than petitions say: by language, then by kind. What is not here is said as on a petition's page.

A language that has no words for a kind speaks English there, as a language that we don't have at all does.
"""

from collections.abc import Mapping

from groundswell.pages.words.acting_more import MORE

_EN: Mapping[str, Mapping[str, str]] = {
    "letter": {
        "add_name": "Write to them", "signed": "<strong>{count}</strong> have written", "sign_now": "Write now",
        "name_hint": "You sign your letter with it.", "sign": "I have sent it", "one_click": "I have sent it",
        "signing_as": "You are", "no": "No, only count my letter", "not_signed": "Not counted yet",
        "thanks": "Thank you for writing.", "thanks_lead": "Every letter that {target} has to read counts.",
        "share_text": "I have just written to them. Will you?", "letter": "Your letter", "subject": "Subject",
        "your_words": "Your words", "words_hint": "Change what you like: a letter in your own words counts most.",
        "to_whom": "Whom to write to", "open_mail": "Open in my mail program", "copy_words": "Copy the letter",
        "then": "Send it, then come back and tell us: that is how we count.",
    },
    "send": {
        "add_name": "Send your letter", "signed": "<strong>{count}</strong> have written", "sign_now": "Write now", "sign": "Send my letter",
        "one_click": "Send my letter", "signing_as": "You are", "no": "No, only send my letter",
        "name_hint": "Your letter is signed with it, and the reader sees it.", "email_hint": "The answer comes here; the reader sees it.",
        "reveal": "Yes, send this letter for me. I know that whoever reads it sees my name and my e-mail address.",
        "thanks": "Thank you. Your letter is on its way.",
        "thanks_lead": "It goes to {target} with your name under it, and the answer comes to you.",
        "share_text": "I have just written to them. Will you?", "subject": "Subject", "your_words": "Your letter",
        "words_hint": "Change what you like: a letter in your own words counts most.", "slip_reveal": "Please tick that we may send it with your name and address.",
        "slip_name": "Please fill in your name: the letter is signed with it.",
        "slip_words": "Your letter is empty.", "slip_subject": "Your letter has no subject.", "not_signed": "Not sent yet",
        "confirm_lead": "We have sent you a letter. Press the button in it, and yours is sent: nobody can write in your name but you.",
    },
    "call": {
        "add_name": "Tell us how it went", "signed": "<strong>{count}</strong> have called", "sign_now": "Call now",
        "name_hint": "Only for us; it is not handed over.", "sign": "Count my call", "one_click": "Count my call", "signing_as": "You are",
        "no": "No, only count my call", "not_signed": "Not counted yet", "thanks": "Thank you for calling.",
        "thanks_lead": "A ringing telephone is hard to pass over. {target} will have noticed.",
        "share_text": "I have just called them. It takes two minutes. Will you?", "script": "What you can say", "numbers": "Whom to call",
        "how": "How did it go?", "reached": "I spoke to somebody", "voicemail": "I left a message", "no-answer": "Nobody answered",
        "note": "Anything we should know?", "note_hint": "What they said, for instance. Only our team reads it.",
        "whom": "Whom did you call?", "calls": "{count} calls so far. {reached} of them reached somebody.",
        "slip_outcome": "Please say how it went.", "slip_whom": "Please say whom you called.",
    },
    "pledge": {
        "add_name": "Make the pledge", "signed": "<strong>{count}</strong> have pledged", "sign_now": "Pledge now", "sign": "I pledge",
        "one_click": "Pledge with one click", "signing_as": "Pledging as", "no": "No, only count my pledge", "not_signed": "Not pledged yet",
        "thanks": "Thank you. Your pledge counts.", "thanks_lead": "{target} will hear how many stand by it.",
        "share_text": "I have just pledged this. Will you?", "until": "I pledge this until {until}.",
        "watched": "Whether they keep it is on the record, with sources.",
    },
    "photo": {
        "add_name": "Show your face", "signed": "<strong>{count}</strong> have sent a photo", "sign_now": "Add your photo",
        "name_hint": "Only for us; it is not shown with your photo.", "sign": "Send my photo", "one_click": "Send my photo",
        "signing_as": "You are", "no": "No, only take my photo", "not_signed": "Not sent yet", "thanks": "Thank you for your photo.",
        "thanks_lead": "Somebody of us looks at it before it is shown here and to {target}.", "share_text": "My face is among them. Yours?",
        "sign_says": "Write on a sign, large and dark:", "photo": "Your photo",
        "photo_hint": "JPEG, PNG or WebP, at most 8 MB. Where and when it was taken, and with what, is removed. Turn away or cover your face "
                      "if you like; we can blur faces for you too.",
        "show": "Yes, you may show this photo on this page and to {target}. I am in it, or whoever is has agreed. I can take it back.",
        "gallery": "Who has shown their face", "slip_photo": "Please choose a photo.", "slip_large": "The photo is larger than 8 MB.",
        "slip_show": "Please tick that we may show it.", "slip_kind": "This file is no JPEG, PNG or WebP.",
    },
    "event": {
        "add_name": "Come", "signed": "<strong>{count}</strong> have signed up", "sign_now": "Sign up", "name_hint": "For the list at the door.",
        "sign": "I am coming", "one_click": "I am coming", "signing_as": "You are", "no": "No, only about this event",
        "not_signed": "Not signed up yet", "thanks": "You are on the list.",
        "thanks_lead": "A letter to you says whether you have a seat, and how to give it up. A reminder comes the day before.",
        "share_text": "I am going. Will you come along?", "when": "When", "where": "Where", "calendar": "Put it into my calendar",
        "seats": "{left} of {capacity} seats are free.", "full": "All {capacity} seats are taken. Sign up to wait for one: who gives theirs up "
        "makes room.", "cancelled": "This event is cancelled.", "give_up": "Give up my seat", "give_up_lead": "On the list already, and can’t come?",
        "given_up": "Your seat is free for somebody else", "given_up_lead": "Changed your mind? Sign up again.",
    },
}  # fmt: skip
SHARED: Mapping[str, str] = {
    "closed": "This is over", "find": "Find yours", "find_hint": "Your region, or the beginning of your postcode.",
    "nobody_found": "Nobody here by that name or place: all are shown.",
}  # fmt: skip


def acting(language: str, kind: str) -> Mapping[str, str]:
    """The words of this kind in this language; English where we have none."""
    more = MORE.get(language, {})
    return {**SHARED, **_EN.get(kind, {}), **more.get("shared", {}), **more.get(kind, {})}
