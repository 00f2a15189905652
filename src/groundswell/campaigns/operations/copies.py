"""Copies of sources kept, and compared with newer ones."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path, PurePath

from django.db import transaction

from groundswell.basics.result import Refused
from groundswell.campaigns import listeners
from groundswell.campaigns.evidence import keep, path_of
from groundswell.campaigns.fetching import SECONDS, Guard, fetch, public_only
from groundswell.campaigns.gist import gist_of
from groundswell.campaigns.models import CopyCheck, Evidence, RecordSource
from groundswell.campaigns.operations.flags import refresh_flags


def keep_copy(pieces: Iterable[bytes], *, file_name: str, folder: Path, now: datetime) -> str:
    """Keep a copy and return its SHA-256: what an entry's source names as `copy`."""
    return _keep(pieces, file_name=file_name, gist="", folder=folder, now=now)


def fetch_copy(
    *, source_id: int, folder: Path, user_agent: str, now: datetime, guard: Guard = public_only, seconds: float = SECONDS
) -> tuple[str, str]:
    """Fetch the source's address, keep what it answers (WARC) and compare it with the saved copy.

    Returns `first`, `same`, `differs`, `gone` or `unreached`, and words for a person. A page is compared by the words
    that a reader sees. `unreached` (a busy or shut server) changes nothing: somebody looks again.
    """
    url = _source(source_id).url
    if not url:
        raise Refused.because("fetch-paper", "This source has no address.", "It was kept as a copy; compare it by hand.")
    answer = fetch(url, user_agent=user_agent, now=now, guard=guard, seconds=seconds)
    if answer.result == "gone":
        note_address(source_id=source_id, result="gone", words=answer.words, now=now)
    if answer.warc is None or answer.body is None:
        return answer.result, answer.words
    with answer.body as body:
        gist = gist_of(body)
        sha256 = _keep(answer.warc(), file_name=f"source-{source_id}-{now:%Y%m%d}.warc", gist=gist, folder=folder, now=now)
    moved = f"moved to {answer.moved_to}" if answer.moved_to else ""
    with transaction.atomic():
        # The last look is what is shown: that it says something else weighs more than where it says it.
        result = check_copy(source_id=source_id, sha256=sha256, now=now)
        if moved and result != "differs":
            note_address(source_id=source_id, result="moved", words=answer.moved_to, now=now)
    return result, moved or answer.words


def _keep(pieces: Iterable[bytes], *, file_name: str, gist: str, folder: Path, now: datetime) -> str:
    kept = keep(pieces, folder=folder)
    if not gist and kept.form == "file":
        with path_of(kept.sha256, folder).open("rb") as held:
            gist = gist_of(held)
    form = "warc" if file_name.lower().endswith((".warc", ".warc.gz")) else kept.form
    name = PurePath(file_name.replace("\\", "/")).name[:200] or "copy"
    Evidence.objects.get_or_create(
        sha256=kept.sha256, defaults={"size": kept.size, "form": form, "file_name": name, "gist": gist, "kept_at": now}
    )
    return kept.sha256


def check_copy(*, source_id: int, sha256: str, now: datetime) -> str:
    """Compare a copy made today with the saved one: `first`, `same` or `differs`. Both are kept; a difference is flagged."""
    with transaction.atomic():
        source = _source(source_id)
        before = saved_copy(source)
        result = "first" if before is None else ("same" if _alike(before, sha256) else "differs")
        words = "" if result != "differs" else f"{sha256[:16]}… instead of {before[:16]}…" if before else ""
        CopyCheck.objects.create(source=source, result=result, copy_id=sha256, words=words, at=now)
        refresh_flags(campaign_id=source.entry.campaign_id, now=now)
        listeners.changed(source.entry.campaign_id)
    return result


def note_address(*, source_id: int, result: str, words: str = "", now: datetime) -> None:
    """The source's address is `gone`, or `moved` (to where, in words). The entry and its saved copy stay as they are."""
    if result not in ("gone", "moved"):
        raise Refused.because("look-unknown", f"“{result}” is nothing that happens to an address.", "Say gone or moved.")
    with transaction.atomic():
        source = _source(source_id)
        CopyCheck.objects.create(source=source, result=result, words=words[:600], at=now)
        refresh_flags(campaign_id=source.entry.campaign_id, now=now)
        listeners.changed(source.entry.campaign_id)


def _alike(one: str, other: str) -> bool:
    """Whether two copies are the same bytes, or say the same."""
    gists = {sha256: gist or sha256 for sha256, gist in Evidence.objects.filter(pk__in=(one, other)).values_list("pk", "gist")}
    return one == other or gists.get(one, one) == gists.get(other, other)


def saved_copy(source: RecordSource) -> str | None:
    """The hash that a new copy is compared with: the one kept at first."""
    if source.copy_id is not None:
        return str(source.copy_id)
    first = CopyCheck.objects.filter(source=source, copy__isnull=False).order_by("at", "pk").first()
    return None if first is None else str(first.copy_id)


def _source(source_id: int) -> RecordSource:
    found = RecordSource.objects.select_related("entry").filter(pk=source_id).first()
    if found is None:
        raise Refused.because("source-unknown", f"There is no source {source_id}.", "`groundswell record list` shows them.")
    return found
