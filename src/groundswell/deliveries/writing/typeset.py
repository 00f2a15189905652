"""The typesetter: one document per process, so that its memory ends with it. No network, no database, no name in its output.

Called as `python -m groundswell.deliveries.writing.typeset FOLDER TEMPLATE HEAD LINES OUT TIME FONTS`; `TEMPLATE` `signs`
prints, as JSON, the signs of LINES that no font at hand can draw.
"""

import json
import sys
from pathlib import Path

import typst

PAGES = Path(__file__).parent / "pages"
FONTS = ("Libertinus Serif", "DejaVu Serif", "DejaVu Sans")
DISK = 3
"""The exit code for a disk that took no more."""


def compiler(folder: Path, template: str, inputs: dict[str, str], fonts: Path) -> typst.Compiler:
    """A compiler that reads below `folder` only. Packages are looked for there too, and nowhere on the network."""
    own = [str(fonts)] if fonts.is_dir() else []
    source = (PAGES / "common.typ").read_text() + (PAGES / f"{template}.typ").read_text()
    return typst.Compiler(
        input=source.encode(), root=str(folder), sys_inputs=inputs, font_paths=typst.Fonts(font_paths=own),
        package_path=str(folder), package_cache_path=str(folder),
    )  # fmt: skip


def undrawable(folder: Path, head: str, lines: str, fonts: Path) -> list[str]:
    """The signs of LINES that no font at hand can draw: where one stands, a box would be printed."""
    found = compiler(folder, "signs", {"head": head, "lines": lines}, fonts).query("<missing>", field="value", one=True)
    return list(json.loads(found))


def main(arguments: list[str]) -> int:
    """One document. The exit code says whether; what went wrong is not printed, because it could quote a name."""
    folder, template, head, lines, out, moment, fonts = arguments
    if template == "signs":
        sys.stdout.write(json.dumps(undrawable(Path(folder), head, lines, Path(fonts))))
        return 0
    try:
        pages = compiler(Path(folder), template, {"head": head, "lines": lines}, Path(fonts)).compile(
            format="pdf", timestamp=int(moment)
        )
    except typst.TypstError:
        return 1
    try:
        (Path(folder) / out).write_bytes(pages if isinstance(pages, bytes) else b"")
    except OSError:
        return DISK
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
