"""The same gallery in Streamlit: a slider of scores, the count, and 64 photos."""

import asyncio
import json
import os
import shutil
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from playwright.async_api import Page, async_playwright

from smart_image_scraper.pipeline.thumbnails import thumbnail_of

PORT = 8599
MOVES = 20

APP = """
import json, numpy as np, streamlit as st
st.set_page_config(layout="wide")

@st.cache_resource
def loaded():
    made = json.load(open("made.json"))
    random = np.random.default_rng(1)
    return random.random(made["photos"], dtype=np.float32), made["thumbs"]

scores, thumbs = loaded()
least, most = st.sidebar.slider("monkey", 0.0, 1.0, (0.0, 1.0), 0.01)
matching = np.flatnonzero((scores >= least) & (scores <= most))
st.markdown(f"**{len(matching):,} photos**")
page = matching[np.argsort(scores[matching], kind="stable")[:64]] if len(matching) < 2000 else \\
    matching[np.argpartition(scores[matching], 64)[:64]]
for row in range(8):
    for column, photo in zip(st.columns(8), page[row * 8 : row * 8 + 8]):
        column.image(thumbs[photo % len(thumbs)])
"""

WATCH = """() => {
  window.moved = [];
  const shown = () => [...document.querySelectorAll(".stImage img")].map((each) => each.src);
  let begun = null, before = [];
  const released = () => { [begun, before] = [performance.now(), shown()]; };
  addEventListener("keydown", released, { capture: true });
  new MutationObserver(() => {
    if (begun === null) return;
    const now = shown();
    if (now.length < 64 || now.filter((each, place) => each !== before[place]).length < 63) return;
    window.moved.push(performance.now() - begun);
    begun = null;
  }).observe(document.body, { childList: true, subtree: true, attributes: true });
}"""


def measure_streamlit(
    files: Sequence[dict[str, Any]],
    *,
    thumbs: Path,
    photos: int,
    spread: Callable[[Sequence[float]], str],
) -> None:
    """Print how long Streamlit takes from a step of the slider to 64 other photos."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        python = place / "venv" / "bin" / "python"
        _uv("venv", "--quiet", str(place / "venv"))
        _uv("pip", "install", "--quiet", "--python", str(python), "streamlit", "numpy")
        paths = [str(thumbs / thumbnail_of(file["path"], edge=160)) for file in files]
        (place / "made.json").write_text(json.dumps({"photos": photos, "thumbs": paths}))
        (place / "app.py").write_text(APP)
        options = ("--server.port", str(PORT), "--server.headless", "true")
        process = subprocess.Popen(
            [str(python), "-m", "streamlit", "run", "app.py", *options],
            cwd=place,
            stdout=subprocess.DEVNULL,
        )
        try:
            _wait_for_health()
            version = subprocess.run(
                [str(python), "-c", "import streamlit; print(streamlit.__version__)"],
                capture_output=True,
                text=True,
                check=True,
            ).stdout.strip()
            took = asyncio.run(_moved())
        finally:
            process.terminate()
            process.wait(30)
    print(f"Streamlit {version}, a step of the slider to 64 new photos: {spread(took)}")


def _uv(*arguments: str) -> None:
    # `uv run` says where it is.
    subprocess.run([os.environ.get("UV", "uv"), *arguments], check=True)


def _wait_for_health() -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/_stcore/health", timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError("streamlit does not start")


async def _moved() -> list[float]:
    async with async_playwright() as player:
        browser = await player.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = await browser.new_page(viewport={"width": 1440, "height": 900})
        await page.goto(f"http://127.0.0.1:{PORT}")
        await page.locator(".stImage img").nth(63).wait_for(timeout=60_000)
        await page.evaluate(WATCH)
        took = [await _move(page, move) for move in range(MOVES)]
        await browser.close()
        return took


async def _move(page: Page, move: int) -> float:
    """Move the left handle by a step with the keyboard, and return what it took."""
    await page.wait_for_timeout(500)
    await page.get_by_role("slider").first.press("ArrowRight")
    await page.wait_for_function("(n) => window.moved.length > n", arg=move)
    return float((await page.evaluate("window.moved"))[move])
