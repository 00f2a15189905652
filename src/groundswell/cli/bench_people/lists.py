"""A list to import, the import of it in a process of its own, and PostgreSQL's bare COPY of the same rows."""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psycopg

from groundswell.site.embedded import EmbeddedPostgres


def write(path: Path, rows: int, *, seed: int) -> None:
    """A list as lists are: names that repeat, a place, a number for most, and a status."""
    dice = random.Random(seed)  # noqa: S311 (the same list every time)
    letters = "abcdefghiklmnoprstuvw"
    given = ["".join(dice.choices(letters, k=dice.randint(3, 9))).title() for _ in range(3000)]
    family = ["".join(dice.choices(letters, k=dice.randint(4, 12))).title() for _ in range(40_000)]
    with path.open("w", encoding="utf-8") as file:
        file.write("Email,First name,Last name,Phone,Address,City,Country,Postcode,Language,Created at,Status\n")
        for number in range(rows):
            first, last = dice.choice(given), dice.choice(family)
            status = "unsubscribed" if number % 50 == 7 else "bounced" if number % 50 == 8 else "subscribed"
            phone = f"+44 20 {dice.randint(10**7, 10**8 - 1)}" if number % 3 else ""
            file.write(
                f"{first}.{last}.{seed}.{number}@example{number % 400}.org,{first},{last},{phone},{number % 300} High Street,Leeds,"
                f"{('GB', 'US', 'DE', 'IE')[number % 4]},LS{number % 20} 1AA,en,20{19 + number % 7}-0{1 + number % 9}-11,{status}\n"
            )


def imported(path: Path, rows: int) -> tuple[float, float]:
    """Rows a second and peak memory in MB of `groundswell people import`: what it and the process that reads for it had at most."""
    command = [str(Path(sys.executable).parent / "groundswell"), "people", "import", str(path), "--organisation", "Us", "--wording",
               "Write to me", "--source", "the bench", "--json"]  # fmt: skip
    with tempfile.TemporaryFile("w+") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL)
        peaks: dict[int, float] = {}
        while True:
            ended, status, usage = os.wait4(process.pid, os.WNOHANG)
            if ended:
                break
            peaks.update(_peaks(process.pid))
            time.sleep(0.25)
        process.returncode = status
        out.seek(0)
        said = json.loads(out.read() or "{}")
    if said.get("rows") != rows or said.get("rejected"):
        raise RuntimeError("the bench's own list was not taken whole")
    own = usage.ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
    return rows / said["seconds"], max(own, sum(peaks.values()))


def _peaks(pid: int) -> dict[int, float]:
    """What a process and those that it started had at most until now, in MB; nothing where the system does not say."""
    found = {}
    with suppress(OSError):
        of = [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]
        for one in of:
            for line in Path(f"/proc/{one}/status").read_text().splitlines():
                if line.startswith("VmHWM:"):
                    found[one] = int(line.split()[1]) / 1024
    return found


def bare_copy(postgres: EmbeddedPostgres, path: Path, rows: int) -> float:
    """Rows a second of COPY into a table without an index, nothing checked, nothing sealed."""
    with psycopg.connect(postgres.url) as connection, path.open("rb") as file:
        connection.execute(f"CREATE TABLE bare ({', '.join(f'c{n} text' for n in range(11))})")
        began = time.perf_counter()
        with connection.cursor().copy("COPY bare FROM STDIN (FORMAT csv, HEADER)") as copy:
            while block := file.read(1 << 16):
                copy.write(block)
        connection.commit()
        took = time.perf_counter() - began
        connection.execute("DROP TABLE bare")
        connection.commit()
    return rows / took
