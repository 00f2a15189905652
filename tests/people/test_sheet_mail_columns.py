"""What a list says of mailing somebody: every word of it counts, only a yes is a yes, and no column about it is passed over."""

from datetime import datetime
from pathlib import Path

import pytest

from groundswell.basics.result import Problem, Refused
from groundswell.people import queries
from groundswell.people.models import Person, Suppression
from groundswell.people.operations.lift import lift_one
from groundswell.people.rules import row_consents, row_reasons
from groundswell.people.sheets import mapping
from groundswell.people.sheets.rows import Draft, Reader
from tests.people.test_import import load, person, sheet

MAILCHIMP = ["Email Address", "First Name", "MEMBER_RATING", "OPTIN_TIME", "OPTIN_IP", "CONFIRM_TIME", "UNSUB_REASON_OTHER", "LEID"]


def understood(text: str, now: datetime, **more: object) -> Draft:
    """The one row of a list of commas."""
    header, row = (line.split(",") for line in text.split("\n"))
    found = Reader(mapping.plan(header, **more), now=now).understand(2, row)  # type: ignore[arg-type]
    assert not isinstance(found, Problem)
    return found


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("email,unsubscribed_at,email1_is_bad\na@example.org,2020-01-01,true", {"unsubscribed", "hard_bounce"}),
        ("email,UNSUB_TIME,CLEAN_TIME,ABUSE_TIME\na@example.org,2020,2021,2022", {"unsubscribed", "hard_bounce", "complaint"}),
        ("email,status,email1_is_bad\na@example.org,unsubscribed,true", {"unsubscribed", "hard_bounce"}),
        ("email,status,email status\na@example.org,complained,unsubscribed", {"unsubscribed", "complaint"}),
        ("email,email_opt_in,email1_is_bad\na@example.org,false,true", {"hard_bounce"}),
    ],
)
def test_every_reason_that_a_row_gives_stands(text: str, reasons: set[str], now: datetime) -> None:
    draft = understood(text, now)
    assert draft.reasons == reasons and not draft.consents
    both = row_reasons({"status": "unsubscribed", "bounced": "yes"})
    assert both == {"unsubscribed", "hard_bounce"}, "within one row of a dict too"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    ["email,unsubscribed_at,email1_is_bad\na@example.org,2020-01-01,true\n", "email,opt_in,status\na@example.org,no,bounced\n"],
)
def test_whoever_had_left_stays_away_when_their_bounce_is_lifted(text: str, home: Path, now: datetime) -> None:
    load(sheet(home, text), now)
    lift_one(suppression_id=Suppression.objects.get(reason="hard_bounce").pk, why="it works again", staff_id=None, now=now)
    assert not queries.may_mail(person("a@example.org"))


@pytest.mark.parametrize(
    "word",
    ["", " ", "no", "0", "nein", "non", "declined", "withdrawn", "off", "unsubscribed", "Opted-Out", "pending", "nee", "unknown",
     "not given", "✗", "0000-00-00", "2021-01-01 withdrawn", "maybe", "yes, by phone", "2", "null"],
)  # fmt: skip
def test_only_a_yes_is_a_yes(word: str, now: datetime) -> None:
    assert not row_consents({"opted_in": word})
    assert not understood(f"email,consent\na@example.org,{word.replace(',', ';')}", now).consents
    assert not understood("email,name,consent\na@example.org,Ada", now).consents, "a row that ends before the column"


@pytest.mark.parametrize(
    "word",
    ["yes", "TRUE", "1", "x", "on", "ja", "Oui", "sí", "Opted In", "opt-in", "subscribed", "confirmed", "2021-01-01", "01/02/2021",
     "2021-03-02T10:00:00Z", "2021-03-02 10:00:00.12 +0000 UTC", "1.3.2021 14:05"],
)  # fmt: skip
def test_a_yes_in_the_words_of_the_field_is_one(word: str) -> None:
    assert row_consents({"opted_in": word}) and not row_reasons({"opted_in": word})


@pytest.mark.parametrize("column", ["unsubscribed", "bounced", "complained"])
def test_a_column_of_goodbyes_counts_every_word_that_is_no_plain_no(column: str) -> None:
    for word in ("", "no", "0", "0.0", "nein", "non", "off", "faux", "falsch", "False", "-", "0000-00-00 00:00:00", "\\N", "n/a"):
        assert not row_reasons({column: word}) and row_consents({column: word}), word
    for word in ("yes", "t", "true", "1", "2020-01-01", "x", "unknown", "ja", "by post", "10", "00:01"):
        assert row_reasons({column: word}) and not row_consents({column: word}), word


def test_a_plain_no_is_no_goodbye_and_a_goodbye_in_its_place_is_one() -> None:
    assert not row_reasons({"opted_in": "no"}) and row_reasons({"opted_in": "withdrawn"}) == {"unsubscribed"}


def test_a_blank_where_a_status_is_named_is_no_yes(now: datetime) -> None:
    assert not understood("email,status\na@example.org,", now).consents
    assert not understood("email,name,status\na@example.org,Ada", now).consents
    assert understood("email,name\na@example.org,Ada", now).consents, "of a list without one, its wording speaks"


@pytest.mark.parametrize(
    ("column", "field"),
    [
        ("email_status", "status"), ("opt_out", "unsubscribed"), ("opt-out", "unsubscribed"), ("Email Opt Out", "unsubscribed"),
        ("email_opt_out", "unsubscribed"), ("EmailOptOut", "unsubscribed"), ("HasOptedOutOfEmail", "unsubscribed"),
        ("unsubscribe", "unsubscribed"), ("UNSUB", "unsubscribed"), ("is_unsubscribed", "unsubscribed"),
        ("do not contact", "unsubscribed"), ("DoNotEmail", "unsubscribed"), ("BOUNCE", "bounced"), ("hard-bounced", "bounced"),
        ("spam", "complained"), ("email opt in", "opted_in"), ("is_subscribed", "opted_in"), ("Accepts Marketing", "opted_in"),
        ("gdpr_consent", "opted_in"), ("PostCode", "postcode_area"), ("First_Name", "given_name"), ("zip-code", "postcode_area"),
    ],
)  # fmt: skip
def test_a_column_is_known_however_its_words_are_joined(column: str, field: str) -> None:
    assert mapping.plan(["email", column]).named == {"email": "email", column: field} and mapping.known(column)


@pytest.mark.parametrize(
    "column",
    ["email1_status", "Unsub?", "opt-out (2)", "consent 2019", "Subscription", "Bounces", "complaints", "do not disturb", "GDPR ok",
     "suppressed", "blocklisted", "black-list", "deceased on", "optInSource", "Newsletter status", "marketing"],
)  # fmt: skip
def test_a_column_that_looks_like_mail_is_asked_about(column: str) -> None:
    with pytest.raises(Refused) as refused:
        mapping.plan(["email", column, "shoe size"])
    (problem,) = refused.value.problems
    assert problem.code == "import-mail-column" and f"“{column}”" in problem.message and "--map COLUMN=ignore" in problem.mend
    assert mapping.plan(["email", column, "shoe size"], unsettled=True).unclear == (column,), "as the office shows it"
    assert mapping.plan(["email", column], {column: "ignore"}).ignored == (column,)
    assert mapping.plan(["email", column], {column: "opted_in"}).named[column] == "opted_in"


@pytest.mark.parametrize(
    "column", ["do_not_call", "mobile_opt_in", "SMS opt-out", "option", "Adopted", "constituency", "status of roof"]
)
def test_other_columns_are_passed_over_as_before(column: str) -> None:
    assert mapping.plan(["email", column]).ignored == (column,)


def test_the_refusal_names_no_address_and_not_everything() -> None:
    with pytest.raises(Refused) as refused:
        mapping.plan(["email", "unsubscribed by ann@example.org", *(f"opt out {number}" for number in range(400))])
    assert "@example" not in str(refused.value) and "and 396 more" in str(refused.value)


@pytest.mark.django_db
def test_a_list_with_such_a_column_writes_nothing(home: Path, now: datetime) -> None:
    path = sheet(home, "email,Unsub?\na@example.org,yes\n")
    with pytest.raises(Refused, match="who may be mailed"):
        load(path, now)
    assert not Person.objects.exists()
    load(path, now, said={"Unsub?": "unsubscribed"})
    assert Suppression.objects.get().reason == "unsubscribed"


@pytest.mark.parametrize(
    ("name", "reasons", "consents"),
    [
        ("subscribed_email_audience_export_1.csv", set(), True), ("", set(), True), ("people.csv", set(), True),
        ("nonsubscribed_email_audience_export_1.csv", set(), False), ("Non-Subscribed members.csv", set(), False),
        ("unsubscribed_email_audience_export_1.csv", {"unsubscribed"}, False),
        ("cleaned_email_audience_export_1.csv", {"hard_bounce"}, False), ("members, cleaned by Bob.csv", set(), False),
    ],
)  # fmt: skip
def test_mailchimps_files_are_told_apart_by_their_names(name: str, reasons: set[str], consents: bool, now: datetime) -> None:
    text = ",".join(MAILCHIMP) + "\na@example.org,Ada,2,,,,,1"
    draft = understood(text, now, file_name=name)
    assert (draft.reasons, draft.consents) == (reasons, consents)
    plan = mapping.plan(MAILCHIMP, file_name=name)
    assert plan.system.startswith("Mailchimp") and (plan.system == "Mailchimp") == consents, "staff are told which"
    assert understood("email,name\na@example.org,Ada", now, file_name=name).consents, "another system's file may be called anything"


def test_of_people_twice_in_a_list_the_most_cautious_words_stand_together(now: datetime) -> None:
    one, other = (understood(f"email,status\na@example.org,{word}", now) for word in ("bounced", "unsubscribed"))
    one.join(other)
    assert one.reasons == {"hard_bounce", "unsubscribed"} and not one.consents
