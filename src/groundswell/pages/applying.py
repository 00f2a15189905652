"""The second half of the public door: what it accepted into the journal is done here, behind it, by the worker."""

import base64
import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from groundswell.actions import answers, later
from groundswell.actions import operations as actions
from groundswell.actions.acting.deeds import Done, keep_deeds
from groundswell.actions.acting.events import is_event
from groundswell.actions.acting.photos import keep_photos
from groundswell.actions.acting.sending import TO_CONFIRM, confirmed, stop_of
from groundswell.actions.confirming import confirm
from groundswell.actions.own import withdraw_all
from groundswell.actions.queries import petition
from groundswell.actions.sign_many import Signing, sign_many
from groundswell.basics import postcodes
from groundswell.basics.addresses import parse
from groundswell.basics.ids import ActionId, DeliveryId, PersonRef
from groundswell.basics.result import Problem, Refused
from groundswell.basics.tokens import Link, TokenKeys, open_delivery, open_link
from groundswell.intake.journal import Entry
from groundswell.mailings import queries as mailing_queries
from groundswell.mailings.thanking import ask_to_confirm, send_own_data_link, thank_many
from groundswell.pages import agreeing
from groundswell.pages.speaking import as_read, ask_later, by_language
from groundswell.people import operations as people
from groundswell.people.keys import domain_mark
from groundswell.people.suppressions import complained
from groundswell.post import queries as post
from groundswell.post import returns, wishes
from groundswell.post.readers import action_of, answered_since, kind_of, persons_of

_LOG = logging.getLogger(__name__)
OWN_ACTS = frozenset(
    {"unsubscribe", "subscribe", "less", "topic", "withdraw", "withdraw-all", "data", "forget", "confirm", "give-up"}
)
MOST_ANSWERS_A_DAY = 3
"""Letters that one address gets in a day for being typed into forms, however often that happens."""
_ENDED = {"confirmed": "signed", "held": "held", "unconfirmed": "asked to confirm"}


_Told = dict[tuple[ActionId, str], list[PersonRef]]
"""Petition and language → people."""


@dataclass(slots=True)
class Applying:
    """Applies entries; remembers which petitions need a new count and which letters have rows to deliver."""

    tokens: TokenKeys
    now: datetime
    petitions: set[ActionId] = field(default_factory=set)
    letters: set[int] = field(default_factory=set)

    def __call__(self, entries: Sequence[Entry]) -> list[str]:
        """Do what the entries say, in the caller's transaction and in their order; returns how each ended.

        Signatures, which come in crowds, are done together as far as nothing else stands between them.
        """
        done: list[str] = []
        for crowd, run in groupby(entries, key=lambda entry: entry.content.get("kind") == "sign"):
            together = list(run)
            done += self._sign(together) if crowd else [self._one(entry.content) for entry in together]
        return done

    def _one(self, content: Mapping[str, Any]) -> str:
        """One of the things that people do from their own link; "no row" where the letter is not known (any more)."""
        kind, token = content.get("kind"), str(content.get("token"))
        if kind in ("confirm", "give-up"):
            link = open_link(self.tokens, token)
            delivery = link.delivery if link else None
        else:
            delivery = open_delivery(self.tokens, "unsubscribe", token) or open_delivery(self.tokens, "mine", token)
        person = post.person_of(delivery) if delivery is not None else None
        if person is None or delivery is None:
            return "unknown kind" if kind not in OWN_ACTS else "token without a row"
        if kind == "confirm":
            return self._confirm(ActionId(int(content["action"])), person, delivery)
        if kind == "give-up":
            return self._withdraw(ActionId(int(content["action"])), person)
        return self._own(str(kind), person, delivery)

    def _confirm(self, petition_id: ActionId, person: PersonRef, delivery: DeliveryId) -> str:
        # Only by the button of a letter that asked for it, which nobody passed on: any other may have been forwarded.
        asked_by = kind_of(delivery)
        if asked_by not in ("confirm", "agree"):
            return "not by a letter that asked"
        theirs = asked_by == "confirm" and confirmed(petition_id=petition_id, person=person)
        agreed = answers.waiting_for(petition_id=petition_id, person=person)
        said = later.take(petition_id=petition_id, person=person) if asked_by == "agree" else []
        counted = confirm(petition_id=petition_id, person=person)
        answers.record(answers=[(person, answer) for answer in [*(agreed if counted else []), *said]], now=self.now)
        if counted:
            self._thank({(petition_id, language): [person] for language, _ in by_language([person])})
            return "confirmed"
        return "letter confirmed" if theirs else "yes confirmed" if said else "nothing to confirm"

    def _own(self, kind: str, person: PersonRef, delivery: DeliveryId) -> str:
        source = f"delivery {delivery}"
        petition_id = action_of(delivery)
        if kind == "unsubscribe":
            people.suppress_person(person=person, reason="unsubscribed", source=source, now=self.now)
            returns.withhold_person(person=person, reason="unsubscribed", kinds=("mailing", "series"), now=self.now)
        elif kind == "less":
            wishes.less_mail(person=person, now=self.now)
        elif kind == "topic" and petition_id is not None:
            wishes.only_topic(person=person, topic=petition(petition_id).campaign_id, now=self.now)
        elif kind == "subscribe":
            wishes.lift(person=person)
            sender = mailing_queries.house_sender()
            people.record_consent(
                person=person, given=True, organisation=sender.organisation if sender else "", wording="Write to me", version="1",
                language="en", source=source, how="form", now=self.now,
            )  # fmt: skip
        elif kind == "withdraw" and petition_id is not None:
            return self._withdraw(petition_id, person)
        elif kind == "withdraw-all":
            stop_of(person=person, now=self.now)
            self.petitions |= {ActionId(petition) for petition in withdraw_all(person=person)}
        elif kind == "data" and petition_id is not None:
            sender = mailing_queries.house_sender()
            if sender is not None:
                self.letters.add(send_own_data_link(petition_id=petition_id, person=person, sender=sender, now=self.now))
        elif kind == "forget":
            people.forget(person=person, staff_id=None, why="asked by the person, from their own link", now=self.now)
        else:
            return "unknown kind"
        return f"{kind} done"

    def _withdraw(self, petition_id: ActionId, person: PersonRef) -> str:
        stop_of(person=person, petition_id=petition_id, now=self.now)
        if not actions.withdraw(petition_id=petition_id, person=person):
            return "nothing to take back"
        self.petitions.add(petition_id)
        return "withdraw done"

    def _sign(self, entries: Sequence[Entry]) -> list[str]:
        outcomes: dict[Any, str] = {}
        links = self._links(entries)
        rows = persons_of([link.delivery for link in links.values()])
        strangers = self._strangers([entry for entry in entries if not entry.content.get("token")])
        signings: list[Signing] = []
        spoken: list[str] = []
        marks: dict[str, bytes] = {}
        for entry in entries:
            content, link = entry.content, links.get(entry.id)
            person = rows.get(link.delivery) if link else strangers.get(entry.id)
            if person is None:
                outcomes[entry.id] = "token without a row" if content.get("token") else "no address"
                continue
            signings.append(_signing(entry, person, link, marks))
            spoken.append(str(content.get("language") or ""))
        new = sign_many(signings)
        self._did(entries, signings)
        thanked: _Told = defaultdict(list)
        asked: _Told = defaultdict(list)
        for signing, language in zip(signings, spoken, strict=True):
            outcomes[signing.id] = _ENDED[signing.state] if signing.id in new else "had signed before"
            if signing.id in new and signing.state == "confirmed":
                thanked[signing.petition, language].append(signing.person)
            elif signing.id in new and signing.state == "unconfirmed":
                asked[signing.petition, language].append(signing.person)
        self._thank(thanked)
        self._ask(asked)
        if len(new) < len(signings):
            again = [signing for signing in signings if signing.id not in new and signing.state != "confirmed"]
            self.letters |= ask_later(entries, again, self._not_bombed, now=self.now)
        # A no is the last word also where the yes before it came in the same crowd.
        last = {
            person: entry.content["fields"].get("consent") for entry in entries if (person := strangers.get(entry.id)) is not None
        }
        answers.drop_waiting(persons=[person for person, said in last.items() if said == "no"])
        return [outcomes[entry.id] for entry in entries]

    def _did(self, entries: Sequence[Entry], signings: Sequence[Signing]) -> None:
        """What they did beyond putting their name, kept beside it; a photo is looked at by the worker, later."""
        by_id = {signing.id: signing for signing in signings}
        told = [(entry, by_id[entry.id]) for entry in entries if "deed" in entry.content and entry.id in by_id]
        done = [_done(entry.content, signing) for entry, signing in told]
        kept = keep_deeds(done)
        self.petitions |= {signing.petition for _, signing in told if signing.id in kept}
        keep_photos([(entry.id, str(entry.content["photo"])) for entry, _ in told if "photo" in entry.content and entry.id in kept])

    def _links(self, entries: Sequence[Entry]) -> dict[Any, Link]:
        """Entry → its letter's link, where the token is one of ours for this petition."""
        links = {}
        for entry in entries:
            token = entry.content.get("token")
            link = open_link(self.tokens, str(token)) if token else None
            if link is not None and link.action == int(entry.content["action"]):
                links[entry.id] = link
        return links

    def _strangers(self, entries: Sequence[Entry]) -> dict[Any, PersonRef]:
        """Entry → its person, enrolled from the form, with their answer to "may we write to you?" written down."""
        newcomers, ids, saying = [], [], []
        for entry in entries:
            newcomer = _newcomer(entry.content)
            if newcomer is not None:
                newcomers.append(newcomer)
                ids.append(entry)
                saying.append(agreeing.said(entry.content))
        persons = people.enrol_many(newcomers=newcomers, saying=saying, now=self.now)
        for entry, newcomer in zip(ids, newcomers, strict=True):
            if phone := entry.content["fields"].get("phone"):
                people.enrol(
                    email=newcomer.email, phone=str(phone), country=newcomer.country, language=newcomer.language, now=self.now
                )
        told = list(zip(ids, persons, strict=True))
        partners = [(person, each) for entry, person in told for each in agreeing.to_partners(entry.content)]
        answers.record(answers=partners, now=self.now)
        return {entry.id: person for entry, person in told}

    def _thank(self, thanked: Mapping[tuple[ActionId, str], Sequence[PersonRef]]) -> None:
        sender = mailing_queries.house_sender() if thanked else None
        for (petition_id, language), persons in thanked.items():
            self.petitions.add(petition_id)
            # Whoever comes to an event is told of their seat instead of thanked.
            if sender is not None and not is_event(petition_id) and (wanted := self._not_bombed(persons)):
                try:
                    view = as_read(petition_id, language)
                    self.letters.add(thank_many(petition_id=petition_id, persons=wanted, sender=sender, view=view, now=self.now))
                except Refused as refused:  # words that make no letter (no ask in them): the name counts all the same
                    _LOG.error("the thank-you letter of petition %s can't be sent: %s", petition_id, refused)

    def _ask(self, asked: Mapping[tuple[ActionId, str], Sequence[PersonRef]]) -> None:
        sender = mailing_queries.house_sender() if asked else None
        for (petition_id, language), persons in asked.items():
            if sender is not None and (wanted := self._not_bombed(persons)):
                view = as_read(petition_id, language)
                self.letters.add(ask_to_confirm(petition_id=petition_id, persons=wanted, sender=sender, view=view, now=self.now))

    def _not_bombed(self, persons: Sequence[PersonRef]) -> list[PersonRef]:
        """Those who did not get as many answers today as anyone needs: an address may have been typed by an enemy."""
        got = answered_since(persons, kinds=("thanks", "confirm", "agree"), since=self.now - timedelta(days=1))
        # Who complained about our mail gets none, not even thanks.
        angry = complained(persons)
        return [person for person in persons if got.get(person, 0) < MOST_ANSWERS_A_DAY and person not in angry]


def _signing(entry: Entry, person: PersonRef, link: Link | None, marks: dict[str, bytes]) -> Signing:
    content = entry.content
    held = str(content.get("held") or "")
    network, code = str(content.get("network") or ""), str(content.get("referrer") or "")
    return Signing(
        entry.id, ActionId(int(content["action"])), int(content["version"]), person, str(content.get("source") or "website"),
        link.position if link else "website", link.delivery if link else None, datetime.fromisoformat(content["at"]),
        "held" if held else "unconfirmed" if content.get("confirm") else "confirmed", held,
        bytes.fromhex(network) if network else None, base64.urlsafe_b64decode(code) if code else None,
        shows=str(content.get("shows") or "name"), reason=str(content.get("reason") or ""),
        public=content.get("public") is True, domain=_domain(content, marks),
        asked=agreeing.waiting(content),
    )  # fmt: skip


def _done(content: Mapping[str, Any], signing: Signing) -> Done:
    deed: Mapping[str, Any] = content["deed"]
    texts: Mapping[str, str] = deed.get("texts") or {}
    words = texts.get("note", "")
    if (deed.get("own") and "letter" in texts) or deed["outcome"] == "asked":
        words = "\n\n".join(texts[name] for name in ("subject", "letter") if texts.get(name))
    outcome = TO_CONFIRM if deed["kind"] == "letter" and content.get("confirm") and deed["outcome"] == "asked" else deed["outcome"]
    return Done(
        signing.id, signing.petition, signing.person, str(deed["kind"]), str(outcome), str(deed.get("whom") or ""), words,
        str(deed.get("agreed") or ""), signing.signed_at,
    )  # fmt: skip


def _domain(content: Mapping[str, Any], marks: dict[str, bytes]) -> bytes | None:
    """The mark of the typed address's domain; `marks` are those of this crowd, whose domains are few."""
    domain = str(content["fields"].get("email", "")).rpartition("@")[2].strip().lower() if "fields" in content else ""
    if domain and domain not in marks:
        marks[domain] = domain_mark(domain)
    return marks.get(domain)


def _newcomer(content: Mapping[str, Any]) -> people.Newcomer | None:
    fields: Mapping[str, str] = content["fields"]
    email = parse(fields.get("email", ""))
    if isinstance(email, Problem):
        return None
    given, _, family = fields.get("name", "").strip().partition(" ")
    return people.Newcomer(
        email, given, family.strip(), str(content.get("language") or "en"), country=fields.get("country", "")[:2].upper(),
        postcode_area=postcodes.area(fields.get("postcode", "")),
    )  # fmt: skip
