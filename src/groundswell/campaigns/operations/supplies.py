"""The register of who supplies what to whom, from a CSV: our own columns, or those of the Atlas of Surveillance (EFF)."""

import csv
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction

from groundswell.basics.result import Refused
from groundswell.campaigns.models import Supply, Target
from groundswell.campaigns.models.register import STATES

OWN = frozenset({"supplier", "product", "buyer", "publisher", "title", "address"})
"""Columns that a list of our own must have; `purpose since until state country region county locality date` may follow."""
ATLAS = frozenset({"AOSNUMBER", "City", "State", "Agency", "Technology", "Vendor", "Link 1"})
"""What tells the public download of atlasofsurveillance.org: one line per agency and technology, with up to three links."""
_LIMITS = {column.name: column.max_length for column in Supply._meta.fields if column.max_length}
_REFUSED_SHOWN = 100
csv.field_size_limit(2**20)


@dataclass(slots=True)
class SupplyReport:
    """What became of the lines."""

    rows: int = 0
    new: int = 0
    renewed: int = 0
    same: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)


def import_supplies(path: Path, *, list_name: str = "", dry_run: bool = False, now: datetime) -> SupplyReport:
    """Read the list, all or nothing; the same list again changes nothing. A line without a source is refused by number.

    Cells are data: what begins like a formula is kept as it stands and made harmless where a sheet is written.
    """
    report = SupplyReport()
    with transaction.atomic():
        targets = {target.name.casefold(): target.pk for target in Target.objects.all()}
        for line, facts in _lines(path, report):
            facts["supplier_id"] = targets.get(str(facts["supplier_name"]).casefold())
            facts["list_name"] = list_name or facts["list_name"]
            cut = {
                name: value[: _LIMITS[name]] if name in _LIMITS and isinstance(value, str) else value
                for name, value in facts.items()
            }
            _put(cut, report, now, dry_run=dry_run)
            report.rows = max(report.rows, line - 1)
    return report


def _put(facts: dict[str, Any], report: SupplyReport, now: datetime, *, dry_run: bool) -> None:
    known = Supply.objects.filter(reference=facts["reference"]).first()
    if known is None:
        report.new += 1
        if not dry_run:
            Supply.objects.create(**facts, entered_at=now)
        return
    changed = {name: value for name, value in facts.items() if getattr(known, name) != value and value not in ("", None)}
    if not changed:
        report.same += 1
        return
    report.renewed += 1
    if not dry_run:
        Supply.objects.filter(pk=known.pk).update(**changed, entered_at=now)


def _lines(path: Path, report: SupplyReport) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as held:
            reader = csv.DictReader(held)
            columns = {(name or "").strip() for name in reader.fieldnames or ()}
            read = _atlas if columns >= ATLAS else _own if columns >= OWN else None
            if read is None:
                raise Refused.because(
                    "register-columns", "The list has neither our columns nor those of the Atlas of Surveillance.",
                    f"Ours are: {', '.join(sorted(OWN))}.",
                )  # fmt: skip
            for line, row in enumerate(reader, 2):
                facts = read({(name or "").strip(): (value or "").strip() for name, value in row.items() if isinstance(value, str)})
                wrong = _wrong(facts)
                if wrong:
                    report.rows = line - 1
                    if len(report.refused) < _REFUSED_SHOWN:
                        report.refused.append((line, wrong))
                    continue
                yield line, facts
    except UnicodeDecodeError:
        raise Refused.because("register-encoding", "The list is not UTF-8.", "Save it as CSV UTF-8.") from None
    except csv.Error as error:
        raise Refused.because("register-broken", f"The list can't be read as CSV ({error}).", "Save it anew as CSV.") from None


def _wrong(facts: Mapping[str, Any]) -> str:
    address = urlsplit(str(facts["source_url"]))
    if address.scheme not in ("http", "https") or not address.hostname:
        return "no source: the address of who says so is missing"
    if not facts["publisher"]:
        return "no source: who published it is missing"
    if not facts["product"] or not facts["buyer"]:
        return "what is supplied, or to whom, is missing"
    return ""


def _own(row: Mapping[str, str]) -> dict[str, Any]:
    state = row.get("state", "").lower()
    facts: dict[str, Any] = {
        "supplier_name": row["supplier"], "product": row["product"], "buyer": row["buyer"], "purpose": row.get("purpose", ""),
        "since": row.get("since", ""), "until": row.get("until", ""), "state": state if state in STATES else "unknown",
        "country": row.get("country", "").upper()[:2], "region": row.get("region", ""), "county": row.get("county", ""),
        "locality": row.get("locality", ""), "publisher": row["publisher"], "source_title": row["title"],
        "source_url": row["address"], "source_date": row.get("date", ""), "list_name": "our own list",
    }  # fmt: skip
    named = "|".join(str(facts[name]).casefold() for name in ("supplier_name", "product", "buyer", "country", "region", "locality"))
    facts["reference"] = row.get("reference") or hashlib.sha256(named.encode()).hexdigest()[:32]
    return facts


def _atlas(row: Mapping[str, str]) -> dict[str, Any]:
    link = next((n for n in (1, 2, 3) if row.get(f"Link {n}", "").startswith(("http://", "https://"))), 1)
    return {
        "reference": f"atlas:{row['AOSNUMBER']}" if row["AOSNUMBER"] else "", "supplier_name": row["Vendor"],
        "product": row["Technology"], "buyer": row["Agency"], "purpose": row.get("Summary", ""), "since": "", "until": "",
        # The list says that an agency has or had it, and gives no end.
        "state": "unknown", "country": "US", "region": row["State"], "county": row.get("County", ""), "locality": row["City"],
        "publisher": row.get(f"Link {link} Source", "") or "Atlas of Surveillance (EFF)",
        "source_title": f"{row['Agency']}: {row['Technology']}", "source_url": row.get(f"Link {link}", ""),
        "source_date": row.get(f"Link {link} Date", ""), "list_name": "Atlas of Surveillance",
    }  # fmt: skip
