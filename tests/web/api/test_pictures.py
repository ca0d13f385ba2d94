import hashlib
import struct
from asyncio import wait_for
from io import BytesIO
from typing import Any

import pytest
from PIL import Image


def unpacked(content: bytes) -> list[bytes]:
    files = []
    while content:
        (length,) = struct.unpack("<I", content[:4])
        files.append(content[4 : 4 + length])
        content = content[4 + length :]
    return files


def longer_edge(content: bytes) -> int:
    with Image.open(BytesIO(content)) as image:
        return max(image.size)


@pytest.mark.parametrize("edge", [160, 320, 640])
async def test_a_page_of_thumbnails_comes_in_one_answer_in_order(ann: Any, edge: int) -> None:
    ids = ["flickr:2", "flickr:3", "flickr:99", "flickr:1", "not an id"]

    reply = await ann.post("/api/thumbs", {"ids": ids, "edge": edge})

    files = unpacked(reply.content)
    assert reply.headers["content-type"] == "application/octet-stream"
    assert [longer_edge(file) if file else 0 for file in files] == [edge, 0, 0, edge, 0]


async def test_thumbnails_that_are_there_wait_for_none_that_are_made(
    setting: Any, opened: Any, visit: Any
) -> None:
    app = opened(setting)
    async with visit(app, address="127.0.0.1") as ann:
        await ann.post("/api/thumbs", {"ids": ["flickr:1"]})
        decoding, others = app.state.decoding, range(int(app.state.decoding.total_tokens))
        for each in others:
            decoding.acquire_on_behalf_of_nowait(each)

        there = await ann.post("/api/thumbs", {"ids": ["flickr:1"]})
        alone = await ann.get("/media/flickr:1/320")
        with pytest.raises(TimeoutError):
            await wait_for(ann.post("/api/thumbs", {"ids": ["flickr:1", "flickr:2"]}), 0.2)
        for each in others:
            decoding.release_on_behalf_of(each)
        both = await ann.post("/api/thumbs", {"ids": ["flickr:1", "flickr:2"]})

    assert unpacked(there.content) == [alone.content]
    assert [longer_edge(file) for file in unpacked(both.content)] == [320, 320]


async def test_a_viewer_sees_thumbnails(viewer: Any) -> None:
    reply = await viewer.post("/api/thumbs", {"ids": ["flickr:1"]})

    assert longer_edge(unpacked(reply.content)[0]) == 320


@pytest.mark.parametrize("size", ["160", "320", "640", "1280"])
async def test_a_picture_that_is_named_by_its_digest_is_kept_by_the_browser_for_good(
    ann: Any, photos: Any, size: str
) -> None:
    picture = photos[0].file.sha256[:16]

    named = await ann.get(f"/media/flickr:1/{size}?v={picture}")
    unnamed = await ann.get(f"/media/flickr:1/{size}")
    other = await ann.get(f"/media/flickr:1/{size}?v={'0' * 16}")

    assert named.headers["content-type"] == "image/jpeg"
    assert longer_edge(named.content) == int(size)
    assert named.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert unnamed.headers["cache-control"] == other.headers["cache-control"] == "private, no-cache"


async def test_a_picture_that_the_browser_has_is_not_sent_again(ann: Any) -> None:
    first = await ann.get("/media/flickr:1/320")

    again = await ann.get("/media/flickr:1/320", headers={"If-None-Match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")


async def test_the_file_itself_comes_as_it_is_stored(ann: Any, photos: Any) -> None:
    reply = await ann.get("/media/flickr:2/full")

    assert hashlib.sha256(reply.content).hexdigest() == photos[1].file.sha256
    assert reply.headers["content-type"] == "image/jpeg"


async def test_a_viewer_gets_a_file_with_metadata_without_it(viewer: Any, photos: Any) -> None:
    reply = await viewer.get("/media/flickr:1/full")

    with Image.open(BytesIO(reply.content)) as image:
        assert image.size == (photos[0].file.width, photos[0].file.height)
        assert not image.getexif()


async def test_a_photo_that_is_not_there_or_has_no_file_says_so(ann: Any) -> None:
    unknown = await ann.get("/media/flickr:99/320")
    without = await ann.get("/media/flickr:3/320")
    wrong = await ann.get("/media/flickr:1/999")

    assert (unknown.status_code, without.status_code, wrong.status_code) == (404, 404, 400)
    assert unknown.json() == {"error": "there is no photo 'flickr:99' here"}
    assert without.json() == {"error": "the photo has no file here; `sis download` fetches it"}


async def test_a_file_that_was_deleted_is_said_to_be_gone_and_the_rest_is_shown(
    ann: Any, setting: Any, photos: Any
) -> None:
    (setting.workspace / "files" / photos[0].file.path).unlink()

    one = [await ann.get(f"/media/flickr:1/{size}") for size in ("320", "full")]
    page = await ann.post("/api/thumbs", {"ids": ["flickr:1", "flickr:2"]})

    assert [reply.status_code for reply in one] == [404, 404]
    assert one[0].json() == {"error": "the photo's file is not in the workspace any more"}
    assert [bool(file) for file in unpacked(page.content)] == [False, True]


async def test_a_record_that_names_a_file_elsewhere_gets_nobody_that_file(
    ann: Any, setting: Any, photos: Any
) -> None:
    (setting.workspace / "keys").write_text("the keys")
    outside = setting.workspace.parent / "outside.jpg"
    outside.write_text("outside")
    database = setting.store._database["photos"]
    for path in ("../keys", str(outside), "../../outside.jpg"):
        database.update_one({"_id": "flickr:2"}, {"$set": {"file.path": path}})

        reply = await ann.get("/media/flickr:2/full")

        assert reply.status_code == 404


async def test_a_file_of_another_type_is_never_shown_as_a_page(ann: Any, setting: Any) -> None:
    database = setting.store._database["photos"]
    database.update_one({"_id": "flickr:2"}, {"$set": {"file.media_type": "text/html"}})

    reply = await ann.get("/media/flickr:2/full")

    assert reply.headers["content-type"] == "application/octet-stream"
    assert reply.headers["x-content-type-options"] == "nosniff"
