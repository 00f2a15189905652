"""A full disk, forms that are no forms, visitors that never finish, clocks that jump: the door says so and stays open."""

import os
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.pages.test_door_served import FORM, Served

_TINY = 24 * 1024


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    made = Served(tmp_path_factory.mktemp("bad-days"))
    yield made
    made.close()


def sign(served: Served, number: int) -> int:
    return int(served.ask("POST", "/a/end-it/sign", f"name=Ada&email=p{number}%40example.org&consent=no")[0])


def test_a_file_that_may_grow_no_more_acknowledges_nothing_it_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start = subprocess.Popen

    def limited(*arguments, **more):  # type: ignore[no-untyped-def]
        return start(*arguments, **more, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (_TINY, _TINY)))

    monkeypatch.setattr("tests.pages.test_door_served.subprocess.Popen", limited)
    with ExitStack() as stack:
        made = Served(tmp_path)
        stack.callback(made.close)
        answers = [sign(made, number) for number in range(250)]
        kept = [content["fields"]["email"] for _, content in made.kept()]
        assert set(answers) == {303, 503}, "full is said, and once there is room again it goes on"
        assert kept == [f"p{number}@example.org" for number, status in enumerate(answers) if status == 303]


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("mount"), reason="needs root to mount a tiny file system")
def test_a_full_disk_is_said_and_once_there_is_room_the_door_goes_on(tmp_path: Path) -> None:
    tiny = Path(tempfile.mkdtemp(prefix="gs-tiny-"))
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=96k", "tmpfs", str(tiny)], check=False, capture_output=True)
    if mounted.returncode:
        tiny.rmdir()
        pytest.skip("this machine lets nobody mount a file system")
    try:
        made = Served(tmp_path)
        (tmp_path / "journal").symlink_to(tiny)
        answers = [sign(made, number) for number in range(400)]
        assert answers[0] == 303 and answers[-1] == 503
        page = made.ask("POST", "/a/end-it/sign", "email=late%40example.org&consent=no")
        assert b"nothing of it is lost" in page[2] and page[1]["retry-after"] == "60"
        assert len(made.kept()) == answers.count(303), "every yes is on the disk, and nothing else"
        assert made.ask("GET", "/a/end-it")[0] == 200
        subprocess.run(["mount", "-o", "remount,size=2m", str(tiny)], check=True)
        assert sign(made, 9999) == 303
        assert len(made.kept()) == answers.count(303) + 1
        made.close()
    finally:
        subprocess.run(["umount", "-l", str(tiny)], check=False)
        tiny.rmdir()


def test_ten_megabytes_are_no_form(served: Served) -> None:
    announced = served.ask("POST", "/a/end-it/sign", None, {**FORM, "content-length": str(10 * 2**20)})
    assert announced[0] == 413
    with socket.create_connection(("127.0.0.1", served.port), 20) as one:
        one.sendall(b"POST /a/end-it/sign HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        sent = 0
        try:
            while sent < 10 * 2**20:
                one.sendall(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
                sent += 0x10000
        except OSError:
            pass
        assert sent < 10 * 2**20 or b"413" in one.recv(4096)
    assert sign(served, 1) == 303


def test_a_thousand_visitors_who_never_finish_keep_nobody_out(served: Served) -> None:
    with ExitStack() as stack:
        slow = [stack.enter_context(socket.create_connection(("127.0.0.1", served.port), 10)) for _ in range(300)]
        for number, one in enumerate(slow):
            head = b"POST /a/end-it/sign HTTP/1.1\r\nHost: x\r\nContent-Length: 60\r\n\r\nna" if number % 2 else b"GET /a/end-it HT"
            one.sendall(head)
        for number in range(20):
            assert sign(served, 100 + number) == 303
        slow[1].settimeout(25)
        assert slow[1].recv(4096).startswith(b"HTTP/1.1 408"), "who sends no more is told so and let go"
    assert [c for _, c in served.kept() if not c["fields"]["email"].endswith("@example.org")] == []


@pytest.mark.parametrize(
    "body",
    [
        b"", b"\xff\xfe\x00", b"=", b"&&&&", b"email=%", b"email=%zz%FF%C3%28@example.org&consent=yes", b"a=1&" * 20_000,
        "email=ada@exämple.org\u202e&consent=yes".encode(), b"email=a%00@example.org&consent=yes%0d%0aX: y",
        b"text_version=" + b"9" * 4000 + b"&email=x&consent=yes", b"t=" + b"A" * 9000, b"t=%F0%9F%98%80",
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "multipart/form-data", "multipart/form-data; boundary=\xe9", "", "text/x"]
)
def test_bytes_of_any_kind_get_an_answer(served: Served, body: bytes, kind: str) -> None:
    status, headers, page = served.ask("POST", "/a/end-it/sign", body, {"content-type": kind.encode("latin-1").decode("latin-1")})
    assert status in (303, 413, 422), (status, page)
    assert b"Traceback" not in page and "x" not in headers


def test_a_clock_that_jumps_loses_nobody_and_ends_no_file_wrongly(tmp_path: Path) -> None:
    script = (
        "import asyncio, sys, time\n"
        "from pathlib import Path\n"
        "from uuid import UUID\n"
        "from groundswell.basics.boxes import public_half\n"
        "from groundswell.intake.journal import Entry, JournalWriter\n"
        "real = time.time_ns\n"
        "for n, jump in enumerate((0, -10**18, 10**18, 0)):\n"
        "    time.time_ns = lambda: real() + jump\n"
        "    journal = JournalWriter(Path(sys.argv[1]), public_key=public_half(bytes(range(32))), key_id=1)\n"
        "    for m in range(5):\n"
        "        journal.append(Entry(UUID(int=n * 10 + m), {'n': n * 10 + m}))\n"
        "    journal.close()\n"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=True)
    from groundswell.intake.journal import is_ended, read

    files = sorted(tmp_path.glob("*.journal"))
    found = {entry.content["n"] for path in files for _, entry in read(path, private_keys={1: bytes(range(32))})}
    assert found == {n * 10 + m for n in range(4) for m in range(5)}
    assert len(files) == 4 and all(is_ended(path) for path in files)
    assert time.time_ns() > 0
