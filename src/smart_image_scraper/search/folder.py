"""Search: the images in a folder on this machine."""

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from smart_image_scraper.errors import UsageError
from smart_image_scraper.photo import License, Photo, PhotoId, SearchHit
from smart_image_scraper.search.well_formed import well_formed

IMAGE_ENDINGS = frozenset({".gif", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"})


def end_at(error: UsageError) -> NoReturn:
    """Let a file that cannot be read be the end of it."""
    raise error


def read_folder(
    folder: Path,
    *,
    license_: License = License.UNKNOWN,
    leave_out: Callable[[UsageError], None] = end_at,
) -> Iterator[tuple[Photo, Path]]:
    """Find the images in a folder and the folders in it, in the order of their paths.

    A photo's id is a digest of its file's content, so an image that lies there twice is one photo,
    with a search hit for each sub-folder. The search term is the name of the folder that the image
    lies in; its file name becomes the title. Links to folders are not followed.

    Args:
        folder: Its name, not its whole path, goes into the run's id.
        license_: Of all images in it; no file says by itself who may pass it on.
        leave_out: Is told why a file cannot be read, which is then left out.

    Returns:
        Photos with their files, lazily: a file is read when its photo is asked for.

    Raises:
        UsageError: There is no such folder, it cannot be read, or it holds no images, which is
            found before anything is returned; or a file cannot be read and is not left out.
    """
    folder = folder.resolve()
    paths = sorted(_image_paths(folder))
    if not paths:
        raise UsageError(
            f"{folder}: there are no images in it (files that end in "
            f"{', '.join(sorted(IMAGE_ENDINGS))})"
        )
    return (
        (replace(photo, license=license_), path)
        for photo, path in _photos(paths, run=_run_id(folder), leave_out=leave_out)
    )


def _image_paths(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        raise UsageError(f"{folder}: there is no such folder")
    for parent, _, names in os.walk(folder, onerror=_refuse):
        for name in names:
            path = Path(parent, name)
            # macOS leaves "._name.jpg" beside images on foreign disks; they are none.
            if path.suffix.lower() in IMAGE_ENDINGS and not name.startswith("."):
                yield path


def _refuse(error: OSError) -> None:
    raise UsageError(f"{error.filename}: cannot be read: {error.strerror}") from error


def _photos(
    paths: list[Path], *, run: str, leave_out: Callable[[UsageError], None]
) -> Iterator[tuple[Photo, Path]]:
    titles: dict[PhotoId, str] = {}
    for path in paths:
        try:
            photo_id = PhotoId(f"folder:{_digest(path)[:32]}")
        except UsageError as error:
            leave_out(error)
            continue
        title = titles.setdefault(photo_id, well_formed(path.stem))
        hit = SearchHit(term=well_formed(path.parent.name), run=run)
        yield Photo(id=photo_id, title=title, searches=(hit,)), path


def _digest(path: Path) -> str:
    try:
        if path.exists() and not path.is_file():
            # A pipe would be waited for.
            raise UsageError(f"{path}: cannot be read: it is no file, but a pipe or a device")
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error


def _run_id(folder: Path) -> str:
    return f"folder-{hashlib.sha256(os.fsencode(folder.name)).hexdigest()[:12]}"
