"""Personal fields: to curators with the keys, in two places; to nobody else, anywhere."""

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

SECRET = "Secret-of-Jane"

# What path parameters may be, and what is sent to routes that take something. A new route with
# other ones fails the test until it is told how to call it.
PARAMETERS = {
    "photo_id": ("flickr:1", "flickr:2", "flickr:3"),
    "size": ("160", "320", "640", "1280", "full"),
    "revision": ("x",),
    "name": ("js/main.js",),
}
WORD = {"photo": "flickr:1", "verdict": "accept", "concept": None}
SENT: dict[str, Any] = {
    "/api/thumbs": {"ids": ["flickr:1", "flickr:2"], "edge": 640},
    "/api/reviews": {"reviews": [WORD]},
    "/api/reviews/matching": {"filter": "", "verdict": "accept", "concept": None, "expected": 4},
    "/api/train": {"concept": "monkey"},
    "/api/reload": None,
    "/login": None,
    "/logout": None,
}
QUERIES = (
    *("", "?personal=1", "?personal=true&format=csv", "?personal=1&format=json-lines"),
    *("?format=json-lines", f"?text={SECRET}", "?concept=monkey", "?id=flickr:1&gone=&with-file=1"),
)


def calls(app: FastAPI) -> Iterator[tuple[str, str]]:
    """Return the method and path of every call of every route."""
    for route in routes(app):
        names = list(route.param_convertors)
        for values in itertools.product(*(PARAMETERS[name] for name in names)):
            path = route.path_format.format(**dict(zip(names, values, strict=True)))
            for method in sorted(route.methods):
                yield method, path


def routes(app: FastAPI) -> list[APIRoute]:
    found = [route for route in every_route(app.routes) if isinstance(route, APIRoute)]
    assert len(found) > 20
    return found


def every_route(some: Any) -> Iterator[Any]:
    for route in some:
        router = getattr(route, "original_router", None)
        yield from every_route(router.routes) if router is not None else [route]


async def replies(visitor: Any, app: FastAPI) -> dict[tuple[str, str], tuple[int, bytes]]:
    """Call every route, and return its answers."""
    found = {}
    for method, path in calls(app):
        if method == "GET":
            for query in QUERIES:
                reply = await visitor.get(f"{path}{query}")
                found[method, f"{path}{query}"] = (reply.status_code, reply.content)
        elif path not in {"/login", "/logout"}:
            reply = await visitor.post(path, SENT[path])
            found[method, path] = (reply.status_code, reply.content)
    return found


async def test_no_route_gives_a_viewer_anything_personal(viewer: Any, guarded: FastAPI) -> None:
    answered = await replies(viewer, guarded)

    told = {call for call, (_, content) in answered.items() if SECRET.encode() in content}
    assert {call for call in told if SECRET not in call[1]} == set()
    assert answered["GET", "/api/photos/flickr:1"][0] == 200
    assert answered["GET", "/media/flickr:1/full"][0] == 200
    assert answered["GET", "/api/export"][0] == 200
    assert answered["GET", "/api/export?personal=1"][0] == 403


async def test_nobody_gets_anything_without_a_login(stranger: Any, guarded: FastAPI) -> None:
    for method, path in calls(guarded):
        if path.startswith(("/login", "/healthz", "/static/")):
            continue

        refused = await stranger.client.request(method, path)

        assert refused.status_code in {303, 401}, path
        assert SECRET.encode() not in refused.content


async def test_the_curator_gets_it_in_the_photo_the_file_and_the_export_that_asks(
    curator: Any, guarded: FastAPI
) -> None:
    answered = await replies(curator, guarded)

    told = {path for (_, path), (_, content) in answered.items() if SECRET.encode() in content}
    places = {path.partition("?")[0] for path in told if SECRET not in path}
    assert places == {
        *("/api/photos/flickr:1", "/api/export", "/media/flickr:1/full"),
    }
    assert not {path for path in told if path.startswith("/api/export") and "personal" not in path}


async def test_without_the_keys_the_photo_says_why_they_stay_closed(
    curator: Any, setting: Any
) -> None:
    setting.has_keys = False

    photo = await curator.json("/api/photos/flickr:1")
    session = await curator.json("/api/session")
    exported = await curator.get("/api/export?personal=1")

    assert photo["personal"] is None
    assert "takes the keys, and there are none" in photo["personal_why"]
    assert session["personal"] is False
    assert exported.status_code == 409
    assert "takes the keys" in exported.json()["error"]
    assert SECRET not in exported.text


async def test_a_viewer_is_told_that_it_takes_a_curator(viewer: Any) -> None:
    photo = await viewer.json("/api/photos/flickr:1")

    assert photo["personal"] is None
    assert photo["personal_why"] == "this is for curators"


async def test_the_curator_sees_owner_exif_comments_and_notes(curator: Any) -> None:
    personal = (await curator.json("/api/photos/flickr:1"))["personal"]

    assert personal["owner"] == dict.fromkeys(
        ("id", "name", "path_alias", "real_name", "credit"), SECRET
    )
    assert personal["exif"] == [["IFD0:Artist", SECRET], ["IFD0:Artist", SECRET]]
    assert [comment["text"] for comment in personal["comments"]] == [SECRET]
    assert [note["author_name"] for note in personal["notes"]] == [SECRET]


async def test_a_file_that_cannot_be_freed_of_metadata_is_for_curators_alone(
    viewer: Any, curator: Any, setting: Any, photos: Any
) -> None:
    path = setting.workspace / "files" / photos[0].file.path
    path.write_bytes(b"II*\0 no picture, with " + SECRET.encode())

    refused = await viewer.get("/media/flickr:1/full")

    assert refused.status_code == 409
    assert SECRET not in refused.text
    assert (await curator.get("/media/flickr:1/full")).status_code == 200


@pytest.mark.parametrize("path", ["/api/export?personal=1", "/api/export?personal=1&format=csv"])
async def test_nothing_of_an_export_is_left_behind(curator: Any, setting: Any, path: str) -> None:
    exported = await curator.get(path)

    assert SECRET in exported.text
    left = [each for each in (setting.workspace / "web").rglob("*") if each.is_file()]
    assert not [each for each in left if SECRET.encode() in each.read_bytes()]
    assert list((setting.workspace / "web" / "exports").iterdir()) == []
