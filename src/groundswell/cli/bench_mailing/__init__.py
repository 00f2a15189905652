"""`groundswell bench mailing`: a mailing from the sealed vault to a receiver, rows recorded durably, beside its limits."""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from groundswell.basics.ids import LetterId
from groundswell.cli.bench_mailing import peers, world

PEOPLE = int(os.environ.get("GROUNDSWELL_BENCH_PEOPLE", "50000"))
ROWS = 1_000_000
KB30, KB8 = 30_000, 8_000
SENDERS = 2
"""Processes that hand over the unsigned letter, as the settings have it unless told otherwise; everything else has one."""


@dataclass(frozen=True, slots=True)
class Run:
    """What one sender process did, or several together."""

    taken: int
    seconds: float
    cpu: float
    peak_mb: float

    @property
    def per_s(self) -> float:
        """Letters a second, from the first claim to the last row recorded."""
        return self.taken / self.seconds


def mailing() -> dict[str, Any]:
    """Everything that issue and README promise about speed, measured in one run on this machine.

    `GROUNDSWELL_BENCH_PEOPLE` sets how many people; `GROUNDSWELL_BENCH_FOLDER` keeps the people for the next run.
    """
    from groundswell.cli.benches import result

    kept = os.environ.get("GROUNDSWELL_BENCH_FOLDER")
    with tempfile.TemporaryDirectory(prefix="gs-bench-") as own:
        folder = Path(kept or own)
        folder.mkdir(exist_ok=True)
        with world.installation(folder), peers.receiver() as (port, name):
            return result("mailing", _figures(folder, port, name)) | _LAST


_LAST: dict[str, Any] = {}


def _figures(folder: Path, port: int, sink: str) -> list[dict[str, Any]]:
    render, alone = _rendered()
    persons = world.people(folder, PEOPLE)
    count = len(persons)
    before = peers.rsa_per_s()
    signed = _send(world.rows("signed-30k", world.letter(KB30, world.SIGNED), persons), port, count)
    rsa = (before + peers.rsa_per_s()) / 2
    plain = world.letter(KB8, world.PLAIN)
    source = peers.smtp_source_per_s(port, KB8)
    unsigned = _send(world.rows("unsigned-8k", plain, persons), port, count, SENDERS)
    # Runs of one length, so that starting up weighs the same in both.
    each = min(10_000, count)
    small = [_send(world.rows("small", plain, persons[:each]), port, each) for _ in range(3)]
    sample = each * min(3, count // each)
    books = world.rows("large", plain, persons[:sample], others=ROWS)
    large = [_send(books, port, each) for _ in range(sample // each)]
    growth = min(run.seconds / run.taken for run in large) / min(run.seconds / run.taken for run in small)
    peak = max(run.peak_mb for run in (signed, unsigned, *small, *large))
    one_core = f"openssl rsa2048 {rsa:.0f}/s on one core, before and after"
    by_turns = f"openssl rsa2048 {alone:.0f}/s on one core, by turns"
    beside = f"Postfix smtp-source {source:.0f}/s, one constant letter, no books" if source else "smtp-source is not installed"
    to = f"{count} people to {sink}"
    more = f"a letter's cost with {ROWS} rows in the books ({sample} of them sent) over that with 10,000"
    figures = [
        _figure("render_sign_vs_rsa", render, "letters/s of 30 KB, rendered and signed", render / alone, by_turns, 0.85),
        _figure(
            "signed_30k_vs_rsa", signed.per_s, f"letters/s of 30 KB, signed, one sender, {to}", signed.per_s / rsa, one_core, 0.55
        ),
        _figure(
            "unsigned_8k_per_s",
            unsigned.per_s,
            f"letters/s of 8 KB, {SENDERS} senders, {to}",
            unsigned.per_s / 6000,
            "6,000/s",
            1.0,
        ),
        _figure("unsigned_8k_vs_smtp_source", unsigned.per_s, "letters/s", unsigned.per_s / source if source else 0, beside, 0),
        _figure("growth", growth, more, growth, "1.0", 1.1, most=True),
        _figure("peak_mb", peak, "MB at most in a sender process", peak / 300, "300 MB", 1.0, most=True),
    ]
    _LAST.update(
        signed_30k_per_s=round(signed.per_s), signed_30k_vs_rsa=round(signed.per_s / rsa, 3),
        render_sign_vs_rsa=round(render / alone, 3), unsigned_8k_per_s=round(unsigned.per_s),
        unsigned_8k_vs_smtp_source=round(unsigned.per_s / source, 3) if source else None, growth=round(growth, 3),
        peak_mb=round(peak, 1), rsa2048_per_s=round(rsa), smtp_source_8k_per_s=round(source) if source else None, receiver=sink,
        people=count, sender_cpu_s={"signed_30k": round(signed.cpu, 2), "unsigned_8k": round(unsigned.cpu, 2)},
    )  # fmt: skip
    return figures


def _figure(name: str, value: float, unit: str, ratio: float, against: str, reach: float, *, most: bool = False) -> dict[str, Any]:
    ok = ratio <= reach if most else ratio >= reach
    return {
        "name": name, "value": round(value, 3) if value < 10 else round(value), "unit": unit, "against": against,
        "ratio": round(ratio, 3), "reach": reach, "ok": ok,
    }  # fmt: skip


def _send(letter_id: LetterId, port: int, most: int, senders: int = 1) -> Run:
    environment = {**os.environ, "GROUNDSWELL_SMTP": f"smtp://127.0.0.1:{port}"}
    spoken = subprocess.run(
        [sys.executable, "-m", "groundswell.cli.bench_mailing.sender", str(letter_id), str(most), str(senders)],
        env=environment, stdout=subprocess.PIPE, text=True, check=True,
    ).stdout  # fmt: skip
    run = Run(**json.loads(spoken))
    if run.taken != most:
        raise RuntimeError(f"{run.taken} of {most} letters were taken")
    return run


def _rendered() -> tuple[float, float]:
    """Letters rendered and signed a second, and bare signatures beside them, by the engine in a process of its own.

    Here, what filling the vault left in memory would be measured with it: no sender has that.
    """
    command = [sys.executable, "-m", "groundswell.cli.bench_mailing.rendering"]
    render, alone = json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)
    return render, alone
