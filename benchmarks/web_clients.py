"""People who drag sliders at the same time, each as the page does it: one request in flight."""

import asyncio
import json
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from random import Random

import aiohttp

STEPS = 25
GALLERY_EVERY_S = 0.3
AN_EVENT_S = 1 / 60


async def drag_together(address: str, *, clients: int) -> None:
    """Print how long people wait for each answer while all of them drag."""
    took: dict[str, list[float]] = defaultdict(list)
    failed: Counter[str] = Counter()
    connector = aiohttp.TCPConnector(limit=0)
    jar = aiohttp.CookieJar(unsafe=True)  # cookies of a bare address, too
    async with aiohttp.ClientSession(address, connector=connector, cookie_jar=jar) as session:
        token = (await (await session.get("/api/session")).json())["csrf"]
        headers = {"X-SIS-CSRF": token, "Origin": address}
        begin = time.perf_counter()
        people = (
            _drag(session, headers=headers, took=took, failed=failed, random=Random(number))
            for number in range(clients)
        )
        await asyncio.gather(*people)
    seconds = time.perf_counter() - begin
    answers = sorted(each for kind in took.values() for each in kind)
    print(
        f"{clients} people dragging at once: {len(answers)} answers in {seconds:.1f} s, errors "
        f"{sum(failed.values())} {dict(failed) or ''}; {_spread(answers)}"
    )
    for path, kind in took.items():
        print(f"  {path}: {_spread(sorted(kind))}")


def _spread(ordered: list[float]) -> str:
    p95 = ordered[round(0.95 * (len(ordered) - 1))]
    return (
        f"median {statistics.median(ordered):.0f} ms, p95 {p95:.0f} ms, most {ordered[-1]:.0f} ms"
    )


async def _drag(
    session: aiohttp.ClientSession,
    *,
    headers: dict[str, str],
    took: dict[str, list[float]],
    failed: Counter[str],
    random: Random,
) -> None:
    """Drag one slider over half of its way: counts at each step, the gallery now and then."""
    concept, least = random.choice(("monkey", "cage", "zoo")), random.random() / 3
    drawn = 0.0

    async def ask(method: str, path: str, **options: object) -> bytes:
        begin = time.perf_counter()
        async with session.request(method, path, headers=headers, **options) as reply:  # type: ignore[arg-type]
            content = await reply.read()
        took[path.partition("?")[0]].append(1000 * (time.perf_counter() - begin))
        if not reply.ok:
            failed[f"{reply.status} {path}"] += 1
        return content

    for step in range(STEPS):
        words = f"score={concept}>={least + step / 60:.2f}"
        await ask("GET", f"/api/facets?{words}&only=histograms")
        if time.perf_counter() - drawn > GALLERY_EVERY_S:
            drawn = time.perf_counter()
            await _draw(ask, words)
        await asyncio.sleep(AN_EVENT_S)


async def _draw(ask: Callable[..., Awaitable[bytes]], words: str) -> None:
    page = json.loads(await ask("GET", f"/api/photos?{words}&order=score:cage&limit=64"))
    ids = [card["id"] for card in page.get("photos", ())]
    if ids:
        await ask("POST", "/api/thumbs", json={"ids": ids, "edge": 160})
