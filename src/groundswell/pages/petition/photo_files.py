"""The files of photos that are shown: written once, and gone as soon as whoever is in one takes it back."""

from pathlib import Path

from groundswell.actions.acting import showing
from groundswell.actions.queries import PetitionView


def keep_photos(view: PetitionView, published: Path) -> None:
    """Bring the folder of this action's photos to what is shown now. Safe to repeat."""
    if view.kind != "photo":
        return
    folder = published / "a" / view.home / "photos"
    wanted = {photo.name for photo in view.photos}
    folder.mkdir(parents=True, exist_ok=True)
    there = {path.name for path in folder.iterdir()}
    for name in there - wanted:
        (folder / name).unlink(missing_ok=True)
    for name in wanted - there:
        content = showing.content(view.id, name)
        if content:
            fresh = folder / f".{name}.new"
            fresh.write_bytes(content)
            fresh.replace(folder / name)


def wrong_photos(view: PetitionView, published: Path) -> list[str]:
    """Files that are missing, or that nobody wants shown any more."""
    folder = published / "a" / view.home / "photos"
    there = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    return [f"a/{view.home}/photos/{name}" for name in sorted(there ^ {photo.name for photo in view.photos})]
