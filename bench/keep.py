"""Runs benches by name and writes what they print into RESULTS.md: the last result of each, with machine and date.

A bench may be named with its options: `scripts/bench "people --full"`.
"""

import json
import subprocess
import sys
from pathlib import Path

RESULTS = Path(__file__).parent / "RESULTS.md"
KEPT = Path(__file__).parent / "results.json"


def main(names: list[str]) -> int:
    """Measure each and rewrite the page; 1 if a figure is below its reach."""
    kept = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    for name in names:
        done = subprocess.run(
            [str(Path(sys.executable).parent / "groundswell"), "bench", *name.split(), "--json"],
            stdout=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
        if not done.stdout:
            return done.returncode or 1  # it said why on standard error
        result = json.loads(done.stdout)
        kept[result["bench"]] = result
        KEPT.write_text(json.dumps(kept, indent=1) + "\n")
    lines = ["# Results", "", "Written by `scripts/bench`; each figure stands against a limit measured in the same run.", ""]
    lines += ["| bench | figure | value | against | ratio | asked for | machine | at |", "|---|---|---|---|---|---|---|---|"]
    for name, result in sorted(kept.items()):
        for figure in result["figures"]:
            lines.append(
                f"| {name} | {figure['name']} | {figure['value']} {figure['unit']} | {figure['against']} | {figure['ratio']} "
                f"| {figure['reach']} | {result['machine']} | {result['at']} |"
            )
    RESULTS.write_text("\n".join(lines) + "\n")
    return 0 if all(figure["ok"] for result in kept.values() for figure in result["figures"]) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
