"""Serve photos from memory on loopback, each request's a little different, with added latency.

    python benchmarks/photo_server.py --photos FOLDER --latency 0.08

prints its port and serves ``/<number>.jpg`` until its standard input closes. The number picks the
photo and stands in a comment of the JPEG, so that no two files are equal and none is written once
for all.

Latency is added as a network adds it: one round trip for each request, and one more for the first
request of a connection, which stands for opening it (``--no-handshake`` leaves that out).
"""

import argparse
import asyncio
import io
import random
import sys
from pathlib import Path

from aiohttp import web
from PIL import Image

START_OF_IMAGE = 2


def read_photos(folder: Path | None) -> list[bytes]:
    """Read the JPEGs of a folder, or make some of about the real ones' sizes."""
    if folder is not None:
        return [path.read_bytes() for path in sorted(folder.glob("*.jpg"))]
    return [_made(number) for number in range(40)]


def numbered(photo: bytes, number: int) -> bytes:
    """Return a JPEG with a number in a comment behind its start."""
    comment = b"\xff\xfe\x00\x0a" + number.to_bytes(8, "big")
    return photo[:START_OF_IMAGE] + comment + photo[START_OF_IMAGE:]


def _made(number: int) -> bytes:
    edge = (800, 1024, 1024, 2048)[number % 4]
    grain = random.Random(number).randbytes(3 * (edge // 8) ** 2)
    image = Image.frombytes("RGB", (edge // 8, edge // 8), grain)
    image = image.resize((edge, edge * 3 // 4), Image.Resampling.BICUBIC)
    file = io.BytesIO()
    image.save(file, "JPEG", quality=92)
    return file.getvalue()


async def serve(photos: list[bytes], *, latency_s: float, handshake: bool) -> None:
    """Serve until standard input closes."""
    opened: set[object] = set()

    async def answer(request: web.Request) -> web.Response:
        number = int(request.match_info["number"])
        is_new = handshake and request.protocol not in opened
        opened.add(request.protocol)
        await asyncio.sleep(2 * latency_s if is_new else latency_s)
        body = numbered(photos[number % len(photos)], number)
        return web.Response(body=body, content_type="image/jpeg")

    app = web.Application()
    app.router.add_get("/{number}.jpg", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=512).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


def main() -> None:
    """Read the options and serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=Path)
    parser.add_argument("--latency", type=float, default=0)
    parser.add_argument("--no-handshake", action="store_true")
    options = parser.parse_args()
    photos, handshake = read_photos(options.photos), not options.no_handshake
    asyncio.run(serve(photos, latency_s=options.latency, handshake=handshake))


if __name__ == "__main__":
    main()
