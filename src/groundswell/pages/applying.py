"""The second half of the public door: what it accepted into the journal is done here, behind it, by the worker."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from groundswell.actions import operations as actions
from groundswell.basics.addresses import parse
from groundswell.basics.ids import ActionId, DeliveryId, PersonRef
from groundswell.basics.result import Problem
from groundswell.basics.tokens import TokenKeys, open_delivery, open_link
from groundswell.intake.journal import Entry
from groundswell.mailings import operations as mailings
from groundswell.mailings import queries as mailing_queries
from groundswell.people import operations as people
from groundswell.post import queries as post


@dataclass(slots=True)
class Applying:
    """Applies entries; remembers which petitions need a new count and which letters have rows to deliver."""

    tokens: TokenKeys
    now: datetime
    petitions: set[ActionId]
    letters: set[int]

    def __call__(self, entry: Entry) -> str:
        """Do what the entry says, in the caller's transaction; returns how it ended."""
        kind = entry.content.get("kind")
        if kind == "sign":
            return self._sign(entry)
        if kind == "unsubscribe":
            return self._unsubscribe(entry.content)
        return "unknown kind"

    def _sign(self, entry: Entry) -> str:
        content = entry.content
        petition_id = ActionId(int(content["action"]))
        delivery: DeliveryId | None = None
        if content.get("token"):
            link = open_link(self.tokens, content["token"])
            person = post.person_of(link.delivery) if link and link.action == petition_id else None
            if link is None or person is None:
                return "token without a row"
            delivery, position = link.delivery, link.position
        else:
            found = self._enrol(content)
            if found is None:
                return "no address"
            person, position = found, "website"
        signed = actions.sign(
            entry_id=entry.id,
            petition_id=petition_id,
            version=int(content["version"]),
            person=person,
            source=str(content.get("source") or "website"),
            position=position,
            delivery=delivery,
            signed_at=datetime.fromisoformat(content["at"]),
        )
        if not signed.first:
            return "had signed before"
        self.petitions.add(petition_id)
        sender = mailing_queries.house_sender()
        if sender is not None:
            self.letters.add(mailings.thank(petition_id=petition_id, person=person, sender=sender, now=self.now))
        return "signed"

    def _enrol(self, content: Mapping[str, Any]) -> PersonRef | None:
        fields: Mapping[str, str] = content["fields"]
        email = parse(fields.get("email", ""))
        if isinstance(email, Problem):
            return None
        given, _, family = fields.get("name", "").strip().partition(" ")
        language = str(content.get("language") or "en")
        enrolled = people.enrol(
            email=email, given_name=given or None, family_name=family.strip() or None, language=language,
            country=fields.get("country", "")[:2].upper(), postcode_area=fields.get("postcode", "")[:4].upper(), now=self.now,
        )  # fmt: skip
        if fields.get("consent") in ("yes", "no"):
            people.record_consent(
                person=enrolled.person, given=fields["consent"] == "yes", organisation=str(content["organisation"]),
                wording=str(content["wording"]), version=str(content["version"]), language=language,
                source=f"petition {content['action']}", how="form", now=self.now,
            )  # fmt: skip
        return enrolled.person

    def _unsubscribe(self, content: Mapping[str, Any]) -> str:
        delivery = open_delivery(self.tokens, "unsubscribe", content["token"])
        person = post.person_of(delivery) if delivery is not None else None
        if person is None:
            return "token without a row"
        people.suppress_person(person=person, reason="unsubscribed", source=f"delivery {delivery}", now=self.now)
        return "unsubscribed"
