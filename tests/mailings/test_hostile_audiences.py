"""Definitions by people who mean harm: refused with a message or taken as data, and nothing else reaches the database."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
from django.db import connection

from groundswell.basics.ids import PersonRef
from groundswell.basics.result import Refused
from groundswell.mailings.audiences import compiling, queries
from groundswell.mailings.audiences.definition import Catalogue, build
from groundswell.mailings.audiences.reading import from_text, understood
from groundswell.mailings.audiences.words import text
from groundswell.people.models import Person
from groundswell.people.queries import word_in_use

pytestmark = pytest.mark.django_db

_SQL = (
    "'; DROP TABLE people_person; --", "' OR 1=1 --", "1) OR (1=1", "x' UNION SELECT email FROM vault.contact --", "%s", "%(v0)s",
    "%(v999)s", "%%", "{0}", "{v0}", "$1", "$$; DROP SCHEMA vault CASCADE; $$", "\\'; --", "coal'--", "coal\\", '"coal"', "coal;",
    "pg_sleep(10)", "(SELECT 1)", "NULL", "/* */", "coal/**/", "'||(SELECT version())||'", "E'\\x27'", "a' AND pg_sleep(5)='",
    "0x27", "char(39)", "COPY people_person TO PROGRAM 'id'", "'; SET ROLE groundswell_vault; SELECT * FROM vault.contact; --",
)  # fmt: skip
_TEMPLATE = (
    "{{ 7*7 }}", "{% load log %}", "{{ settings.SECRET_KEY }}", "${7*7}", "#{7*7}", "<%= 7*7 %>", "{{''.__class__.__mro__}}",
    "<script>alert(1)</script>", "=cmd|' /C calc'!A0", "@SUM(1)", "../../etc/passwd", "file:///etc/passwd", "__import__('os')",
    "javascript:alert(1)", "%00", "&lt;", "{{constructor}}", "[[${7*7}]]", "*{7*7}", "@(1+1)",
)  # fmt: skip
_UNICODE = (
    "\u202ecoal",
    "coal\u0000",
    "ｃｏａｌ",
    "coal\u200b",
    "\ud800",
    "😀" * 30,
    "cоal",
    "İ",
    "ß" * 121,
    "\u2028",
    "﷽" * 40,
    "\x1b[31m",
)
_STRINGS = (*_SQL, *_TEMPLATE, *_UNICODE)
_OBJECTS: tuple[Any, ...] = (
    None, True, 1, 1.5, "text", [], [{}], {"include": None}, {"include": []}, {"include": {}}, {"include": "signed"},
    {"include": {"signed": None}}, {"include": {"signed": 1}}, {"include": {"signed": True}}, {"include": {"signed": ["coal"]}},
    {"include": {"signed": {"$ne": ""}}}, {"include": {"signed": "coal", "tag": "volunteer"}}, {"include": {"$where": "1"}},
    {"include": {"__proto__": {}}}, {"include": {"constructor": {}}}, {"include": {"raw": "1=1"}}, {"include": {"sql": "1=1"}},
    {"where": "1=1"}, {"include": {"all": []}}, {"include": {"any": []}}, {"include": {"all": {}}}, {"include": {"not": []}},
    {"include": {"not": None}}, {"include": {"not": {"not": {}}}}, {"exclude": {}}, {"exclude": [[]]}, {"exclude": [None]},
    {"exclude": [{"tag": "volunteer"}] * 21}, {"include": {"all": [{"tag": "volunteer"}] * 41}}, {"cap": {}}, {"cap": 5},
    {"cap": {"letters": 0, "days": 1}}, {"cap": {"letters": 1, "days": 0}}, {"cap": {"letters": -1, "days": 1}},
    {"cap": {"letters": 1, "days": 10**30}}, {"cap": {"letters": "1", "days": 1}}, {"cap": {"letters": True, "days": 1}},
    {"cap": {"letters": 1.5, "days": 1}}, {"cap": {"letters": 1, "days": 1, "sql": "x"}}, {"include": {"mailed_within_hours": 0}},
    {"include": {"mailed_within_hours": -5}}, {"include": {"mailed_within_hours": 10**12}}, {"include": {"mailed_within_hours": "48"}},
    {"include": {"mailed_within_hours": [48]}}, {"include": {"mailed_within_hours": 1.5}}, {"include": {"acted_within_days": 10**400}},
    {"include": {"acted_within_days": True}}, {"include": {"country": "GB"}}, {"include": {"country": []}},
    {"include": {"country": ["gb"]}}, {"include": {"country": ["GBR"]}}, {"include": {"country": [1]}}, {"include": {"country": [["GB"]]}},
    {"include": {"country": ["GB", "GB"]}}, {"include": {"country": ["GB'"]}}, {"include": {"country": ["GB"] * 500}},
    {"include": {"language": ["%"]}}, {"include": {"language": ["e_"]}}, {"include": {"language": ["EN"]}},
    {"include": {"postcode_area": ["%"]}}, {"include": {"postcode_area": ["_"]}}, {"include": {"postcode_area": ["sw1"]}},
    {"include": {"region": []}}, {"include": {"region": [""]}}, {"include": {"region": [None]}}, {"include": {"region": ["x" * 121]}},
    {"include": {"joined": {}}}, {"include": {"joined": {"from": "yesterday"}}}, {"include": {"joined": {"from": "2026-02-30"}}},
    {"include": {"joined": {"from": "2026-01-01'; --"}}}, {"include": {"joined": {"from": 20260101}}},
    {"include": {"joined": {"from": "2026-12-31", "to": "2026-01-01"}}}, {"include": {"joined": {"since": "2026-01-01"}}},
    {"include": {"share": {"of": "x", "from": 50, "to": 10}}}, {"include": {"share": {"of": "x", "to": 101}}},
    {"include": {"share": {"of": "x", "to": -1}}}, {"include": {"share": {"of": "x"}}}, {"include": {"share": {"to": 5}}},
    {"include": {"share": {"of": "", "to": 5}}}, {"include": {"share": {"of": "x", "to": "10"}}}, {"include": {"share": 10}},
    {"include": {"audience": {}}}, {"include": {"audience": ["a", "b"]}}, {"include": {"had_letters": 2}},
    {"include": {"had_letters": {"at_least": 0, "days": 7}}}, {"include": {"had_letters": {"at_least": 1, "days": 10**9}}},
    {"include": {"had_letters": {"at_least": 1}}}, {"include": {"had_letters": {"at_least": "1; DROP", "days": 7}}},
    {"include": {"fact": "age"}}, {"include": {"fact": {}}}, {"include": {"fact": {"name": "age"}}},
    {"include": {"fact": {"name": "age", "is": 5}}}, {"include": {"fact": {"name": "age", "is": "5"}}},
    {"include": {"fact": {"name": "age", "at_least": "5"}}}, {"include": {"fact": {"name": "age", "at_least": 10**16}}},
    {"include": {"fact": {"name": "age", "at_least": "2020-01-01"}}}, {"include": {"fact": {"name": "since", "at_least": 5}}},
    {"include": {"fact": {"name": "since", "at_least": "2020-13-01"}}}, {"include": {"fact": {"name": "member", "is": "yes"}}},
    {"include": {"fact": {"name": "member", "at_least": 1}}}, {"include": {"fact": {"name": "chapter", "is": True}}},
    {"include": {"fact": {"name": "nothing", "is": "x"}}}, {"include": {"fact": {"name": "age'--", "at_least": 1}}},
    {"include": {"fact": {"name": "age", "at_least": 1, "sql": "x"}}}, {"include": {"fact": {"name": "age", "at_least": None}}},
)  # fmt: skip
_TEXTS = (
    "", " ", "{", "[", "nonsense", "{'include': {}}", '{"include": {"signed": "coal"}', '{"include": NaN}', '{"cap": Infinity}',
    '{"include": {"acted_within_days": 1e999}}', '{"include": {"acted_within_days": ' + "9" * 5000 + "}}",
    '{"include": {"signed": "coal"}, "include": {"signed": "oil"}}', '{"include": {"signed": "coal", "signed": "oil"}}',
    "[" * 9000, '{"include":' + '{"not":' * 1500 + "1", '{"include":' + '{"not":' * 60 + '{"signed":"coal"}' + "}" * 61,
    '{"include":' + '{"all":[' * 40 + '{"signed":"coal"}' + "]}" * 40 + "}", '{"include": {"signed": "\\u0000"}}', "x" * 30_000,
    '{"include": {"all": [' + ",".join(['{"tag": "volunteer"}'] * 39 + ['{"any": [' + ",".join(['{"tag": "volunteer"}'] * 39) + "]}"] * 1)
    + ', {"any": [' + ",".join(['{"tag": "volunteer"}'] * 39) + "]}, " + '{"any": [' + ",".join(['{"tag": "x"}'] * 39) + "]}]}}",
    '{"include": {"\\u0073igned": "no such"}}', "null", "true", '"signed"', "1e9999", "\ufeff{}", "{}\x00", "{} {}", "//\n{}", "{,}",
)  # fmt: skip


def _hostile() -> Iterator[str]:
    """Every string in every place that takes one, every wrong shape, and every text that is no definition."""
    places = (
        "signed",
        "tag",
        "topic",
        "source",
        "joined_from",
        "country",
        "region",
        "postcode_area",
        "language",
        "share",
        "fact",
        "audience",
        "key",
    )
    for text_ in _STRINGS:
        for place in places:
            content: Any = {
                "country": {"country": [text_]}, "region": {"region": [text_]}, "postcode_area": {"postcode_area": [text_]},
                "language": {"language": [text_]}, "share": {"share": {"of": text_, "to": 50}},
                "fact": {"fact": {"name": "chapter", "is": text_}}, "key": {text_: "coal"},
            }.get(place, {place: text_})  # fmt: skip
            yield json.dumps({"include": content})
    for content in _OBJECTS:
        yield json.dumps(content)
    yield from _TEXTS


@contextmanager
def _captured() -> Iterator[list[tuple[str, Any]]]:
    sent: list[tuple[str, Any]] = []

    def keep(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        sent.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        yield sent


def test_hostile_definitions_are_refused_or_data_and_nothing_else_reaches_the_database(
    crowd: dict[str, PersonRef], now: datetime
) -> None:
    inputs = list(_hostile())
    assert len(inputs) >= 200
    with _captured() as usual:
        queries.explain({}, now=now)
        # The one look-up beside it: whether anybody has a word that is no choice of its field. The word is a parameter.
        word_in_use("chapter", "x")
    frame = {sql for sql, _ in usual if "FROM people_person" not in sql}
    catalogue = queries.catalogue()
    refused = data = 0
    for number, raw in enumerate(inputs):
        with _captured() as sent:
            try:
                content = from_text(raw)
                queries.explain(content, now=now)
                ours = compiling.explain(understood(content, catalogue), catalogue, now=now)
                data += 1
            except Refused as refusal:
                refused += 1
                ours = None
                (problem,) = refusal.problems
                assert problem.code.startswith("audience-") and len(str(problem)) < 600
        for sql, params in sent:
            if "SAVEPOINT" in sql:
                continue  # the test's own transaction
            assert sql in frame or (ours is not None and sql == ours.sql and params == ours.values), (number, sql)
        if ours is not None:
            assert not any(
                hostile in ours.sql for hostile in set(_STRINGS) - {"%(v0)s", "NULL"} if len(hostile) > 3 and hostile in raw
            ), ours.sql
    assert refused >= 200 and data >= 100
    assert Person.objects.count() == 6


def test_a_compiled_statement_holds_no_word_of_its_author() -> None:
    content = {"include": {"all": [{"source": "zz-marker"}, {"region": ["zz-marker"]}, {"joined_from": "zz-marker"}]}}
    statement = compiling.explain(build(content), Catalogue({}, {}, {}, {}), now=datetime(2026, 1, 1))
    assert "zz-marker" not in statement.sql and "zz-marker" in repr(statement.values)
    assert text(build(content), Catalogue({}, {}, {}, {})).count("zz-marker") == 3
