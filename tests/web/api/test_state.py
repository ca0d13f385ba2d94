"""It stays up, and says what is wrong."""

import shutil
from dataclasses import replace
from typing import Any

import httpx

from smart_image_scraper.web import create_app
from smart_image_scraper.web.access import Access, Hosts
from smart_image_scraper.web.library import Library

CURATOR, VIEWER = "the curators' password", "the viewers' password"


async def test_all_is_well(ann: Any) -> None:
    health = await ann.json("/healthz")
    state = await ann.json("/api/state")

    assert health == {"status": "ok", "problems": []}
    assert (state["photos"], state["problems"], state["loading"]) == (4, [], False)


async def test_an_empty_workspace_is_shown_as_one(empty: Any, opened: Any, visit: Any) -> None:
    async with visit(opened(empty)) as visitor:
        schema = await visitor.json("/api/schema")
        photos = await visitor.json("/api/photos")
        page = await visitor.get("/")

    assert (schema["empty"], schema["photos"]) == (True, 0)
    assert (photos["matching"], photos["photos"]) == (0, [])
    assert page.status_code == 200


async def test_with_the_database_down_from_the_start_it_says_so(
    setting: Any, opened: Any, visit: Any
) -> None:
    setting.is_down = True

    async with visit(opened(setting)) as visitor:
        health = await visitor.json("/healthz")
        photos = await visitor.json("/api/photos")
        page = await visitor.get("/")
        one = await visitor.get("/api/photos/flickr:1")
        added = await visitor.post(
            "/api/reviews", {"reviews": [{"photo": "flickr:1", "verdict": "accept"}]}
        )

    assert health["status"] == "degraded"
    assert health["problems"] == ["no database answers at made; see that it runs"]
    assert photos["photos"] == []
    assert page.status_code == 200
    assert (one.status_code, added.status_code) == (503, 503)
    assert one.json() == {"error": "no database answers at made; see that it runs"}


async def test_a_database_that_goes_down_leaves_what_was_loaded(ann: Any, setting: Any) -> None:
    setting.is_down = True
    ann.client._transport.app.state.served.store.doubt()

    photos = await ann.json("/api/photos")
    shown = await ann.get("/media/flickr:1/320")
    health = await ann.json("/healthz")

    assert photos["matching"] == 4
    assert shown.status_code == 200
    assert health["status"] == "degraded"


async def test_a_database_that_comes_back_is_found(setting: Any, opened: Any, visit: Any) -> None:
    setting.is_down = True
    app = opened(setting)
    served = app.state.served
    served.store._clock = lambda: served.store._failed_at + 60

    setting.is_down = False
    served.library.refresh()

    async with visit(app) as visitor:
        assert (await visitor.json("/api/photos"))["matching"] == 4
        assert (await visitor.json("/healthz"))["status"] == "ok"


async def test_missing_keys_are_said_where_something_is_sealed(
    setting: Any, opened: Any, visit: Any
) -> None:
    setting.has_keys = False

    async with visit(opened(setting)) as visitor:
        health = await visitor.json("/healthz")

    (problem,) = health["problems"]
    assert problem.startswith("personal fields stay closed: opening personal fields takes the keys")


async def test_without_keys_nothing_is_said_where_nothing_is_sealed(
    empty: Any, opened: Any, visit: Any
) -> None:
    empty.has_keys = False

    async with visit(opened(empty)) as visitor:
        assert (await visitor.json("/healthz"))["problems"] == []


async def test_deleted_files_are_said_to_be_missing(setting: Any, opened: Any, visit: Any) -> None:
    shutil.rmtree(setting.workspace / "files")

    async with visit(opened(setting)) as visitor:
        health = await visitor.json("/healthz")
        photos = await visitor.json("/api/photos")

    (problem,) = health["problems"]
    assert problem.startswith("of 3 photos that were looked at, 3 have no file in ")
    assert photos["matching"] == 4


async def test_one_deleted_file_is_one(setting: Any, opened: Any, visit: Any) -> None:
    first, *_ = sorted(path for path in (setting.workspace / "files").rglob("*") if path.is_file())
    first.unlink()

    async with visit(opened(setting)) as visitor:
        (problem,) = (await visitor.json("/healthz"))["problems"]

    assert problem.startswith("of 3 photos that were looked at, 1 has no file in ")


async def test_a_wrong_address_is_answered_by_a_page_to_people_and_by_json_to_programs(
    ann: Any,
) -> None:
    reading = {"Accept": "text/html,*/*"}

    page = await ann.get("/no/such/<b>page</b>", headers=reading)
    photo = await ann.get("/media/flickr:999/full", headers=reading)
    program = await ann.get("/no/such/page")

    assert [each.status_code for each in (page, photo, program)] == [404, 404, 404]
    assert page.headers["content-type"].startswith("text/html")
    assert "There is nothing at this address" in page.text
    assert "<b>" not in page.text
    assert "There is no photo &#39;flickr:999&#39; here." in photo.text
    assert program.json() == {"error": "Not Found"}


async def test_what_is_wrong_is_told_to_curators_and_that_something_is_to_viewers(
    setting: Any, opened: Any, visit: Any, passwords: Any
) -> None:
    setting.passwords = passwords
    shutil.rmtree(setting.workspace / "files")

    async with visit(opened(setting)) as visitor:
        strangers = await visitor.json("/healthz")
        await visitor.log_in(VIEWER)
        viewers = [await visitor.json(path) for path in ("/healthz", "/api/state", "/api/schema")]
        await visitor.post("/logout")
        await visitor.log_in(CURATOR)
        curators = await visitor.json("/healthz")

    assert strangers == {"status": "degraded", "problems": []}
    assert {tuple(each["problems"]) for each in viewers} == {
        ("something is missing or broken here; those who may judge photos see what it is",)
    }
    (problem,) = curators["problems"]
    assert str(setting.workspace / "files") in problem


async def test_a_fault_of_the_program_is_no_page_with_its_insides(
    setting: Any, opened: Any
) -> None:
    app = opened(setting)

    @app.get("/api/fault")
    async def fault() -> None:
        raise AssertionError("with a secret")

    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        reply = await client.get("/api/fault")

    assert reply.status_code == 500
    assert reply.json() == {"error": "this is a fault of the program; its output has the details"}
    assert reply.headers["content-security-policy"].startswith("default-src 'none'")


async def test_a_store_that_fails_in_the_middle_is_looked_for_again(ann: Any, setting: Any) -> None:
    await ann.json("/api/photos/flickr:1")
    setting.store.close()
    setting.is_down = True

    first = await ann.get("/api/photos/flickr:1")
    second = await ann.get("/api/photos/flickr:1")

    assert (first.status_code, second.status_code) == (503, 503)
    assert second.json() == {"error": "no database answers at made; see that it runs"}


async def test_whoever_comes_first_waits_until_the_photos_are_loaded(
    setting: Any, visit: Any
) -> None:
    app = create_app(setting.served(refreshed=False), access=Access(hosts=Hosts(bound="127.0.0.1")))

    async with app.router.lifespan_context(app), visit(app) as visitor:
        photos = await visitor.json("/api/photos")
        schema = await visitor.json("/api/schema")

    assert photos["matching"] == 4
    assert (schema["empty"], schema["loading"]) == (False, False)


class FaultyLibrary(Library):
    """A library with a fault."""

    def refresh(self) -> None:
        raise AssertionError("with a secret")


async def test_a_fault_while_the_store_is_read_is_told_and_the_page_stays_up(
    setting: Any, visit: Any, caplog: Any
) -> None:
    served = setting.served(refreshed=False)
    served.library.close()
    faulty = replace(served, library=FaultyLibrary(served.store, setting.workspace))
    app = create_app(faulty, access=Access(hosts=Hosts(bound="127.0.0.1")))

    async with app.router.lifespan_context(app), visit(app) as visitor:
        photos = await visitor.json("/api/photos")
        health = await visitor.json("/healthz")

    assert photos["matching"] == 0
    (problem,) = health["problems"]
    assert problem.startswith("the photos could not be read from the database by a fault of the")
    assert "with a secret" not in problem
    assert "with a secret" in caplog.text
