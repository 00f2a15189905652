"""Which Python `.venv` is made of: by how fast it is, with stand-ins that say how long they took."""

import os
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "choose_python"


def _stand_in(path: Path, microseconds: int | None) -> Path:
    """A command that answers as a Python would that took so long; one that can't serve answers nothing and fails."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n" + ("exit 1\n" if microseconds is None else f"echo {microseconds}\n"))
    path.chmod(0o755)
    return path


def _chosen(usual: Path | None, system: Path, tools: Path) -> str:
    path = f"{usual.parent}:{tools}" if usual else str(tools)
    environment = {"PATH": path, "SYSTEM_PYTHON": str(system)}
    return subprocess.run([str(SCRIPT)], env=environment, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """A PATH with what the script itself needs and no Python."""
    folder = tmp_path / "tools"
    folder.mkdir()
    for name in ("sh", "readlink"):
        found = next(Path(place, name) for place in os.environ["PATH"].split(os.pathsep) if Path(place, name).exists())
        (folder / name).symlink_to(found)
    return folder


@pytest.mark.parametrize(
    ("usual", "system", "which"),
    [
        (9000, 5000, "system"),
        (9000, 7000, "system"),
        (9000, 8000, "usual"),  # two measurements of one build differ by that much
        (5000, 9000, "usual"),
        (9000, None, "usual"),
        (None, 9000, "system"),
        (None, None, "usual"),  # `setup` says what is wrong with it
    ],
)
def test_the_systems_python_is_taken_where_it_is_clearly_faster(
    tmp_path: Path, tools: Path, usual: int | None, system: int | None, which: str
) -> None:
    ways = {
        "usual": _stand_in(tmp_path / "own" / "python3", usual),
        "system": _stand_in(tmp_path / "usr" / "python3", system),
    }
    assert _chosen(ways["usual"], ways["system"], tools) == str(ways[which])


def test_a_machine_without_a_system_python_or_with_nothing_but_one(tmp_path: Path, tools: Path) -> None:
    own = _stand_in(tmp_path / "own" / "python3", 9000)
    assert _chosen(own, tmp_path / "nowhere", tools) == str(own)
    system = _stand_in(tmp_path / "usr" / "python3", 9000)
    assert _chosen(None, system, tools) == str(system)


def test_the_real_ones_answer_with_a_python_that_can_make_a_venv() -> None:
    chosen = subprocess.run([str(SCRIPT)], capture_output=True, text=True, check=True).stdout.strip()
    subprocess.run([chosen, "-I", "-c", "import sys, venv; assert sys.version_info >= (3, 11)"], check=True)
