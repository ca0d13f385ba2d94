"""Take the manual's pictures of the app anew, from the demo as it is served.

    sis demo --serve
    uv run python tools/web_pictures.py http://127.0.0.1:8000

Titles in the demo are in many scripts, and some hold emoji: what this machine has no font for is a
box in the pictures. On Debian, ``fonts-noto-color-emoji``, ``fonts-noto-cjk`` and
``fonts-lohit-deva`` have them all.
"""

import argparse
import asyncio
import shutil
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.async_api import async_playwright

IMAGES = Path(__file__).parents[1] / "docs/images"
SIZE = {"width": 1120, "height": 620}
PICTURES = {
    "gallery": ("order=views&score=monkey>=0.5&score=cage<=0.2", "[data-photo] img[src]"),
    "map": ("view=map", ".map-count"),
}
"""By name, the words of the page's address, and what is there once it is drawn."""

_SETTLED_MS = 1500


async def take(address: str) -> None:
    """Write each picture in few colours, which makes it a third as large."""
    async with async_playwright() as player:
        browser = await player.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        for name, (words, shown) in PICTURES.items():
            page = await browser.new_page(viewport=SIZE, color_scheme="light")
            await page.goto(f"{address}/?{words}")
            await page.locator(shown).first.wait_for()
            await page.wait_for_timeout(_SETTLED_MS)
            image = Image.open(BytesIO(await page.screenshot())).convert("RGB")
            few = image.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
            few.save(IMAGES / f"{name}.png", optimize=True)
            print(f"{IMAGES / name}.png")
            await page.close()
        await browser.close()


def main() -> None:
    """Take them all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address", help="where the demo is served")
    asyncio.run(take(parser.parse_args().address))


if __name__ == "__main__":
    main()
