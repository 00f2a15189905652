"""An installation refuses what is wrong in one clear line, before anything listens."""

import logging
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from groundswell.basics.keyring import RINGS, KeyFolder, KeyRing
from groundswell.basics.names import readable
from groundswell.basics.result import Refused
from groundswell.site.database import database
from groundswell.site.embedded import EmbeddedPostgres, socket_folder
from groundswell.site.group import Group, check_port, short_socket
from groundswell.site.installation import check_keys, make_folder, make_keys
from groundswell.site.logs import ScrubbingFormatter
from groundswell.site.settings import Settings, load
from tests.ports import free_port


def settings(home: Path, **changes: object) -> Settings:
    return load(data=home, **changes)


def test_keys_are_made_once_and_readable_by_their_owner_only(home: Path) -> None:
    here = settings(home)
    make_folder(here)
    assert len(make_keys(here)) == len(RINGS) and make_keys(here) == []
    check_keys(here)
    assert {path.stat().st_mode & 0o777 for path in (home / "keys").iterdir()} == {0o600}


@pytest.mark.parametrize("content", ["", "{}", '{"current": 1, "keys": {"1": "AAAA"}}', '{"current": 2, "keys": {}}', "[]"])
def test_a_damaged_or_missing_key_is_named_with_its_mend(content: str, home: Path) -> None:
    here = settings(home)
    make_folder(here)
    make_keys(here)
    (home / "keys" / "vault.json").write_text(content)
    with pytest.raises(Refused, match=r"vault\.json.*backup"):
        check_keys(settings(home))
    (home / "keys" / "vault.json").unlink()
    with pytest.raises(Refused, match=r"vault\.json is missing.*backup"):
        check_keys(settings(home))


def test_a_new_key_seals_and_the_old_one_still_opens(home: Path) -> None:
    folder = KeyFolder(home)
    folder.write("vault", KeyRing({1: bytes(32)}, 1))
    folder.write("vault", folder.ring("vault").with_new(bytes([1]) * 32))
    assert folder.ring("vault").current == 2 and set(folder.ring("vault").keys) == {1, 2}


def test_a_folder_of_another_version_is_refused(home: Path) -> None:
    (home / "layout").write_text("99")
    with pytest.raises(Refused, match="another version"):
        make_folder(settings(home))
    with pytest.raises(Refused, match="can't be written"):
        make_folder(settings(Path("/proc/groundswell")))
    (home / "postgres").mkdir()
    (home / "postgres" / "PG_VERSION").write_text("12")
    with pytest.raises(Refused, match="PostgreSQL 12"):
        EmbeddedPostgres(home / "postgres").ensure()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"base_url": "act.example.org"}, "GROUNDSWELL_BASE_URL"),
        ({"listen": "8000"}, "GROUNDSWELL_LISTEN"),
        ({"mode": "fun"}, "MODE"),
    ],
)
def test_a_wrong_setting_is_named(change: dict[str, object], words: str, home: Path) -> None:
    with pytest.raises(Refused, match=words):
        settings(home, **change)


def test_an_env_file_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GROUNDSWELL_ENV_FILE", "/nowhere/env")
    with pytest.raises(Refused, match="/nowhere/env"):
        load()


def test_a_database_of_ones_own(home: Path) -> None:
    made = database(settings(home, database_url="postgresql://me:p%40ss@db.example.org:5433/gs?sslmode=require"))
    assert (made["NAME"], made["USER"], made["PASSWORD"], made["HOST"], made["PORT"]) == (
        "gs",
        "me",
        "p@ss",
        "db.example.org",
        "5433",
    )
    assert made["OPTIONS"] == {"sslmode": "require"}
    with pytest.raises(Refused, match="PostgreSQL"):
        database(settings(home, database_url="mysql://x/y"))


def test_a_deep_folder_still_gets_a_short_socket(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 150)
    assert len(str(socket_folder(deep / "postgres") / ".s.PGSQL.5432")) < 104
    assert len(str(short_socket(deep / "run" / "office.sock"))) < 104
    short_socket(deep / "run" / "office.sock").parent.rmdir()
    near = tmp_path / "run" / "office.sock"
    assert short_socket(near) == near


def test_a_port_that_is_taken_is_said_with_another_place(home: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(Refused, match=f"GROUNDSWELL_LISTEN=127.0.0.1:{port + 1}"):
            check_port("127.0.0.1", port, "GROUNDSWELL_LISTEN")


def test_a_second_group_in_the_same_folder_is_kept_out(home: Path) -> None:
    here = settings(home, listen=f"127.0.0.1:{free_port()}", inbound_listen=f"127.0.0.1:{free_port()}")
    make_folder(here)
    first = Group(here)
    first.lock()
    with pytest.raises(Refused, match="already runs"):
        Group(here).lock()
    first.stop()


def test_production_refuses_debug_and_a_weak_secret(home: Path) -> None:
    for change, words in (
        ({"GROUNDSWELL_DEBUG": "1"}, "GROUNDSWELL_DEBUG"),
        ({"GROUNDSWELL_SECRET": "insecure"}, "GROUNDSWELL_SECRET"),
    ):
        done = subprocess.run(
            [sys.executable, "-c", "import groundswell.site.django"],
            env={"GROUNDSWELL_MODE": "production", "GROUNDSWELL_DATA": str(home), "GROUNDSWELL_SECRET": "x" * 50, **change},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode != 0 and words in done.stderr


def test_no_address_and_no_number_reaches_a_log() -> None:
    record = logging.LogRecord("x", 30, "f", 1, "mail to %s or %s", ("ada@example.org", "+44 20 7946 0958"), None)
    line = ScrubbingFormatter("%(message)s").format(record)
    assert line == "mail to [address] or [number]"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (None, None), ("", None), ("  ", None), ("NULL", None), ("ada@example.org", None), ("123", None), ("--", None), ("x" * 61, None),
        ("ADA", "Ada"), ("MARY ANN", "Mary Ann"), ("O'Neill", "O'Neill"), ("McDonald", "McDonald"), ("van der Berg", "van der Berg"),
        (" Zoë ", "Zoë"), ("دوד", "دوד"), ("A", "A"), ("Al", "Al"), ("a\nBcc: x", "a Bcc: x"), ("n/a", None), ("https://x", None),
    ],
)  # fmt: skip
def test_a_name_to_greet_with(name: str | None, shown: str | None) -> None:
    assert readable(name) == shown
