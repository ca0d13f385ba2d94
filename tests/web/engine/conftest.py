"""A real MongoDB with made photos in all their variety, and libraries over it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from smart_image_scraper.photo import (
    Coordinates,
    DuplicateGroup,
    DuplicateKind,
    EncryptedPhoto,
    Failure,
    Gone,
    GoneReason,
    Granularity,
    Inspection,
    License,
    Photo,
    PhotoId,
    Place,
    Score,
    Scoring,
    SearchHit,
    Stage,
    StatedCamera,
    StoredFile,
    TakenDate,
    Token,
    Verdict,
)
from smart_image_scraper.store import Review, Store
from smart_image_scraper.web.library import Library
from tests.made.photos import stored_file

NOW = datetime(2026, 1, 1, tzinfo=UTC)
MODEL, OTHER_MODEL, SERVICE = "siglip2-b16-224@made", "mine@1", "google-vision@stable"
CONCEPTS = ("monkey", "cage")
WORDS = ("wild", "monkey", "macaque", "猿", "野生の猿", "Café", "обезьяна", "zoo", "Borneo", "🐒")
CAMERAS = (("Canon", "Canon EOS 80D"), ("NIKON", "D500"), (None, None), ("Apple", "iPhone (6s)"))


def photo_id(number: int) -> PhotoId:
    return PhotoId(f"{'folder' if number % 11 == 0 else 'flickr'}:{number}")


class MadePhotos:
    """Photos that differ in everything that can be filtered by, the same for the same seed."""

    def __init__(self, seed: int = 1) -> None:
        self.random = Random(seed)

    def photo(self, number: int) -> EncryptedPhoto:
        random = self.random
        facts = {
            "title": " ".join(random.sample(WORDS, 2)) if self.drawn(0.8) else None,
            "description": " ".join(random.sample(WORDS, 3)) if self.drawn(0.5) else None,
            "tags": tuple(random.sample(WORDS, random.randint(0, 3))),
            "machine_tags": ("taxonomy:binomial=Macaca fuscata",) if self.drawn(0.2) else (),
            "license": random.choice([License("cc-by-2.0"), License("cc0-1.0"), License.UNKNOWN]),
            "taken": self.taken() if self.drawn(0.9) else None,
            "coordinates": self.point() if self.drawn(0.8) else None,
            "views": random.randint(0, 40) if self.drawn(0.9) else None,
            "searches": tuple(
                SearchHit(term=term, run=f"run-{run}")
                for term in ("monkey", "サル", "cage")
                for run in range(2)
                if self.drawn(0.3)
            ),
            "place": self.place() if self.drawn(0.7) else None,
            "failures": self.failures(),
        }
        if self.drawn(0.7):
            facts |= {"file": self.file(number), "inspection": self.inspection(number)}
        if self.drawn(0.2):
            facts["stated_camera"] = StatedCamera(tag_count=1, make="SONY", model="ILCE-7M3")
        if self.drawn(0.2):
            facts["gone"] = Gone(reason=GoneReason.PRIVATE, at=NOW)
        if self.drawn(0.5):
            facts["scores"] = (self.answer("monkey"),)
        owner = bytes([random.randint(0, 5)]) * 16 if self.drawn(0.8) else None
        photo = Photo(id=photo_id(number), **facts)
        if owner is None:
            return EncryptedPhoto(photo=photo)
        token = Token(text="gAAAAA" + "A" * 94, key_id="k1")
        digest = number.to_bytes(16, "big")
        return EncryptedPhoto(
            photo=photo, tokens={"owner_id": token}, owner_index=owner, digest=digest
        )

    def drawn(self, share: float) -> bool:
        return self.random.random() < share

    def taken(self) -> TakenDate:
        local = datetime(1960, 1, 1) + timedelta(milliseconds=self.random.randint(0, 2 * 10**12))
        return TakenDate(local=local, granularity=self.random.choice([*Granularity]))

    def point(self) -> Coordinates:
        edges = (-180.0, -179.5, 0.0, 115.25, 179.5, 180.0)
        longitude = self.random.choice([*edges, self.random.uniform(-180, 180)])
        return Coordinates(
            latitude=self.random.choice([-90, -8.5, 0, 66.6, 89]), longitude=longitude
        )

    def place(self) -> Place:
        return Place(country_code=self.random.choice(["PH", "ID", "JP"]), gazetteer="made")

    def failures(self) -> dict[Stage, Failure]:
        stages = [stage for stage in Stage if stage is not Stage.SEARCH and self.drawn(0.1)]
        failure = Failure(reason="damaged", message="it is", retryable=False, at=NOW)
        return dict.fromkeys(stages, failure)

    def file(self, number: int) -> StoredFile:
        return stored_file(f"{number:064x}"[::-1], width=640, height=480)

    def inspection(self, number: int) -> Inspection:
        make, model = self.random.choice(CAMERAS)
        return Inspection(
            reader="made",
            tag_count=1,
            stripped=self.drawn(0.5),
            fetched_sha256=f"{number:064x}",
            make=make,
            model=model,
            orientation=self.random.choice([None, 1, 6]),
            sharpness=self.random.choice([0.01, 0.02, 0.2]),
            brightness=self.random.choice([0.01, 0.06, 0.5]),
            contrast=self.random.choice([0.01, 0.03, 0.2]),
            colourfulness=self.random.choice([1.0, 5.0, 40.0]),
            flatness=self.random.choice([None, 0.1, 0.45, 0.9]),
            size_class=self.random.choice(["tiny", "medium"]),
            date_difference_s=self.random.choice([None, 0.0, 93_600.0, 1e6]),
            geotag_distance_km=self.random.choice([None, 0.5, 1.0, 30.0]),
        )

    def answer(self, concept: str) -> Score:
        if self.drawn(0.3):
            return Score(concept=concept, model=SERVICE, below=0.5)
        return Score(concept=concept, model=SERVICE, value=self.random.choice([0.5, 0.6, 0.9]))


def changed(photo: EncryptedPhoto, **facts: Any) -> EncryptedPhoto:
    return replace(photo, photo=replace(photo.photo, **facts))


def scoring(concept: str, *, model: str = MODEL, hours: int = 0, slope: float = 1.0) -> Scoring:
    return Scoring(
        concept=concept,
        model=model,
        slope=slope,
        intercept=0.0,
        given=concept,
        basis="made",
        scored_at=NOW + timedelta(hours=hours),
    )


def score(store: Store, numbers: list[int], *, seed: int = 1, model: str = MODEL) -> None:
    """Score photos for the concepts, some of them not at all."""
    random = np.random.default_rng(seed)
    columns = {}
    for hours, concept in enumerate(CONCEPTS):
        store.scores.save_scoring(scoring(concept, model=model, hours=hours))
        column = random.normal(0, 2, len(numbers)).astype(np.float32)
        column[random.random(len(numbers)) < 0.2] = np.nan
        columns[concept] = column
    store.scores.put(model, [photo_id(number) for number in numbers], columns=columns)


def review(number: int, verdict: Verdict, *, concept: str | None = None, hours: int = 0) -> Review:
    at = NOW + timedelta(hours=hours)
    return Review(photo=photo_id(number), verdict=verdict, concept=concept, by="ann", at=at)


def fill(store: Store, number: int) -> None:
    """Put made photos into a store, with groups, scores and reviews."""
    made = MadePhotos()
    store.put([made.photo(each) for each in range(number)], stages=tuple(Stage))
    group = [
        (DuplicateGroup(kind=kind, group=photo_id(first), best=each == first), photo_id(each))
        for kind in DuplicateKind
        for first in range(0, number, 20)
        for each in range(first, min(first + 3, number))
    ]
    groups: dict[PhotoId, tuple[DuplicateGroup, ...]] = {}
    for own, each in group:
        groups[each] = (*groups.get(each, ()), own)
    store.save_duplicates(groups)
    score(store, list(range(number)))
    verdicts = list(Verdict)
    store.reviews.add(
        review(each, made.random.choice(verdicts), concept=concept)
        for each in range(0, number, 3)
        for concept in (None, "monkey")
    )


@dataclass(frozen=True)
class Served:
    """A store, and what opens libraries over it."""

    store: Store
    workspace: Path
    opened: list[Library] = field(default_factory=list)

    def library(self) -> Library:
        for library in self.opened:
            library.close()
        library = Library(lambda: self.store, self.workspace)
        self.opened.append(library)
        library.refresh()
        return library


@pytest.fixture(scope="session")
def serving(
    server: str, databases: Any, tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., AbstractContextManager[Served]]:
    """Serves a store with so many made photos, until what stands in the block is done."""

    @contextmanager
    def start(photos: int = 0) -> Iterator[Served]:
        with databases.borrowed() as name, Store.connect(server, database=name) as store:
            if photos:
                fill(store, photos)
            served = Served(store=store, workspace=tmp_path_factory.mktemp("workspace"))
            yield served
            for library in served.opened:
                library.close()

    return start


@pytest.fixture
def serve(
    serving: Callable[..., AbstractContextManager[Served]],
) -> Iterator[Callable[..., Served]]:
    """Serves stores with so many made photos, each with a database of its own, for a test."""
    with ExitStack() as stores:
        yield lambda photos=0: stores.enter_context(serving(photos))


@pytest.fixture(scope="session")
def made() -> SimpleNamespace:
    """What makes photos, scores and reviews."""
    return SimpleNamespace(
        photos=MadePhotos,
        photo_id=photo_id,
        score=score,
        scoring=scoring,
        review=review,
        changed=changed,
        model=MODEL,
        now=NOW,
    )
