"""Photos: whatever is sent as one is bounded, made plain, looked at, and shown only as its person agreed."""

import io
import itertools
import json
import subprocess
import sys
import zlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from groundswell.actions import operations as actions
from groundswell.actions.acting import darkroom, photos
from groundswell.actions.models import Deed, Photo
from groundswell.basics.ids import PersonRef
from groundswell.basics.result import Refused
from groundswell.pages.door.app import largest
from groundswell.pages.door.photos import LARGEST, LARGEST_REQUEST, kind_of
from groundswell.pages.petition.photo_files import keep_photos, wrong_photos
from groundswell.people.reading_room import given_to_staff
from tests.actions.world import World

pytestmark = pytest.mark.django_db
BOUNDARY = "----a7"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"


@pytest.fixture
def world(home: Path, now: datetime) -> Iterator[World]:
    yield World(home, now, "photo")


def picture(kind: str = "JPEG", size: tuple[int, int] = (900, 600)) -> bytes:
    """Half black, half white, with what a camera writes beside it."""
    made = Image.new("RGB", size, "white")
    made.paste("black", (0, 0, size[0] // 2, size[1]))
    for at in range(0, size[0] // 2, 40):
        made.paste("red", (at, 0, at + 20, size[1]))
    exif = Image.Exif()
    exif[0x010E], exif[0x8825] = "taken at 192 Example Street", {1: "N", 2: (51.0, 30.0, 0.0)}
    out = io.BytesIO()
    made.save(out, kind, **({} if kind == "PNG" else {"exif": exif}))
    return out.getvalue()


def form(content: bytes | None, **fields: str) -> bytes:
    values = {"email": "ada@example.org", "consent": "no", "show": "yes", **fields}
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in values.items()
    ]
    if content is not None:
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="photo"; filename="../../me.php"\r\nContent-Type: image/jpeg\r\n\r\n'
        parts.insert(2, head.encode() + content + b"\r\n")
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def send(world: World, content: bytes | None, **fields: str) -> int:
    answer = world.ask("POST", "/photo", form(content, **fields), MULTIPART)
    world.later(1)
    return answer.status


def test_a_photo_comes_plain_sealed_looked_at_shown_and_taken_back(world: World) -> None:
    assert send(world, picture(), email="x@example.org") == 303 and send(world, picture("WEBP"), email="y@example.org") == 303
    spool = list((world.journal_folder / "photos").iterdir())
    assert len(spool) == 2 and all(
        b"Example Street" not in path.read_bytes() and b"JFIF" not in path.read_bytes() for path in spool
    )
    world.apply()
    world.follow()
    first, second = photos.waiting(world.action)
    assert (first.width, first.height, first.state) == (900, 600, "waiting") and world.view().photos == ()
    content = photos.picture(first.id, given_to_staff)
    assert content and b"Example Street" not in content and b"Exif" not in content
    assert content not in bytes(Photo.objects.get(pk=first.id).image or b"")
    for show, alt, why in ((True, " ", ""), (False, "", "")):
        with pytest.raises(Refused):
            photos.decide(photo_id=first.id, show=show, alt=alt, why=why, open_=given_to_staff, staff_id=None, now=world.now)
    photos.decide(
        photo_id=first.id, show=True, alt="Ada <holds> a sign", why="", open_=given_to_staff, staff_id=None, now=world.now
    )
    photos.decide(
        photo_id=second.id, show=False, alt="", why="an advertisement", open_=given_to_staff, staff_id=None, now=world.now
    )
    assert photos.picture(second.id, given_to_staff) is None
    keep_photos(world.view(), world.home / "published")
    world.publish()
    (shown,) = world.view().photos
    page = world.page()
    assert (
        f'src="/a/do-it/photos/{shown.name}" alt="Ada &lt;holds&gt; a sign"' in page
        and wrong_photos(world.view(), world.home / "published") == []
    )
    served = world.ask("GET", f"/photos/{shown.name}")
    assert served.status == 200 and served.body == content and dict(served.all_headers())["content-type"] == "image/jpeg"
    actions.withdraw(petition_id=world.action, person=PersonRef(Deed.objects.get(pk=first.id).person_id))
    assert not Photo.objects.filter(pk=first.id).exists() and wrong_photos(world.view(), world.home / "published")
    keep_photos(world.view(), world.home / "published")
    world.publish()
    assert "gallery" not in world.page() and world.ask("GET", f"/photos/{shown.name}").status == 404


def test_a_blurred_face_can_not_be_seen_in_what_is_kept(world: World) -> None:
    send(world, picture())
    world.apply()
    world.follow()
    (photo,) = photos.waiting(world.action)
    for wrong in ([], [(0.0, 0.0, 2.0, 1.0)], [(0.0, 0.0, 0.0, 0.5)], [(0.0, 0.0, 0.1, 0.1)] * 61):
        with pytest.raises(Refused):
            photos.blur(photo_id=photo.id, regions=wrong, open_=given_to_staff, staff_id=None, now=world.now)
    photos.blur(photo_id=photo.id, regions=[(0.0, 0.0, 0.4, 1.0)], open_=given_to_staff, staff_id=None, now=world.now)
    content = photos.picture(photo.id, given_to_staff)
    assert content
    seen = Image.open(io.BytesIO(content)).convert("L")
    line = [seen.getpixel((x, 300)) for x in range(20, 340)]
    assert max(abs(a - b) for a, b in itertools.pairwise(line)) < 12, "stripes are one even tone now"  # type: ignore[operator]
    assert seen.getpixel((880, 300)) > 245, "the rest is as it was"  # type: ignore[operator]
    photos.decide(photo_id=photo.id, show=True, alt="A sign", why="", open_=given_to_staff, staff_id=None, now=world.now)
    before = world.view().photos[0].name
    photos.blur(photo_id=photo.id, regions=[(0.5, 0.0, 0.2, 0.2)], open_=given_to_staff, staff_id=None, now=world.now)
    assert world.view().photos[0].name != before, "no reader keeps the sharper one"


def test_what_is_no_photo_does_not_come_in(world: World) -> None:
    assert send(world, None) == 422 and send(world, b"") == 422 and send(world, b"<?php evil() ?>") == 422
    assert send(world, b"\xff\xd8\xff" + b"\0" * LARGEST) == 422 and send(world, picture(), show="") == 422
    assert world.ask("POST", "/photo", b"photo=x&email=a%40example.org&consent=no&show=yes").status == 422
    assert world.ask("GET", "/photo").status == 303 and not (world.journal_folder / "photos").exists()
    assert [kind_of(picture(kind)) for kind in ("JPEG", "PNG", "WEBP")] == ["jpeg", "png", "webp"] and kind_of(b"GIF89a") == ""
    assert largest("/a/do-it/photo") == LARGEST_REQUEST and largest("/a/do-it/sign") == 64 * 1024


def test_a_picture_made_to_burst_is_no_picture(world: World) -> None:
    def png(width: int, height: int) -> bytes:
        def chunk(kind: bytes, data: bytes) -> bytes:
            return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

        head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\0\0\0"
        return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1_000_000)) + chunk(b"IEND", b"")

    bombs = [png(60_000, 60_000), png(100_000, 100), b"\xff\xd8\xff" + b"\xee" * 5000, picture()[:700], b"\x89PNG\r\n\x1a\n"]
    for at, bomb in enumerate(bombs):
        assert send(world, bomb, email=f"b{at}@example.org") == 303
    world.apply()
    world.follow()
    assert set(Photo.objects.values_list("state", flat=True)) <= {"no picture", "waiting"}
    assert Photo.objects.filter(state="no picture").count() >= 4


def test_the_darkroom_has_nothing_and_may_do_little() -> None:
    def develop(regions: object) -> subprocess.CompletedProcess[bytes]:
        # Without an environment, as the worker starts it: else a measuring of the suite would write files in it, which it may not.
        command = [sys.executable, "-I", "-m", darkroom.__name__, json.dumps(regions)]
        return subprocess.run(command, input=picture(), capture_output=True, env={}, check=False)

    done = develop([])
    width, height = darkroom.SIZE.unpack_from(done.stdout)
    assert (done.returncode, width, height) == (0, 900, 600)
    wrong = develop([[1]])
    assert wrong.returncode == 3 and not wrong.stdout and b"Traceback" not in wrong.stderr


def test_the_sealed_original_goes_as_its_journal_does_and_serves_a_database_put_back(world: World) -> None:
    send(world, picture())
    world.apply()
    world.follow()
    (first,) = photos.waiting(world.action)
    Photo.objects.update(state="arrived", image=None)  # as a backup of the night before would have it
    world.follow()
    assert photos.picture(first.id, given_to_staff)
    world.now = datetime.now(world.now.tzinfo) + timedelta(days=4)
    world.follow()
    assert not list((world.journal_folder / "photos").iterdir())
