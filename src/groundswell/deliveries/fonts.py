"""Which scripts this machine can print: what `doctor` says before somebody's name is missing."""

import json
import tempfile
from pathlib import Path

from groundswell.deliveries.writing.typeset import FONTS, undrawable

SAMPLES = {
    "Latin": "aßłž", "Greek": "αωέ", "Cyrillic": "аяїћ", "Hebrew": "אבת", "Arabic": "ابيپ", "Armenian": "աբֆ", "Georgian": "აბჰ",
    "Devanagari": "अआकीन", "Bengali": "অকা", "Tamil": "அகா", "Thai": "กขะ",
    "Ethiopic": "ሀለመ", "Chinese": "张伟王說", "Japanese": "さクラ桜",
    "Korean": "김지우한",
}  # fmt: skip
"""Signs that a name of each script is made of."""


def drawn_scripts(fonts: Path) -> dict[str, bool]:
    """Script → whether every sign of its sample is drawn, with the fonts of the machine and those below `fonts`."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "head.json").write_text(json.dumps({"fonts": FONTS}))
        (place / "signs.json").write_text(json.dumps(sorted(set("".join(SAMPLES.values())))), encoding="utf-8")
        missing = set(undrawable(place, "head.json", "signs.json", fonts))
    return {script: missing.isdisjoint(sample) for script, sample in SAMPLES.items()}
