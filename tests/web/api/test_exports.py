import csv
import json
import shlex
from io import StringIO
from typing import Any


async def test_what_a_filter_means_comes_as_a_spreadsheet(ann: Any) -> None:
    reply = await ann.get("/api/export?term=monkey")

    rows = list(csv.DictReader(StringIO(reply.content.decode("utf-8-sig"))))
    assert {row["id"] for row in rows} == {"flickr:1", "flickr:2"}
    assert {row["license"] for row in rows} == {"cc-by-2.0"}
    assert reply.headers["content-type"].startswith("text/csv")
    assert 'attachment; filename="photos-' in reply.headers["content-disposition"]


async def test_it_comes_as_json_lines_too(ann: Any) -> None:
    reply = await ann.get("/api/export?format=json-lines&id=flickr:3")

    (line,) = reply.text.splitlines()
    assert json.loads(line)["id"] == "flickr:3"
    assert ".jsonl" in reply.headers["content-disposition"]


async def test_every_format_that_is_offered_can_be_had(viewer: Any) -> None:
    offered = (await viewer.json("/api/schema"))["export_formats"]

    assert {each["word"] for each in offered} >= {"csv", "json-lines"}
    for each in offered:
        reply = await viewer.get(f"/api/export?format={each['word']}")

        assert reply.status_code == 200
        assert f".{each['extension']}" in reply.headers["content-disposition"]
        assert len(reply.content) > 100


async def test_a_format_that_is_none_is_an_error(ann: Any) -> None:
    refused = await ann.get("/api/export?format=../csv")

    assert refused.status_code == 400
    assert "is no format; there are csv, json-lines" in refused.json()["error"]


async def test_the_command_that_means_the_same_is_told(ann: Any, setting: Any) -> None:
    query = "term=it's&country=PH&score=&without-duplicates=1&page=3&view=map"

    commands = await ann.json(f"/api/command?{query}")

    assert shlex.split(commands["list"]) == [
        *("sis", "list", "--term=it's", "--country=PH", "--without-duplicates"),
        *("--workspace", str(setting.workspace)),
    ]
    assert commands["export"].startswith(
        "sis export photos.csv --include-all-rights-reserved --with-rejected "
    )


async def test_a_viewer_is_not_told_where_the_workspace_is(viewer: Any, setting: Any) -> None:
    commands = await viewer.json("/api/command?term=monkey")

    assert str(setting.workspace) not in commands["list"]
