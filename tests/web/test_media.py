"""Pictures come from the workspace's files, whatever stands in the database."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from smart_image_scraper.download import remove_all_sizes
from smart_image_scraper.photo import StoredFile
from smart_image_scraper.pipeline.thumbnails import EDGES, encode_thumbnail, thumbnail_of
from smart_image_scraper.web.media import Media

Keep = Callable[[bytes], StoredFile]
Make = Callable[..., bytes]


def size_of(content: bytes | None) -> tuple[int, int]:
    assert content is not None
    with Image.open(BytesIO(content)) as image:
        return image.size


def thumbnails(workspace: Path) -> set[str]:
    return {path.name for path in (workspace / "thumbs").rglob("*") if path.is_file()}


@pytest.mark.parametrize("edge", EDGES)
def test_a_thumbnail_of_any_size_is_made_once_and_kept(
    workspace: Path, keep_file: Keep, picture: Make, edge: int
) -> None:
    file = keep_file(picture(size=(1600, 1200)))
    media = Media(workspace)

    made = media.thumbnail(file.sha256[:16], edge=edge)
    kept = workspace / "thumbs" / thumbnail_of(file.path, edge=edge)
    again = Media(workspace).thumbnail(file.sha256[:16], edge=edge)

    assert size_of(made) == (edge, edge * 3 // 4)
    assert made == again == kept.read_bytes()
    assert thumbnails(workspace) == {kept.name}


def test_a_small_file_is_not_enlarged(workspace: Path, keep_file: Keep, picture: Make) -> None:
    file = keep_file(picture(size=(200, 100)))

    assert size_of(Media(workspace).thumbnail(file.sha256[:16], edge=1280)) == (200, 100)


def test_whoever_removes_a_file_removes_every_size_of_its_thumbnails(
    workspace: Path, keep_file: Keep, picture: Make
) -> None:
    file, other = keep_file(picture("red")), keep_file(picture("blue"))
    for each in (file, other):
        for edge in EDGES:
            Media(workspace).thumbnail(each.sha256[:16], edge=edge)

    removed = remove_all_sizes(workspace / "thumbs", file.sha256)

    assert removed == len(EDGES)
    assert {name[:64] for name in thumbnails(workspace)} == {other.sha256}


def test_thumbnails_hold_nothing_of_the_files_metadata(
    workspace: Path, keep_file: Keep, picture: Make
) -> None:
    file = keep_file(picture(name="Jane Doe"))

    made = [Media(workspace).thumbnail(file.sha256[:16], edge=edge) for edge in EDGES]

    assert not any(b"Jane" in content for content in made if content is not None)


def test_a_comment_in_a_file_is_in_no_thumbnail_of_its_inspection(picture: Make) -> None:
    with Image.open(BytesIO(picture(name="Jane Doe"))) as image:
        assert b"Jane" not in encode_thumbnail(image)


def test_of_a_file_that_is_gone_the_kept_thumbnails_are_shown_and_no_others_made(
    workspace: Path, keep_file: Keep, picture: Make
) -> None:
    file = keep_file(picture())
    media = Media(workspace)
    media.thumbnail(file.sha256[:16], edge=320)
    (workspace / "files" / file.path).unlink()

    small = media.thumbnail(file.sha256[:16], edge=160)
    large = media.thumbnail(file.sha256[:16], edge=640)

    assert size_of(small) == (160, 120)
    assert large is None
    assert thumbnails(workspace) == {f"{file.sha256}.jpg"}


def test_a_damaged_file_shows_nothing(workspace: Path, keep_file: Keep, picture: Make) -> None:
    file = keep_file(picture())
    (workspace / "files" / file.path).write_bytes(b"\xff\xd8\xff\xe0 no picture")

    assert Media(workspace).thumbnail(file.sha256[:16], edge=320) is None


def test_where_nothing_can_be_written_thumbnails_are_made_each_time(
    workspace: Path, keep_file: Keep, picture: Make
) -> None:
    file = keep_file(picture())
    (workspace / "thumbs").write_text("no folder")

    assert size_of(Media(workspace).thumbnail(file.sha256[:16], edge=320)) == (320, 240)


def test_a_path_out_of_the_workspace_is_not_read(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    (workspace / "files").mkdir(parents=True)
    media = Media(workspace)

    for relative in ("../../secret.txt", str(tmp_path / "secret.txt"), "..", "", "a\0b"):
        assert media.read_file(relative) is None


def test_a_link_out_of_the_workspace_is_not_followed(
    workspace: Path, tmp_path: Path, picture: Make
) -> None:
    outside = tmp_path / "outside.jpg"
    outside.write_bytes(picture())
    sha256 = "ab" * 32
    folder = workspace / "files" / "ab" / "ab"
    folder.mkdir(parents=True)
    (folder / f"{sha256}.jpg").symlink_to(outside)
    media = Media(workspace)

    assert media.read_file(f"ab/ab/{sha256}.jpg") is None
    assert media.thumbnail(sha256[:16], edge=320) is None


def test_a_folder_that_is_a_link_out_of_the_workspace_is_not_entered(
    workspace: Path, tmp_path: Path, picture: Make
) -> None:
    sha256 = "ab" * 32
    (tmp_path / "other" / "ab").mkdir(parents=True)
    (tmp_path / "other" / "ab" / f"{sha256}.jpg").write_bytes(picture())
    (workspace / "thumbs").mkdir(parents=True)
    (workspace / "thumbs" / "ab").symlink_to(tmp_path / "other")

    assert Media(workspace).thumbnail(sha256[:16], edge=320) is None


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "ab", "AB" * 8, "ab/cd/ef/01/23/45", "*" * 16]
)
def test_what_is_no_digest_names_no_picture(workspace: Path, name: str) -> None:
    with pytest.raises(ValueError, match="names no picture"):
        Media(workspace).thumbnail(name, edge=320)
