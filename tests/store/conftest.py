"""A real MongoDB for the store's tests, and photos to put into it."""

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import psutil
import pytest
from hypothesis import strategies as st
from pymongo import MongoClient
from pymongo.database import Database

from smart_image_scraper.photo import (
    CommentTally,
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
    PlaceMatch,
    Relicensing,
    Score,
    SearchHit,
    Size,
    Stage,
    StatedCamera,
    StatedName,
    StatedPlace,
    StoredFile,
    TakenDate,
    Token,
)
from smart_image_scraper.photo.sealed import TOKEN_NAMES
from smart_image_scraper.store.mongod import ManagedMongod
from smart_image_scraper.store.mongod.folder import DatabaseFolder


class OwnMongod:
    """A MongoDB server of a test's own, which can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self._managed = ManagedMongod(folder)
        self._folder = DatabaseFolder(root=folder)
        self.uri = self._managed.uri

    def start(self) -> None:
        self._managed.acquire()

    def kill(self) -> None:
        pid = self._folder.server_pid()
        assert pid is not None
        process = psutil.Process(pid)
        process.kill()
        process.wait()  # on a busy machine it holds its lock for a while

    def release(self) -> None:
        self._managed.release()


@pytest.fixture
def own_mongod(tmp_path: Path) -> Iterator[OwnMongod]:
    server = OwnMongod(tmp_path)
    server.start()
    yield server
    server.release()


@pytest.fixture(scope="session")
def client(server: str) -> Iterator[MongoClient[dict[str, Any]]]:
    with MongoClient[dict[str, Any]](server, tz_aware=True) as client:
        yield client


@pytest.fixture
def database(client: MongoClient[dict[str, Any]], database_name: str) -> Database[dict[str, Any]]:
    """The database of the test, as another program sees it."""
    return client[database_name]


def token(text: str = "x", *, key_id: str = "k1") -> Token:
    """A token as Fernet writes them, of no key."""
    return Token(text="gAAAAA" + text.encode().hex().ljust(94, "A") + "==", key_id=key_id)


@pytest.fixture(scope="session")
def make_token() -> Callable[..., Token]:
    return token


@pytest.fixture(scope="session")
def make_photo() -> Callable[..., EncryptedPhoto]:
    def make(
        number: int | str,
        *,
        sealed: dict[str, Any] | None = None,
        **facts: Any,
    ) -> EncryptedPhoto:
        facts.setdefault("searches", (SearchHit(term="monkey", run="run-1"),))
        photo = Photo(id=PhotoId(f"flickr:{number}"), **facts)
        return EncryptedPhoto(photo=photo, **(sealed or {}))

    return make


@pytest.fixture(scope="session")
def stored_file() -> StoredFile:
    return StoredFile(
        path="ab/cd/" + "ab" * 32 + ".jpg",
        sha256="ab" * 32,
        media_type="image/jpeg",
        bytes=1234,
        width=640,
        height=480,
        url="https://live.example/1.jpg",
        fetched_at=datetime(2026, 11, 22, 10, 15, 45, 123000, tzinfo=UTC),
    )


@pytest.fixture(scope="session")
def inspection() -> Inspection:
    """An inspection with every field filled."""
    return Inspection(
        reader="exiftool 12.57",
        tag_count=120,
        problem_count=1,
        stripped=True,
        fetched_sha256="cd" * 32,
        make="Canon",
        model="Canon EOS 80D",
        lens="EF100-400mm",
        focal_length_mm=400,
        focal_length_35mm=640.5,
        f_number=5.6,
        exposure_s=0.002,
        iso=800,
        taken=datetime(2016, 12, 1, 10, 11, 12),
        utc_offset_min=480,
        orientation=6,
        software="Lightroom",
        sharpness=0.04,
        brightness=0.5,
        contrast=0.2,
        colourfulness=33.0,
        flatness=0.1,
        size_class="small",
        perceptual_hash=b"h" * 32,
        crop_hashes=b"c" * 320,
        date_difference_s=0.0,
        geotag_distance_km=0.25,
    )


@pytest.fixture(scope="session")
def full_photo(stored_file: StoredFile, inspection: Inspection) -> EncryptedPhoto:
    """A photo with every field filled, and with a token of every name."""
    photo = Photo(
        id=PhotoId("flickr:14898030836"),
        title="Monkey",
        description="",
        tags=("monkey", "サル"),
        machine_tags=("geo:lat=1",),
        license=License("cc-by-2.0"),
        uploaded_at=datetime(2016, 12, 20, 1, 2, 3, tzinfo=UTC),
        changed_at=datetime(2016, 12, 21, 1, 2, 3, tzinfo=UTC),
        taken=TakenDate(local=datetime(2016, 12, 1), granularity=Granularity.MONTH),
        coordinates=Coordinates(latitude=-8.5, longitude=115.25),
        geo_accuracy=16,
        geo_context=2,
        woe_id="1234",
        place_id="abc",
        views=817,
        comment_count=0,
        favorite_count=3,
        safety=0,
        sizes=(
            Size(label="1024", url="https://live.example/1_b.jpg", width=1024, height=768),
            Size(label="640", url="https://live.example/1_z.jpg"),
        ),
        searches=(
            SearchHit(term="monkey", run="run-1"),
            SearchHit(term="サル", run="run-2", older={"row": 3, "b": 1.0, "a": None, "$x.y": ""}),
        ),
        file=replace(
            stored_file, replaces="cd/cd/" + "cd" * 32 + ".jpg", license=License("cc-by-2.0")
        ),
        inspection=inspection,
        duplicates=(
            DuplicateGroup(kind=DuplicateKind.COPY, group="flickr:14898030836", best=True),
            DuplicateGroup(kind=DuplicateKind.BURST, group="flickr:2", best=False),
        ),
        place=Place(
            country_code="ID",
            country="Indonesia",
            region="Bali",
            region_code="ID-BA",
            city="Ubud",
            distance_km=1.5,
            locality="Peliatan",
            locality_distance_km=0.0,
            match=PlaceMatch.NEAR,
            nearest_country_code="ID",
            nearest_country_km=3.5,
            gazetteer="GeoNames",
            gazetteer_date=date(2026, 1, 2),
        ),
        scores=(
            Score(concept="cage", model="older", below=0.5),
            Score(concept="monkey", model="older", value=0.9589852),
        ),
        stated_place=StatedPlace(
            **{
                part.name: StatedName(name=part.name, woe_id="1", place_id="a")
                for part in fields(StatedPlace)
            }
        ),
        raw_tags=("Monkey", "サル", "Macaca fascicularis"),
        stated_camera=StatedCamera(
            tag_count=120,
            make="Canon",
            model="Canon EOS 80D",
            lens="EF100-400mm",
            focal_length_mm=400,
            focal_length_35mm=640.5,
            f_number=5.6,
            exposure_s=0.002,
            iso=800,
        ),
        comment_tally=CommentTally(count=2, announced=3, read_at=datetime(2026, 1, 3, tzinfo=UTC)),
        checked_at=datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC),
        gone=Gone(reason=GoneReason.PRIVATE, at=datetime(2026, 2, 3, tzinfo=UTC)),
        license_history=(
            Relicensing(
                at=datetime(2020, 1, 2, tzinfo=UTC),
                old=License.ALL_RIGHTS_RESERVED,
                new=License("cc-by-2.0"),
            ),
        ),
        failures={
            Stage.SCORE: Failure(
                reason="memory",
                message="out of memory",
                retryable=True,
                at=datetime(2026, 1, 2, tzinfo=UTC),
            )
        },
    )
    return EncryptedPhoto(
        photo=photo,
        tokens={name: token(name) for name in TOKEN_NAMES},
        owner_index=b"o" * 16,
        digest=b"d" * 16,
    )


def _moments() -> st.SearchStrategy[datetime]:
    return _local_times().map(lambda local: local.replace(tzinfo=UTC))


def _local_times() -> st.SearchStrategy[datetime]:
    return st.datetimes().map(
        lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000, fold=0)
    )


def _texts() -> st.SearchStrategy[str]:
    return st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def _older() -> st.SearchStrategy[dict[str, Any]]:
    scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
    return st.dictionaries(st.text(), scalars | st.lists(scalars, max_size=3), max_size=4)


def _numbers_or_none() -> st.SearchStrategy[int | None]:
    return st.none() | st.integers(0, 2**40)


def _scores() -> st.SearchStrategy[tuple[Score, ...]]:
    words = st.text(
        st.characters(exclude_categories=["Cs"], exclude_characters="|.$\0"), min_size=1, max_size=8
    )
    part = st.floats(0, 1)
    values = st.builds(Score, concept=words, model=words, value=part)
    below = st.builds(Score, concept=words, model=words, below=part)

    def key(score: Score) -> tuple[str, str]:
        return score.model, score.concept

    return st.lists(values | below, max_size=4, unique_by=key).map(
        lambda scores: tuple(sorted(scores, key=key))
    )


def _failures() -> st.SearchStrategy[dict[Stage, Failure]]:
    failure = st.builds(
        Failure, reason=_texts(), message=_texts(), retryable=st.booleans(), at=_moments()
    )
    return st.dictionaries(st.sampled_from(Stage), failure, max_size=3)


def _inspections() -> st.SearchStrategy[Inspection]:
    of_type: dict[str, st.SearchStrategy[Any]] = {
        "str": _texts(),
        "int": st.integers(0, 2**40),
        "bool": st.booleans(),
        "float": st.floats(allow_nan=False),
        "bytes": st.binary(max_size=40),
        "datetime": _local_times(),
    }
    strategies = {}
    for part in fields(Inspection):
        kind = getattr(part.type, "__name__", "") or str(part.type)
        plain = kind.removesuffix(" | None")
        strategies[part.name] = of_type[plain.removeprefix("datetime.")]
        if plain != kind:
            strategies[part.name] = st.none() | strategies[part.name]
    return st.builds(Inspection, **strategies)


def _duplicates() -> st.SearchStrategy[tuple[DuplicateGroup, ...]]:
    group = st.builds(
        DuplicateGroup, kind=st.sampled_from(DuplicateKind), group=_texts(), best=st.booleans()
    )
    return st.lists(group, max_size=3).map(tuple)


def _licenses() -> st.SearchStrategy[License]:
    return st.sampled_from(
        [License.UNKNOWN, License.ALL_RIGHTS_RESERVED, License("cc-by-sa-3.0-de")]
    )


def _stated_places() -> st.SearchStrategy[StatedPlace]:
    name = st.none() | st.builds(
        StatedName, name=_texts(), woe_id=st.none() | _texts(), place_id=st.none() | _texts()
    )
    return st.builds(StatedPlace, locality=name, region=name, country=name)


def _photos() -> st.SearchStrategy[Photo]:
    text = st.none() | _texts()
    count = _numbers_or_none()
    words = st.lists(_texts(), max_size=3).map(tuple)
    size = st.builds(Size, label=_texts(), url=_texts(), width=count, height=count)
    hit = st.builds(SearchHit, term=_texts(), run=_texts(), older=st.none() | _older())
    degrees = st.builds(Coordinates, latitude=st.floats(-90, 90), longitude=st.floats(-180, 180))
    place = st.builds(
        Place,
        country_code=text,
        country=text,
        region=text,
        city=text,
        distance_km=st.none() | st.floats(0, 20_000),
        match=st.none() | st.sampled_from(PlaceMatch),
        nearest_country_km=st.none() | st.floats(0, 20_000),
        gazetteer=_texts(),
        gazetteer_date=st.none() | st.dates(),
    )
    file = st.builds(
        StoredFile,
        path=_texts(),
        sha256=st.binary(min_size=32, max_size=32).map(bytes.hex),
        media_type=_texts(),
        bytes=st.integers(0, 2**40),
        width=st.integers(1, 2**20),
        height=st.integers(1, 2**20),
        url=text,
        fetched_at=_moments(),
        license=st.none() | _licenses(),
    )
    return st.builds(
        Photo,
        id=st.integers(1, 10**12).map(lambda number: PhotoId(f"flickr:{number}")),
        title=text,
        description=text,
        tags=words,
        machine_tags=words,
        license=_licenses(),
        uploaded_at=st.none() | _moments(),
        changed_at=st.none() | _moments(),
        taken=st.none()
        | st.builds(TakenDate, local=_local_times(), granularity=st.sampled_from(Granularity)),
        coordinates=st.none() | degrees,
        geo_accuracy=count,
        geo_context=count,
        woe_id=text,
        place_id=text,
        views=count,
        comment_count=count,
        favorite_count=count,
        safety=count,
        sizes=st.lists(size, max_size=3).map(tuple),
        searches=st.lists(hit, max_size=3, unique_by=repr).map(tuple),
        file=st.none() | file,
        inspection=st.none() | _inspections(),
        duplicates=_duplicates(),
        place=st.none() | place,
        scores=_scores(),
        stated_place=st.none() | _stated_places(),
        raw_tags=words,
        stated_camera=st.none()
        | st.builds(StatedCamera, tag_count=st.integers(0, 99), make=text, iso=count),
        comment_tally=st.none()
        | st.builds(CommentTally, count=st.integers(0, 99), announced=count, read_at=_moments()),
        checked_at=st.none() | _moments(),
        gone=st.none() | st.builds(Gone, reason=st.sampled_from(GoneReason), at=_moments()),
        license_history=st.lists(
            st.builds(Relicensing, at=_moments(), old=_licenses(), new=_licenses()), max_size=2
        ).map(tuple),
        failures=_failures(),
    )


@pytest.fixture(scope="session")
def encrypted_photos() -> st.SearchStrategy[EncryptedPhoto]:
    """Photos of every kind, for hypothesis."""
    tokens = st.builds(token, st.text("abc", max_size=20), key_id=_texts())
    keyed_digest = st.none() | st.binary(min_size=16, max_size=16)
    return st.builds(
        EncryptedPhoto,
        photo=_photos(),
        tokens=st.dictionaries(st.sampled_from(TOKEN_NAMES), tokens, max_size=5),
        owner_index=keyed_digest,
        digest=keyed_digest,
    )
