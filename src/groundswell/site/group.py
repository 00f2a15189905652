"""The process group of one installation: database, office, public door, worker, and in the demo a mail receiver.

One foreground group: Ctrl-C ends it in order, and when the one that started it is gone, even by kill -9, every child
ends too. A lock in the data folder keeps a second group away from the first.
"""

import fcntl
import hashlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import IO

from groundswell.basics.boxes import public_half
from groundswell.basics.processes import end_with_parent
from groundswell.basics.result import Refused
from groundswell.inbox.fetching import Account
from groundswell.inbox.mx import MxConfig
from groundswell.pages.door.config import DoorConfig
from groundswell.site.embedded import EmbeddedPostgres
from groundswell.site.interrupts import deferring_interrupts, ignoring_interrupts
from groundswell.site.settings import Settings


class Group:
    """Starts and ends the processes of `groundswell up`."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.postgres = (
            None if settings.database_url else EmbeddedPostgres(settings.database_folder, system_user=settings.postgres_user)
        )
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._how: dict[str, tuple[tuple[str, ...], dict[str, str] | None]] = {}
        self._started: dict[str, float] = {}
        self._patience: dict[str, tuple[float, int]] = {}
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
        Account.parse(self.settings.inbound_mailboxes)
        if self.settings.mx_listen:
            host, _, port = self.settings.mx_listen.rpartition(":")
            if ":" not in host:  # of IPv6 the receiver itself says what is wrong, in its log
                check_port(host, int(port), "GROUNDSWELL_MX_LISTEN")

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
            intake_public=public_half(ring.current_key), intake_key_id=ring.current, behind_proxy=settings.behind_proxy,
            processes=settings.door_processes,
        ).write(door)  # fmt: skip
        if settings.is_local:
            host, _, port = settings.inbound_listen.rpartition(":")
            self._launch("receiver", "-m", "groundswell.inbox.receiver", host, port, str(settings.mailbox_folder))
        if settings.mx_listen:
            receiving = settings.run_folder / "mx.json"
            mx_config(settings).write(receiving)
            self._launch("mx", "-m", "groundswell.inbox.mx", str(receiving))
        self._launch(
            "office", "-m", "granian", "--interface", "wsgi", "--uds", str(office_socket), "--workers", "1",
            "--blocking-threads", str(settings.web_threads), "--static-path-route", "/static",
            "--static-path-mount", str(settings.data / "static"),
            "--workers-kill-timeout", "3", "--log-level", "error", "groundswell.site.wsgi:application",
        )  # fmt: skip
        self._launch(
            "door", "-m", "granian", "--interface", "rsgi", "--host", settings.host, "--port", str(settings.port),
            "--workers", str(settings.door_processes), "--respawn-failed-workers", "--workers-kill-timeout", "3",
            "--backlog", "4096", "--http1-header-read-timeout", "10000",
            "--log-level", "error", "groundswell.pages.door.main:application",
            extra={"GROUNDSWELL_DOOR": str(door)},
        )  # fmt: skip
        self._launch("worker", "-c", "import sys; from groundswell.cli import main; sys.exit(main(['worker']))")
        self._wait_for_door()

    def watch(self) -> int:
        """Stay until Ctrl-C. A part that ends by itself is said and started again: the door must not close for a worker."""
        while True:
            for name, child in list(self._children.items()):
                if child.poll() is not None:
                    self._revive(name, child)
            if self.postgres is not None and self.postgres.pid is None:
                sys.stderr.write("groundswell: the database ended by itself; starting it again\n")
                with suppress(Refused):
                    self.postgres.start()
            time.sleep(0.2)

    def _revive(self, name: str, child: subprocess.Popen[bytes]) -> None:
        now = time.monotonic()
        if now < self._patience.get(name, (0.0, 0))[0]:
            return
        fast = now - self._started[name] < 30
        tries = self._patience[name][1] + 1 if fast and name in self._patience else 0
        self._patience[name] = (now + min(5.0, 0.2 * 2**tries), tries)
        sys.stderr.write(
            f"groundswell: the {name} ended by itself (exit {child.returncode}) and is started again; its log: {self._log(name)}\n"
        )
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)  # what a killed server left running would keep its place
        arguments, extra = self._how[name]
        self._launch(name, *arguments, extra=extra)

    def stop(self) -> None:
        """End every child in order, the database last. Safe to call twice, and in the middle of a start."""
        with ignoring_interrupts():
            # Asked three times: a signal that comes while a server is starting can be lost in it.
            for patience in (3, 3, 4):
                for child in reversed(self._children.values()):
                    if child.poll() is None:
                        child.send_signal(signal.SIGTERM)
                _wait(self._children.values(), patience)
            for child in self._children.values():
                with suppress(ProcessLookupError):
                    os.killpg(child.pid, signal.SIGKILL)  # with everything that it started itself
                child.wait()
            self._children.clear()
            if self.postgres is not None:
                self.postgres.stop()

    def _launch(self, name: str, *arguments: str, extra: dict[str, str] | None = None) -> None:
        settings = self.settings
        self._how[name], self._started[name] = (arguments, extra), time.monotonic()
        environment = {
            **os.environ, "GROUNDSWELL_DATA": str(settings.data), "GROUNDSWELL_MODE": settings.mode,
            "DJANGO_SETTINGS_MODULE": "groundswell.site.django", **(extra or {}),
        }  # fmt: skip
        with self._log(name).open("ab") as log, deferring_interrupts():
            self._children[name] = subprocess.Popen(
                [sys.executable, *arguments], env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                preexec_fn=_terminate_with_parent,  # noqa: PLW1509 (one thread only while the group starts)
                process_group=0,  # Ctrl-C is for us alone: we end the children in their order
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
                if _listens(office):
                    return
            time.sleep(0.1)
        raise Refused.because("group-start", "The web server did not answer within a minute.", f"Its log is {self._log('door')}.")


def mx_config(settings: Settings) -> MxConfig:
    """What the receiver of returning mail needs: addresses, the token keys, the public half of the journal's key."""
    ring, tokens = settings.key_folder.ring("intake"), settings.key_folder.ring("tokens")
    host, _, port = settings.mx_listen.rpartition(":")
    return MxConfig(
        host=host.strip("[]"), port=int(port), spool=str(settings.spool_folder), intake_public=public_half(ring.current_key).hex(),
        intake_key_id=ring.current, token_keys={str(key): value.hex() for key, value in tokens.keys.items()},
        token_current=tokens.current, bounce_domain=settings.bounce_domain, addresses=sorted(settings.inbound_list),
        per_minute=settings.mx_per_minute, certificate=str(settings.mx_certificate or ""), key=str(settings.mx_key or ""),
    )  # fmt: skip


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


def _listens(path: Path) -> bool:
    """Whether somebody takes visitors at this socket: its file is there before anybody does."""
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(1)
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True


def _wait(children: Iterable[subprocess.Popen[bytes]], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and any(child.poll() is None for child in children):
        time.sleep(0.05)


def _terminate_with_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent(signal.SIGTERM)
