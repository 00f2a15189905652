"""The process group of one installation: database, office, public door, worker, and in the demo a mail receiver.

One foreground group: Ctrl-C ends it in order, and when the one that started it is gone, even by kill -9, every child
ends too. A lock in the data folder keeps a second group away from the first.
"""

import ctypes
import fcntl
import hashlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from groundswell.basics.result import Refused
from groundswell.intake.journal import public_half
from groundswell.pages.door.config import DoorConfig
from groundswell.site.embedded import EmbeddedPostgres
from groundswell.site.settings import Settings


class Group:
    """Starts and ends the processes of `groundswell up`."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.postgres = (
            None if settings.database_url else EmbeddedPostgres(settings.database_folder, system_user=settings.postgres_user)
        )
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._lock: IO[str] | None = None

    def lock(self) -> None:
        """Be the only group of this data folder, or `Refused` naming the one that is."""
        path = self.settings.run_folder / "group.lock"
        self._lock = path.open("a+")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.seek(0)
            pid = self._lock.read().strip() or "another process"
            raise Refused.because(
                "group-running",
                f"Groundswell already runs in {self.settings.data} (process {pid}).",
                f"Open {self.settings.base_url}, or end it first; for a second one, name another folder with GROUNDSWELL_DATA.",
            ) from None
        self._lock.truncate(0)
        self._lock.write(str(os.getpid()))
        self._lock.flush()
        check_port(self.settings.host, self.settings.port, "GROUNDSWELL_LISTEN")
        if self.settings.is_local:
            host, _, port = self.settings.inbound_listen.rpartition(":")
            check_port(host, int(port), "GROUNDSWELL_INBOUND_LISTEN")

    def start_database(self) -> None:
        """The embedded database, if it is ours to start."""
        if self.postgres is not None:
            self.postgres.start()

    def start_rest(self, organisation: str) -> None:
        """Everything that needs the database; returns when the public door answers."""
        settings = self.settings
        office_socket = short_socket(settings.run_folder / "office.sock")
        office_socket.unlink(missing_ok=True)
        ring, tokens = settings.key_folder.ring("intake"), settings.key_folder.ring("tokens")
        door = settings.run_folder / "door.json"
        DoorConfig(
            published=settings.published_folder, journal=settings.journal_folder, office_socket=office_socket,
            base_url=settings.base_url, organisation=organisation, token_keys=dict(tokens.keys), token_current=tokens.current,
            intake_public=public_half(ring.current_key), intake_key_id=ring.current,
        ).write(door)  # fmt: skip
        if settings.is_local:
            host, _, port = settings.inbound_listen.rpartition(":")
            self._launch("receiver", "-m", "groundswell.inbox.receiver", host, port, str(settings.mailbox_folder))
        self._launch(
            "office", "-m", "granian", "--interface", "wsgi", "--uds", str(office_socket), "--workers", "1",
            "--blocking-threads", str(settings.web_threads), "--static-path-route", "/static",
            "--static-path-mount", str(settings.data / "static"),
            "--workers-kill-timeout", "3", "--log-level", "error", "groundswell.site.wsgi:application",
        )  # fmt: skip
        self._launch(
            "door", "-m", "granian", "--interface", "rsgi", "--host", settings.host, "--port", str(settings.port), "--workers", "1",
            "--workers-kill-timeout", "3", "--log-level", "error", "groundswell.pages.door.main:application",
            extra={"GROUNDSWELL_DOOR": str(door)},
        )  # fmt: skip
        self._launch("worker", "-c", "import sys; from groundswell.cli import main; sys.exit(main(['worker']))")
        self._wait_for_door()

    def watch(self) -> int:
        """Stay until Ctrl-C, or until a child ends by itself (then say which, and end the rest)."""
        while True:
            for name, child in self._children.items():
                if child.poll() is not None:
                    sys.stderr.write(
                        f"groundswell: the {name} ended by itself (exit {child.returncode}); its log: {self._log(name)}\n"
                    )
                    return 1
            time.sleep(0.5)

    def stop(self) -> None:
        """End every child in order, the database last. Safe to call twice, and in the middle of a start."""
        with ignoring_interrupts():
            for child in reversed(self._children.values()):
                if child.poll() is None:
                    child.send_signal(signal.SIGTERM)
            for child in self._children.values():
                try:
                    child.wait(15)
                except subprocess.TimeoutExpired:
                    child.kill()
                    child.wait()
            self._children.clear()
            if self.postgres is not None:
                self.postgres.stop()

    def _launch(self, name: str, *arguments: str, extra: dict[str, str] | None = None) -> None:
        settings = self.settings
        environment = {
            **os.environ, "GROUNDSWELL_DATA": str(settings.data), "GROUNDSWELL_MODE": settings.mode,
            "DJANGO_SETTINGS_MODULE": "groundswell.site.django", **(extra or {}),
        }  # fmt: skip
        with self._log(name).open("ab") as log:
            self._children[name] = subprocess.Popen(
                [sys.executable, *arguments], env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                preexec_fn=_terminate_with_parent,  # noqa: PLW1509 (one thread only while the group starts)
            )  # fmt: skip

    def _log(self, name: str) -> Path:
        return self.settings.data / f"{name}.log"

    def _wait_for_door(self) -> None:
        deadline = time.monotonic() + 60
        office = short_socket(self.settings.run_folder / "office.sock")
        while time.monotonic() < deadline:
            for name, child in self._children.items():
                if child.poll() is not None:
                    raise Refused.because("group-start", f"The {name} did not start.", f"Its log is {self._log(name)}.")
            with suppress(OSError), socket.create_connection((self.settings.host, self.settings.port), 1):
                if office.exists():
                    return
            time.sleep(0.1)
        raise Refused.because("group-start", "The web server did not answer within a minute.", f"Its log is {self._log('door')}.")


def check_port(host: str, port: int, setting: str) -> None:
    """Nobody listens there yet, or `Refused` with the setting that names another place."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Refused.because(
                "port-taken",
                f"{host}:{port} can't be listened on ({error.strerror}).",
                f"End what runs there, or name another place: {setting}={host}:{port + 1}",
            ) from None


def short_socket(path: Path) -> Path:
    """`path`, or one under the temporary folder where it would be too long for a unix socket."""
    if len(os.fsencode(path)) <= 100:
        return path
    name = hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
    folder = Path(tempfile.gettempdir()) / f"groundswell-{os.getuid()}-{name}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / path.name


@contextmanager
def ignoring_interrupts() -> Iterator[None]:
    """A second Ctrl-C does not cut the shutdown short."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _terminate_with_parent() -> None:
    # Ctrl-C reaches the whole foreground group; the children leave the order of ending to whoever started them.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)
