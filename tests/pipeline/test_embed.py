"""Embedding what is pending: each photo once, and what cannot be decoded is noted."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from smart_image_scraper.errors import ModelError
from smart_image_scraper.photo import (
    EncryptedPhoto,
    Failure,
    Filter,
    Inspection,
    Photo,
    PhotoId,
    Score,
    Scoring,
    Stage,
    StoredFile,
)
from smart_image_scraper.pipeline import EmbedSummary, Progress, embed, open_embeddings
from smart_image_scraper.pipeline.embed import Embedding
from smart_image_scraper.store import Store

Put = Callable[..., PhotoId]


class ColourBackbone:
    """Says the mean colour of an image; a fake that counts what it is asked."""

    name = "colour"
    revision = "1"
    dimension = 3
    size = 8
    resampling = Image.Resampling.BICUBIC

    def __init__(self, *, out_of_memory_after: int = 1_000_000) -> None:
        self.seen = 0
        self._limit = out_of_memory_after

    def embed(self, images: Sequence[Image.Image]) -> NDArray[np.float32]:
        if self.seen + len(images) > self._limit:
            raise ModelError("the model ran out of memory")
        self.seen += len(images)
        return np.array([np.asarray(image).mean((0, 1)) / 255 for image in images], np.float32)


@pytest.fixture
def put(store: Store, workspace: Path) -> Put:
    def put_photo(number: int, *, colour: str = "red", content: bytes | None = None) -> PhotoId:
        photo_id = PhotoId(f"flickr:{number}")
        made = BytesIO()
        Image.new("RGB", (20, 20 + number), colour).save(made, "PNG")
        written = made.getvalue() if content is None else content
        digest = sha256(written).hexdigest()
        (workspace / "files").mkdir(parents=True, exist_ok=True)
        (workspace / "files" / f"{digest}.png").write_bytes(written)
        file = StoredFile(
            path=f"{digest}.png",
            sha256=digest,
            media_type="image/png",
            bytes=len(written),
            width=20,
            height=20,
            url=None,
            fetched_at=datetime(2026, 1, 1, tzinfo=UTC),
        )
        photo = EncryptedPhoto(photo=Photo(id=photo_id, file=file))
        store.put([photo], stages=(Stage.SEARCH, Stage.DOWNLOAD))
        return photo_id

    return put_photo


@pytest.fixture
def embed_all(store: Store, workspace: Path, progress: Progress) -> Callable[..., EmbedSummary]:
    def run(backbone: ColourBackbone, where: Filter | None = None, **options: bool) -> EmbedSummary:
        return embed(
            store,
            backbone,
            workspace=workspace,
            where=where or Filter(),
            progress=progress,
            **options,
        )

    return run


def test_each_photo_is_embedded_once(
    put: Put, embed_all: Callable[..., EmbedSummary], workspace: Path
) -> None:
    red, blue = put(1, colour="red"), put(2, colour="blue")
    backbone = ColourBackbone()

    first = embed_all(backbone)
    put(3)
    second = embed_all(backbone)

    assert (first.embedded, first.known) == (2, 0)
    assert (second.embedded, second.known) == (1, 2)
    assert backbone.seen == 3
    with open_embeddings(workspace, backbone) as embeddings:
        assert embeddings.read([blue, red]) == pytest.approx(np.array([[0, 0, 1], [1, 0, 0]]))


def test_a_filter_says_which(put: Put, embed_all: Callable[..., EmbedSummary]) -> None:
    ids = [put(number) for number in range(3)]

    summary = embed_all(ColourBackbone(), Filter(ids=(ids[1],)))

    assert summary.embedded == 1


def test_a_photo_that_cannot_be_decoded_is_noted_and_the_others_are_embedded(
    store: Store, put: Put, embed_all: Callable[..., EmbedSummary]
) -> None:
    broken, _ = put(1, content=b"\x89PNG broken"), put(2)

    first = embed_all(ColourBackbone())
    second = embed_all(ColourBackbone())

    assert (first.embedded, first.failed) == (1, {"damaged": 1})
    (photo,) = store.get([broken])
    failure = photo.photo.failures[Stage.SCORE]
    assert failure.reason == "damaged"
    assert failure.message.startswith("flickr:1: the image cannot be decoded")
    assert (second.embedded, second.failed, second.left) == (0, {}, 1)


def test_a_photo_that_another_model_has_scored_can_fail_too(
    store: Store, put: Put, embed_all: Callable[..., EmbedSummary]
) -> None:
    broken = put(1, content=b"\x89PNG broken")
    (stored,) = store.get([broken])
    older = Score(concept="monkey", model="older", value=0.9)
    scored = replace(stored, photo=replace(stored.photo, scores=(older,)))
    store.put([scored], stages=(Stage.SCORE,))

    embed_all(ColourBackbone())
    second = embed_all(ColourBackbone())

    (photo,) = store.get([broken])
    assert photo.photo.failures[Stage.SCORE].reason == "damaged"
    assert photo.photo.scores == (older,)
    assert (second.failed, second.left) == ({}, 1)


def test_what_a_service_has_refused_is_embedded_and_stays_refused(
    store: Store, put: Put, embed_all: Callable[..., EmbedSummary]
) -> None:
    (stored,) = store.get([put(1)])
    at = datetime(2026, 1, 1, tzinfo=UTC)
    refused = Failure(reason="refused", message="bad image data", retryable=False, at=at)
    failed = replace(stored, photo=replace(stored.photo, failures={Stage.SCORE: refused}))
    store.put([failed], stages=(Stage.SCORE,))

    summary = embed_all(ColourBackbone())

    (photo,) = store.get([stored.photo.id])
    assert (summary.embedded, summary.left) == (1, 0)
    assert photo.photo.failures == {Stage.SCORE: refused}


def test_a_failed_photo_is_tried_again_when_asked_and_its_failure_goes_when_that_works(
    store: Store, put: Put, embed_all: Callable[..., EmbedSummary], workspace: Path
) -> None:
    photo_id = put(1, content=b"\x89PNG broken")
    embed_all(ColourBackbone())
    (photo,) = store.get([photo_id])
    assert photo.photo.file is not None
    Image.new("RGB", (9, 9)).save(workspace / "files" / photo.photo.file.path, "PNG")

    summary = embed_all(ColourBackbone(), again=True)

    assert summary.embedded == 1
    (photo,) = store.get([photo_id])
    assert photo.photo.failures == {}


def test_a_file_that_is_gone_is_noted_and_pending_for_the_download(
    store: Store, put: Put, embed_all: Callable[..., EmbedSummary], workspace: Path
) -> None:
    photo_id = put(1)
    for file in (workspace / "files").iterdir():
        file.unlink()

    summary = embed_all(ColourBackbone())

    assert summary.failed == {"missing": 1}
    assert [each.photo.id for each in store.pending(Stage.DOWNLOAD)] == [photo_id]


def test_a_file_that_cannot_be_read_just_now_stays_the_photos(
    store: Store, put: Put, embed_all: Callable[..., EmbedSummary], workspace: Path
) -> None:
    put(1)
    for file in (workspace / "files").iterdir():
        file.unlink()
        file.mkdir()

    summary = embed_all(ColourBackbone())

    assert summary.failed == {"unreadable": 1}
    assert store.count_pending(Stage.DOWNLOAD) == 0


def test_a_file_that_only_lost_its_metadata_is_not_embedded_again(
    store: Store, put: Put, embed_all: Callable[..., EmbedSummary]
) -> None:
    photo_id = put(1)
    backbone = ColourBackbone()
    embed_all(backbone)
    (photo,) = store.get([photo_id])
    assert photo.photo.file is not None
    fetched = photo.photo.file.sha256
    stripped = replace(photo.photo.file, sha256="0" * 64, path="00/stripped.png")
    inspected = Inspection(
        reader="none",
        tag_count=0,
        stripped=True,
        fetched_sha256=fetched,
        sharpness=0.1,
        brightness=0.5,
        contrast=0.2,
        colourfulness=9.0,
        size_class="tiny",
    )
    store.put(
        [replace(photo, photo=replace(photo.photo, file=stripped, inspection=inspected))],
        stages=(Stage.DOWNLOAD, Stage.INSPECT),
    )

    assert embed_all(backbone).known == 1
    assert backbone.seen == 1


def test_a_file_that_shows_something_else_is_embedded_again_and_its_scores_are_forgotten(
    store: Store, put: Put, embed_all: Callable[..., EmbedSummary], workspace: Path
) -> None:
    photo_id, other = put(1, colour="red"), put(2, colour="red")
    backbone = ColourBackbone()
    embed_all(backbone)
    at = datetime(2026, 1, 1, tzinfo=UTC)
    for model in ("colour@1", "trained@1"):
        store.scores.save_scoring(
            Scoring(concept="red", model=model, slope=1.0, intercept=0.0, scored_at=at)
        )
        store.scores.put(model, [photo_id, other], columns={"red": np.ones(2, np.float32)})

    store.forget_files(photo.photo for photo in store.get([photo_id]))
    put(1, colour="blue")
    summary = embed_all(backbone)

    assert summary.embedded == 1
    for model in ("colour@1", "trained@1"):
        assert store.scores.column(model, "red")[0].tolist() == [other.encode()]
    with open_embeddings(workspace, backbone) as embeddings:
        assert embeddings.read([photo_id])[0].tolist() == [0, 0, 1]


def test_what_another_process_embeds_and_scores_meanwhile_keeps_its_scores(
    store: Store, put: Put, embed_all: Callable[..., EmbedSummary], workspace: Path
) -> None:
    ids = sorted(put(number) for number in range(20))
    scoring = Scoring(
        concept="red",
        model="colour@1",
        slope=1.0,
        intercept=0.0,
        scored_at=datetime(2026, 1, 1, tzinfo=UTC),
    )

    def other_process() -> None:
        embed_all(ColourBackbone())
        store.scores.save_scoring(scoring)
        store.scores.put("colour@1", ids, columns={"red": np.ones(20, np.float32)})

    class Overtaken(ColourBackbone):
        def embed(self, images: Sequence[Image.Image]) -> NDArray[np.float32]:
            if self.seen == 0:
                other_process()
            return super().embed(images)

    overtaken = Overtaken()
    summary = embed_all(overtaken)

    assert store.scores.column("colour@1", "red")[0].tolist() == [each.encode() for each in ids]
    assert overtaken.seen == 16
    assert (summary.embedded, summary.known) == (16, 4)
    with open_embeddings(workspace, overtaken) as embeddings:
        assert [each for of_block, _ in embeddings.blocks() for each in of_block] == ids


def test_what_another_process_embeds_before_the_first_batch_is_among_what_is_embedded(
    store: Store, put: Put, embed_all: Callable[..., EmbedSummary], workspace: Path
) -> None:
    ids = sorted(put(number) for number in range(3))
    overtaken = ColourBackbone()

    class OtherFirst:
        @contextmanager
        def stage(self, name: str, **_: object) -> Iterator[Callable[[int], None]]:
            assert name == "embed"
            embed_all(ColourBackbone())
            yield lambda _: None

    with open_embeddings(workspace, overtaken) as embeddings:
        work = Embedding(store, overtaken, embeddings=embeddings, workspace=workspace)
        work.run(Filter(), again=False, progress=OtherFirst())

    assert np.concatenate(work.photos).tolist() == [each.encode() for each in ids]
    assert (overtaken.seen, work.summary().embedded, work.summary().known) == (0, 0, 3)


def test_a_run_that_is_ended_keeps_its_batches_and_the_next_goes_on(
    put: Put, embed_all: Callable[..., EmbedSummary]
) -> None:
    for number in range(40):
        put(number)
    with pytest.raises(ModelError):
        embed_all(ColourBackbone(out_of_memory_after=32))

    backbone = ColourBackbone()
    summary = embed_all(backbone)

    assert (summary.embedded, summary.known) == (8, 32)
    assert backbone.seen == 8


def test_a_photo_that_is_erased_while_it_is_embedded_leaves_nothing(
    store: Store, put: Put, embed_all: Callable[..., EmbedSummary], workspace: Path
) -> None:
    erased, other = put(1), put(2)

    class ErasingMeanwhile(ColourBackbone):
        def embed(self, images: Sequence[Image.Image]) -> NDArray[np.float32]:
            store.erasure.begin([Photo(id=erased)])
            store.erasure.delete([erased])
            return super().embed(images)

    embed_all(ErasingMeanwhile())

    with open_embeddings(workspace, ColourBackbone()) as embeddings:
        assert [photo_id for ids, _ in embeddings.blocks() for photo_id in ids] == [other]
