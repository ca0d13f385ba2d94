"""Measure the web app with a million made photos: sliders, facets, the first page, many people.

    uv run --extra mongod python benchmarks/web.py --workspace /tmp/made-million
    uv run --extra mongod python benchmarks/web.py --workspace /tmp/few --photos 100000

The photos are made once and kept in the workspace: documents in a managed MongoDB, scores of three
concepts, and some thousand different small JPEG files that they share. `sis serve` answers in a
process of its own. The browser is Debian's Chromium, headless, 1440 by 900: a slider is moved by
the mouse, and the clock runs from the page's `input` event until the count and all 64 thumbnails in
the document are others than before. `--no-streamlit` leaves out the same gallery in Streamlit,
which is installed into an environment that is thrown away afterwards.
"""

import argparse
import asyncio
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
from made_photos import fill
from playwright.async_api import Browser, Page, async_playwright
from web_clients import drag_together
from web_pictures import make_pictures
from web_streamlit import measure_streamlit

from smart_image_scraper.store.mongod import ManagedMongod

SIDEBAR = (
    "histograms,country,term,license,camera,year,review,views_histogram,signal,disagrees,duplicates"
)
PAGE = "grid=8&show=&order=score-up:monkey&with-file=1"

WATCH = """() => {
  window.moved = [];
  const cards = () => [...document.querySelectorAll("[data-photo]")];
  const count = () => document.querySelector("[data-count]")?.dataset.count;
  let begun = null, before = null, counted = null;
  addEventListener("input", () => {
    if (begun !== null) return;
    begun = performance.now();
    before = new Set(cards().map((card) => card.dataset.photo));
    counted = count();
  }, { capture: true });
  new MutationObserver(() => {
    if (begun === null || count() === counted) return;
    const now = cards(), pictures = now.map((card) => card.querySelector("img[src]"));
    if (now.length < 64 || now.some((card) => before.has(card.dataset.photo))) return;
    if (pictures.some((picture) => !picture)) return;
    const took = performance.now() - begun, clock = performance.now();
    begun = null;
    Promise.all(pictures.map((each) => each.decode())).then(
      () => window.moved.push([took, took + performance.now() - clock]));
  }).observe(document.body, { childList: true, subtree: true, attributes: true });
}"""


@contextmanager
def served(workspace: Path) -> Iterator[tuple[str, psutil.Process]]:
    """Serve a workspace, and return its address and the process."""
    process = subprocess.Popen(
        [sys.executable, "-m", "smart_image_scraper", "serve", "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"SIS_WORKSPACE": str(workspace), "SIS_DB": ""},
    )
    assert process.stdout is not None
    try:
        address = process.stdout.readline().removeprefix("serve: ").strip()
        yield address, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(60)


def read(address: str) -> Any:  # noqa: ANN401 — whatever JSON holds
    """Return what the API answers."""
    with urllib.request.urlopen(address, timeout=120) as reply:
        return json.load(reply)


def measure_build(workspace: Path, *, photos: int) -> None:
    """Print how long a snapshot takes, and its size, from nothing and from what is on the disk."""
    for how in ("from nothing", "from the disk"):
        if how == "from nothing":
            shutil.rmtree(workspace / "web", ignore_errors=True)
        with served(workspace) as (address, process):
            begin, most = time.perf_counter(), 0
            built = searchable = 0.0
            while not searchable:
                state = read(f"{address}/api/state")
                most = max(most, process.memory_info().rss)
                now = time.perf_counter() - begin
                if not built and state["photos"] == photos and not state["loading"]:
                    built = now
                searchable = now if built and state["texts"] >= 1 else 0.0
                time.sleep(0.05)
            used, busy = process.memory_full_info(), sum(process.cpu_times()[:2])
        disk = sum(path.stat().st_size for path in (workspace / "web").rglob("*") if path.is_file())
        print(
            f"snapshot {how}: {built:.1f} s, texts searchable after {searchable:.1f} s, of them "
            f"{busy:.1f} s of CPU; "
            f"memory at most {most / 1e6:.0f} MB, then {used.uss / 1e6:.0f} MB of its own; "
            f"{disk / 1e6:.0f} MB on disk"
        )


def measure_server(address: str, process: psutil.Process) -> None:
    """Print how long the server takes for counts while a slider moves."""
    cases = {
        "all of the sidebar": f"only={SIDEBAR}",
        "histograms alone, as in a drag": "only=histograms",
        "all of the sidebar, five countries": f"only={SIDEBAR}"
        + "".join(f"&country={code}" for code in ("ID", "PH", "MY", "TH", "JP")),
    }
    for name, words in cases.items():
        read(f"{address}/api/facets?{words}")
        busy = sum(process.cpu_times()[:2])
        took = []
        for step in range(5, 85, 2):
            begin = time.perf_counter()
            read(f"{address}/api/facets?score=monkey%3E%3D{step / 100}&{words}")
            took.append(1000 * (time.perf_counter() - begin))
        busy = (sum(process.cpu_times()[:2]) - busy) / len(took) * 1000
        print(f"facets, {name}: {spread(took)}, CPU {busy:.0f} ms each")


def measure_thumbnails(address: str, workspace: Path) -> None:
    """Print how long a page's thumbnails take that are there, while others' are made or not."""
    for path in (workspace / "thumbs").rglob("*-640.jpg"):
        path.unlink()
    pages = [
        [
            card["id"]
            for card in read(f"{address}/api/photos?limit=256&with-file=1&page={page}")["photos"]
        ]
        for page in range(1, 14)
    ]
    there, others = pages[0][:64], iter(pages[1:])
    post = posting(address)
    print(f"64 thumbnails that are there: {spread([timed(post, there) for _ in range(20)])}")
    took = []
    for four in zip(others, others, others, others, strict=False):
        with ThreadPoolExecutor(4) as people:
            made = [people.submit(post, ids, edge=640) for ids in four]
            time.sleep(0.1)
            took.append(timed(post, there))
            wait(made)
    print(f"the same while four times 256 others are being made: {spread(took)}")


def timed(post: Callable[..., bytes], ids: Sequence[str]) -> float:
    """Return how many milliseconds thumbnails take."""
    begin = time.perf_counter()
    post(ids, edge=320)
    return 1000 * (time.perf_counter() - begin)


def posting(address: str) -> Callable[..., bytes]:
    """Return what asks for thumbnails, as the page does."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    with opener.open(f"{address}/api/session") as reply:
        token = json.load(reply)["csrf"]

    def post(ids: Sequence[str], *, edge: int) -> bytes:
        headers = {"X-SIS-CSRF": token, "Origin": address, "Content-Type": "application/json"}
        body = json.dumps({"ids": ids, "edge": edge}).encode()
        request = urllib.request.Request(f"{address}/api/thumbs", body, headers)
        with opener.open(request, timeout=120) as reply:
            content: bytes = reply.read()
            return content

    return post


def spread(milliseconds: Sequence[float]) -> str:
    """Return the median and the 95th percentile in words."""
    ordered = sorted(milliseconds)
    p95 = ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))]
    return (
        f"median {statistics.median(ordered):.0f} ms, p95 {p95:.0f} ms, "
        f"least {ordered[0]:.0f} ms (n={len(ordered)})"
    )


async def measure_page(address: str, *, moves: int) -> None:
    """Print how long the first page and each step of a slider take in the browser."""
    async with async_playwright() as player:
        browser = await player.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        first = [await first_page(browser, address) for _ in range(5)]
        print(f"first page, 64 thumbnails decoded: {spread(first)}")
        page = await browser.new_page(viewport={"width": 1440, "height": 900})
        await page.goto(f"{address}/?{PAGE}")
        await page.locator("[data-photo] img[src]").nth(63).wait_for()
        await page.evaluate(WATCH)
        took = await move(page, moves=moves)
        print(f"slider to 64 new thumbnails in the document: {spread([each[0] for each in took])}")
        print(f"slider to all 64 decoded: {spread([each[1] for each in took])}")
        await browser.close()


async def first_page(browser: Browser, address: str) -> float:
    """Return how long a new visitor waits for 64 thumbnails, in ms."""
    context = await browser.new_context(viewport={"width": 1440, "height": 900})
    page = await context.new_page()
    begin = time.perf_counter()
    await page.goto(f"{address}/?{PAGE}", wait_until="commit")
    await page.wait_for_function(
        "() => { const all = [...document.querySelectorAll('[data-photo] img')];"
        " return all.length >= 64 && all.every((each) => each.complete && each.naturalWidth); }"
    )
    took = 1000 * (time.perf_counter() - begin)
    await context.close()
    return took


async def move(page: Page, *, moves: int) -> list[list[float]]:
    """Move the slider step by step, each once the one before is drawn."""
    handle = page.get_by_role("slider", name="monkey, at least")
    box = await handle.bounding_box()
    assert box is not None
    height = box["y"] + box["height"] / 2
    await page.mouse.move(box["x"] + 8, height)
    await page.mouse.down()
    for step in range(moves):
        # There and back over the left half, where photos are many.
        share = 0.06 + 0.5 * abs((2 * step / moves) % 2 - 1)
        await page.wait_for_timeout(350)  # a drag draws the gallery at most every 300 ms
        await page.mouse.move(box["x"] + share * box["width"], height)
        await page.wait_for_function("(n) => window.moved.length > n", arg=step)
    await page.mouse.up()
    return await page.evaluate("window.moved")


def prepare(workspace: Path, *, photos: int) -> list[dict[str, Any]]:
    """Make the pictures, and the photos where they are not there yet."""
    workspace.mkdir(parents=True, exist_ok=True)
    files = make_pictures(workspace)
    done = workspace / f"{photos}.made"
    if not done.exists():
        begin = time.perf_counter()
        with ManagedMongod(workspace / "db") as uri:
            fill(uri, photos=photos, files=files)
        done.touch()
        print(f"made {photos:,} photos in {time.perf_counter() - begin:.0f} s")
    return files


def main() -> None:
    """Measure all of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=int, default=1_000_000)
    parser.add_argument("--workspace", type=Path, required=True)
    parser.add_argument("--moves", type=int, default=40)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--no-build", dest="build", action="store_false", help="use what is there")
    parser.add_argument("--no-streamlit", dest="streamlit", action="store_false")
    options = parser.parse_args()
    files = prepare(options.workspace, photos=options.photos)
    print(f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores")
    if options.build:
        measure_build(options.workspace, photos=options.photos)
    with served(options.workspace) as (address, process):
        wait_until(lambda: read(f"{address}/api/state")["texts"] >= 1)
        measure_server(address, process)
        measure_thumbnails(address, options.workspace)
        asyncio.run(measure_page(address, moves=options.moves))
        asyncio.run(drag_together(address, clients=options.clients))
    if options.streamlit:
        thumbs = options.workspace / "thumbs"
        measure_streamlit(files, thumbs=thumbs, photos=options.photos, spread=spread)
    print(f"load {os.getloadavg()[0]:.1f}")


def wait_until(holds: Callable[[], bool]) -> None:
    """Wait for what is under way."""
    while not holds():
        time.sleep(0.2)


if __name__ == "__main__":
    main()
