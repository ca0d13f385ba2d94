from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from smart_image_scraper.download import Downloader
from smart_image_scraper.encrypt import Vault
from smart_image_scraper.errors import StoreError
from smart_image_scraper.net import HttpClient
from smart_image_scraper.photo import EncryptedPhoto, Filter
from smart_image_scraper.pipeline import import_files
from smart_image_scraper.search.folder import read_folder
from smart_image_scraper.store import Counts, Store


class RefusingStore(Store):
    """A store that takes no photos."""

    def put(self, photos: Iterable[EncryptedPhoto], **options: Any) -> Counts:
        raise StoreError("the database does not answer")


def folder_of(colour: str, *, below: Path) -> Path:
    folder = below / colour
    folder.mkdir()
    Image.new("RGB", (40, 30), colour).save(folder / "a.png")
    return folder


def import_folder(folder: Path, *, store: Store, vault: Vault, files: Path, progress: Any) -> None:
    downloader = Downloader(HttpClient(user_agent="sis tests"), files=files)
    photos = read_folder(folder)
    import_files(photos, store=store, downloader=downloader, vault=vault, progress=progress)


def test_files_of_an_import_that_could_not_record_them_are_removed_by_the_next(
    store: Store, vault: Vault, progress: Any, server: str, tmp_path: Path
) -> None:
    mistaken, meant = (folder_of(colour, below=tmp_path) for colour in ("red", "green"))
    files = tmp_path / "files"
    with (
        RefusingStore.connect(server, database=store._database.name) as refusing,
        pytest.raises(StoreError),
    ):
        import_folder(mistaken, store=refusing, vault=vault, files=files, progress=progress)
    left = list(files.glob("??/??/*"))

    import_folder(meant, store=store, vault=vault, files=files, progress=progress)

    recorded = [photo.photo.file for photo in store.find(Filter())]
    assert len(left) == 1
    assert list(files.glob("??/??/*")) == [files / file.path for file in recorded if file]
