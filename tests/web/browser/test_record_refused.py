"""Where a tab cannot be recorded: on plain http, and where the person says no."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Route, expect

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.parametrize("size", ["wide"]),
]

Visit = Callable[..., Awaitable[Any]]


async def test_on_plain_http_it_says_where_browsers_record(visit: Visit, demo: Any) -> None:
    elsewhere = "http://photos.test"
    # Of plain http Chromium says what it does not do there; what is under way at the end fails.
    forgiving = ("Cross-Origin-Opener-Policy", f"another host: {elsewhere}/", "net::ERR_")
    window = await visit(demo, forgiving=forgiving)

    async def forward(route: Route) -> None:
        address = route.request.url.replace(elsewhere, demo.address)
        headers = {**route.request.headers, "origin": demo.address}
        await route.fulfill(response=await route.fetch(url=address, headers=headers))

    await window.page.context.route(f"{elsewhere}/**", forward)
    await window.goto(elsewhere)
    await window.keep_notes()
    await window.get_by_role("button", name="Record this tab").click()

    await expect(window.locator(".note")).to_contain_text("Browsers record only on https")


async def test_where_it_may_not_record_the_page_says_so(visit: Visit, demo: Any) -> None:
    window = await visit(demo, forgiving=("Permissions policy violation",))

    async def refuse(route: Route) -> None:
        reply = await route.fetch()
        refused = reply.headers | {"permissions-policy": "display-capture=()"}
        await route.fulfill(response=reply, headers=refused)

    await window.page.context.route(f"{demo.address}/", refuse)
    await window.goto(f"{demo.address}/")
    await window.keep_notes()
    await window.get_by_role("button", name="Record this tab").click()

    await expect(window.locator(".note")).to_contain_text("Nothing is recorded")
    await expect(window.get_by_role("button", name="Record this tab")).to_be_visible()
