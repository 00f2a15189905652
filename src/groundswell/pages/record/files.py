"""The files of a record, and putting them in place of yesterday's."""

from pathlib import Path

from groundswell.campaigns.queries import RecordView
from groundswell.pages.masthead import House
from groundswell.pages.publish import STYLE_FILE, write_files
from groundswell.pages.record import entry as entries
from groundswell.pages.record.addresses import entry_of, file_of, page_of
from groundswell.pages.record.chart import chart
from groundswell.pages.record.machine import as_atom, as_csv, as_json, linked_data, schema
from groundswell.pages.record.shell import style_file
from groundswell.pages.record.timeline import filtered_pages, record_page


def record_files(view: RecordView, house: House) -> dict[str, bytes]:
    """Every file of the record, by its path below the published folder. The same record gives the same bytes."""
    titles = {commitment.slug: commitment.title for commitment in view.commitments}
    items = {entry.key: entries.in_timeline(entry, view, titles) for entry in view.entries}
    base = page_of(view.slug).strip("/")
    files = {
        f"{base}/index.html": record_page(view, house, items, linked_data(view, house)),
        f"{base}/record.json": as_json(view, house),
        f"{base}/record.schema.json": schema(),
        f"{base}/record.csv": as_csv(view, house),
        f"{base}/feed.atom": as_atom(view, house),
        **style_file(),
        **STYLE_FILE,
    }
    if drawn := chart(view, 880, "chart", alone=True):
        files[f"{base}/chart.svg"] = drawn.encode()
    for entry in view.entries:
        files[file_of(entry_of(view.slug, entry.key))] = entries.entry_page(entry, view, titles, house)
    for address, content in filtered_pages(view, house, items):
        files[file_of(address)] = content
    return files


def publish_record(folder: Path, view: RecordView, house: House) -> list[Path]:
    """Write the record; filtered pages that lead nowhere any more are taken away. Entries' pages never are."""
    files = record_files(view, house)
    write_files(folder, files)
    base = folder / page_of(view.slug).strip("/")
    for part in ("by", "kind"):
        for path in (base / part).rglob("*.html"):
            if str(path.relative_to(folder)) not in files:
                path.unlink()
                path.with_name(path.name + ".gz").unlink(missing_ok=True)
    return [folder / name for name in files]
