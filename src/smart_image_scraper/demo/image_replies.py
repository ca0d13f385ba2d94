"""Demo: replies of the image host."""

import io
from functools import lru_cache

from aiohttp import web
from PIL import Image, ImageDraw

from smart_image_scraper.demo.pictures import Missing, Picture
from smart_image_scraper.demo.spoiling import PLACEHOLDER_PATH


def image_reply(picture: Picture | Missing) -> web.Response:
    """Return a file with the headers of a recorded reply, or the reply for a missing one."""
    if picture is Missing.WRONG_ADDRESS:
        return web.Response(status=302, headers={"Location": PLACEHOLDER_PATH})
    if not isinstance(picture, Picture):
        return web.Response(status=404, content_type="text/html", charset="utf-8")
    headers = {
        "ETag": f'"{picture.digest}.1"',
        "Cache-Control": "public, max-age=31536000",
        "Access-Control-Allow-Origin": "*",
        "imagewidth": str(picture.width),
        "imageheight": str(picture.height),
    }
    if picture.robots:
        headers["X-Robots-Tag"] = picture.robots
    return web.Response(body=picture.body, content_type=picture.media_type, headers=headers)


@lru_cache(maxsize=1)
def placeholder_gif() -> bytes:
    """Draw the picture that says that there is none."""
    # The old one was a GIF of this size that said that the photo is no longer available.
    image = Image.new("P", (500, 374), 0)
    image.putpalette([238, 238, 238, 120, 120, 120])
    ImageDraw.Draw(image).text((150, 180), "This photo is no longer available", fill=1)
    file = io.BytesIO()
    image.save(file, "GIF")
    return file.getvalue()
