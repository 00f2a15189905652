"""The door killed while photos are being sent, the worker killed while it makes pictures of them: each acknowledged one is there once."""

import http.client
import io
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from PIL import Image

from groundswell.actions.acting import photos
from groundswell.actions.models import Deed, Photo
from groundswell.basics.boxes import public_half
from groundswell.pages.door.config import DoorConfig
from groundswell.pages.following import develop
from groundswell.people.reading_room import given_to_staff
from groundswell.people.suppressions import person_with
from tests.actions.test_photos import MULTIPART, form, picture
from tests.actions.world import World
from tests.installation import postgres
from tests.pages.test_door_served import GRANIAN
from tests.people.test_people import address
from tests.ports import free_port

pytestmark = pytest.mark.django_db(transaction=True)
SIZE = (300, 200)
KILLS = 3
EACH = 4
"""Photos acknowledged before each kill: by number and not by time, whatever else the machine does."""
_WORKER = """
import sys, django; django.setup()
from datetime import UTC, datetime
from pathlib import Path
from django.conf import settings
from groundswell.actions.acting.photos import develop
from groundswell.inbox.sealing import unseal
from functools import partial
keys = dict(settings.GROUNDSWELL.key_folder.ring("intake").keys)
develop(folder=Path(sys.argv[1]), unseal=partial(unseal, keys), now=datetime.now(UTC))
"""


class Door:
    """The door's own server on a port, in a group of processes that can be killed whole."""

    def __init__(self, world: World) -> None:
        self.home, self.port = world.home, free_port()
        tokens, intake = (settings.GROUNDSWELL.key_folder.ring(name) for name in ("tokens", "intake"))
        DoorConfig(
            self.home / "published", self.home / "journal", self.home / "none.sock", "https://act.example.org", "Org & Co",
            dict(tokens.keys), tokens.current, public_half(intake.current_key), intake.current,
        ).write(self.home / "door.json")  # fmt: skip
        self.open()

    def open(self) -> None:
        self.process = subprocess.Popen(
            [*GRANIAN, "--interface", "rsgi", "--port", str(self.port), "groundswell.pages.door.main:application"],
            env={**os.environ, "GROUNDSWELL_DOOR": str(self.home / "door.json")}, start_new_session=True,
        )  # fmt: skip
        until(lambda: opens(self.port))

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        until(lambda: not opens(self.port))


class Sender(threading.Thread):
    """Sends photos, one after the other, each as another person; remembers whose was acknowledged and whose was cut off."""

    def __init__(self, port: int, number: int, ended: threading.Event) -> None:
        super().__init__(name=f"sender-{number}")
        self.port, self.number, self.ended = port, number, ended
        self.acknowledged: list[str] = []

    def run(self) -> None:
        content, sent = picture(size=SIZE), 0
        while not self.ended.is_set():
            email, sent = f"s{self.number}-{sent}@example.org", sent + 1
            try:
                asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
                asked.request("POST", "/a/do-it/photo", form(content, email=email), {"content-type": MULTIPART})
                if asked.getresponse().status == 303:
                    self.acknowledged.append(email)
                asked.close()
            except (OSError, http.client.HTTPException):
                self.ended.wait(0.05)


def opens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 120
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def half(door: Door, email: str) -> socket.socket:
    """A photo of which the second half never comes."""
    body = form(picture(size=SIZE), email=email)
    sent = socket.create_connection(("127.0.0.1", door.port), 10)
    head = f"POST /a/do-it/photo HTTP/1.1\r\nhost: x\r\ncontent-type: {MULTIPART}\r\ncontent-length: {len(body)}\r\n\r\n"
    sent.sendall(head.encode() + body[: len(body) // 2])
    return sent


@pytest.fixture
def world(home: Path, now: datetime) -> Iterator[World]:
    yield World(home, now, "photo")


def test_every_acknowledged_photo_is_there_once_and_no_half_one(world: World) -> None:
    door, ended = Door(world), threading.Event()
    senders = [Sender(door.port, number, ended) for number in range(2)]
    try:
        for sender in senders:
            sender.start()
        for kill in range(1, KILLS + 1):
            with half(door, f"half{kill}@example.org"):
                until(lambda kill=kill: sum(len(sender.acknowledged) for sender in senders) >= kill * EACH)  # type: ignore[misc]
                door.kill()
            door.open()
        ended.set()
        for sender in senders:
            sender.join()
    finally:
        ended.set()
        with suppress(ProcessLookupError):
            door.kill()
    world.apply()
    acknowledged = [email for sender in senders for email in sender.acknowledged]
    arrived = Photo.objects.count()
    assert len(acknowledged) >= KILLS * EACH and arrived >= len(acknowledged)

    url = postgres().url.replace("/groundswell?", f"/{connection.settings_dict['NAME']}?")
    folder = world.journal_folder / "photos"
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "groundswell.site.django"}
    for _ in range(2):
        before = Photo.objects.exclude(state="arrived").count()
        worker = subprocess.Popen([sys.executable, "-c", _WORKER, str(folder)], env=environment, start_new_session=True)
        until(lambda worker=worker, before=before: worker.poll() is not None or done() > before)  # type: ignore[misc]
        with suppress(ProcessLookupError):
            os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
    develop(world, datetime.now(UTC))

    assert set(Photo.objects.values_list("state", flat=True)) == {"waiting"}
    assert Photo.objects.count() == arrived == Deed.objects.count() == Photo.objects.values("person_id").distinct().count()
    for email in acknowledged:
        row = Photo.objects.get(person_id=person_with(address(email)))
        content = photos.picture(row.pk, given_to_staff)
        assert content and Image.open(io.BytesIO(content)).size == SIZE
    for kill in range(1, KILLS + 1):
        assert person_with(address(f"half{kill}@example.org")) is None, "of a half photo there is nothing"
    assert world.view().photos == () and "gallery" not in world.page(), "and nothing is shown that nobody looked at"
    develop(world, datetime.now(UTC) + photos.KEEP + timedelta(hours=1))
    assert list(folder.iterdir()) == [], "what a kill left half written goes when the originals go"


def done() -> int:
    return Photo.objects.exclude(state="arrived").count()
