"""Made photos for `export.py`, with all that a scrape knows of one, and files to match."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import numpy as np
from PIL import Image

from smart_image_scraper.encrypt import Vault
from smart_image_scraper.photo import (
    Coordinates,
    Inspection,
    License,
    Owner,
    Photo,
    PhotoId,
    Place,
    SearchHit,
    Stage,
    StoredFile,
    TakenDate,
)
from smart_image_scraper.store import Store

DISTINCT = 200
_BATCH = 5_000
_NOW = datetime(2026, 1, 1, tzinfo=UTC)
_WORDS = ("A", "wild", "macaque", "sits", "on", "a", "branch", "of", "an", "old", "tree")


def make_files(folder: Path, *, linked: bool = True) -> Callable[[PhotoId], StoredFile]:
    """Make some JPEGs of 150 to 300 kB, and return what stores one of them for a photo.

    A photo's file is a link: 20,000 contents would take 4.5 GB more.
    """
    sources = []
    for number in range(DISTINCT if linked else 1):
        path = folder / f"source-{number}.jpg"
        draw(number).save(path, quality=74 + number % 15)
        sources.append(path)

    def store_file(photo_id: PhotoId) -> StoredFile:
        digest = sha256(photo_id.encode()).hexdigest()
        source = sources[int(digest[:8], 16) % len(sources)]
        path = f"{digest[:2]}/{digest[2:4]}/{digest}.jpg"
        if linked:
            (folder / "files" / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / "files" / path).hardlink_to(source)
        return stored_file(photo_id, source, path=path)

    return store_file


def stored_file(photo_id: PhotoId, file: Path, *, path: str = "") -> StoredFile:
    """Describe a file as a download does."""
    digest = sha256(photo_id.encode()).hexdigest()
    return StoredFile(
        path=path,
        sha256=digest,
        media_type="image/jpeg",
        bytes=file.stat().st_size,
        width=1024,
        height=683,
        url=f"https://live.staticflickr.com/65535/{photo_id.native}_{digest[:10]}_b.jpg",
        fetched_at=_NOW,
        license=License("cc-by-2.0"),
    )


def draw(number: int) -> Image.Image:
    """Draw a picture with smooth forms and grain, which compresses as photos do."""
    random = np.random.default_rng(number)
    forms = Image.fromarray(random.integers(0, 255, (43, 64, 3), np.uint8), "RGB")
    smooth = np.asarray(forms.resize((1024, 683), Image.Resampling.BICUBIC), np.int16)
    grain = random.normal(0, 14, smooth.shape).astype(np.int16)
    return Image.fromarray((smooth + grain).clip(0, 255).astype(np.uint8))


def put_photos(
    store: Store, vault: Vault, *, files: Callable[[PhotoId], StoredFile], count: int
) -> None:
    """Put so many photos into the store, each with what a scrape knows of one."""
    for first in range(0, count, _BATCH):
        numbers = range(first, min(first + _BATCH, count))
        photos = [vault.seal(made_photo(number, files=files)) for number in numbers]
        store.put(photos, stages=(Stage.SEARCH, Stage.DOWNLOAD, Stage.INSPECT, Stage.GEOCODE))


def made_photo(number: int, *, files: Callable[[PhotoId], StoredFile]) -> Photo:
    """Make a photo of one of some hundred owners, with texts, tags, a place and a camera."""
    photo_id = PhotoId(f"flickr:{10_000_000_000 + 37 * number}")
    taken_at = _NOW - timedelta(minutes=number)
    owner = number % 997
    return Photo(
        id=photo_id,
        title=" ".join(_WORDS[number % 7 : number % 7 + 6]),
        description=" ".join(_WORDS * 2),
        tags=tuple(_WORDS[:10]),
        license=License("cc-by-2.0"),
        owner=Owner(id=f"{owner}@N01", name=f"Owner {owner}", path_alias=f"owner-{owner}"),
        uploaded_at=taken_at,
        taken=TakenDate(local=taken_at.replace(tzinfo=None)),
        coordinates=Coordinates(latitude=number % 180 - 90.0, longitude=number % 360 - 180.0),
        views=number,
        searches=(SearchHit(term="monkey wild", run="0123456789ab"),),
        file=files(photo_id),
        inspection=made_inspection(photo_id),
        place=Place(country_code="MY", country="Malaysia", city="Sandakan", gazetteer="made"),
    )


def made_inspection(photo_id: PhotoId) -> Inspection:
    """Make what an inspection finds in a file whose metadata it has taken out."""
    return Inspection(
        reader="made",
        tag_count=100,
        stripped=True,
        fetched_sha256=sha256(photo_id.encode()).hexdigest(),
        make="Canon",
        model="Canon EOS 7D",
        f_number=5.6,
        sharpness=0.1,
        brightness=0.5,
        contrast=0.2,
        colourfulness=40.0,
        size_class="medium",
        perceptual_hash=bytes(32),
        crop_hashes=bytes(320),
    )
