"""A process of its own that makes a plain picture of whatever somebody sent; it is run, not imported, by `photos`.

It may use little memory and little time, opens no file and has nothing of the installation: a picture made to burst a
decoder ends this process and nothing else. Read from standard input; `width (4) | height (4) | JPEG` on standard output.
What a camera writes beside the points (place, time, owner) is not carried over: only the points are.
"""

import io
import json
import resource
import struct
import sys
import warnings

from PIL import Image, ImageFilter, ImageOps

MOST_POINTS = 64_000_000
MEMORY = 1024 * 1024 * 1024
SECONDS = 20
SIDE = 1600
"""Of the picture that is made, at most."""
SIZE = struct.Struct(">II")


def bare(content: bytes, regions: list[tuple[float, float, float, float]]) -> tuple[int, int, bytes]:
    """Width, height and JPEG of the picture, with each region made unknowable.

    A region is four shares of width and height: left, top, width, height.
    """
    Image.MAX_IMAGE_PIXELS = MOST_POINTS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as sent:
        sent.draft("RGB", (SIDE, SIDE))
        turned = ImageOps.exif_transpose(sent)
        turned.thumbnail((SIDE, SIDE))
        points = turned.convert("RGBA")
    plain = Image.new("RGB", points.size, "white")
    plain.paste(points, mask=points.getchannel("A"))
    for region in regions:
        _blur(plain, region)
    out = io.BytesIO()
    plain.save(out, "JPEG", quality=82, optimize=True, progressive=True)
    return plain.width, plain.height, out.getvalue()


def _blur(picture: Image.Image, region: tuple[float, float, float, float]) -> None:
    """A few large squares, then softened: what they were made of can't be worked out from them."""
    left, top, width, height = region
    box = (
        max(0, int(left * picture.width)), max(0, int(top * picture.height)),
        min(picture.width, int((left + width) * picture.width) + 1), min(picture.height, int((top + height) * picture.height) + 1),
    )  # fmt: skip
    if box[2] <= box[0] or box[3] <= box[1]:
        return
    part = picture.crop(box)
    coarse = part.resize((min(6, part.width), min(6, part.height)), Image.Resampling.BOX)
    part = coarse.resize(part.size, Image.Resampling.NEAREST).filter(ImageFilter.GaussianBlur(max(part.size) / 10))
    picture.paste(part, box[:2])


def main() -> int:
    """Limits first, then the picture; 3 where it is none."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        regions = [tuple(region) for region in json.loads(sys.argv[1])]
        width, height, picture = bare(sys.stdin.buffer.read(), regions)
    except Exception:  # noqa: BLE001 (whatever it is, it is no picture for us)
        return 3
    sys.stdout.buffer.write(SIZE.pack(width, height) + picture)
    return 0


if __name__ == "__main__":
    sys.exit(main())
