"""Pipeline: have Google Vision label what it has not seen, and score concepts from the labels."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from smart_image_scraper.errors import ScoreError
from smart_image_scraper.photo import (
    EncryptedPhoto,
    Filter,
    Photo,
    PhotoLabels,
    Scoring,
    Stage,
    picture_of,
)
from smart_image_scraper.pipeline.download import with_failure
from smart_image_scraper.pipeline.in_order import in_order
from smart_image_scraper.pipeline.progress import Progress
from smart_image_scraper.score import Concept
from smart_image_scraper.score.decoding import read_file
from smart_image_scraper.score.google_vision import MODEL, Answer, GoogleVision
from smart_image_scraper.score.label_words import LabelWords
from smart_image_scraper.score.sending import Picture, in_requests, prepare
from smart_image_scraper.store import Store

REQUESTS_AT_ONCE = 4
"""At two seconds a request of 16 images that is what the service lets in, 1,800 images a minute."""

_DECODERS = 2

# https://cloud.google.com/vision/pricing, label detection, up to 5,000,000 images a month.
PRICE_PER_1000_USD = 1.5
FREE_A_MONTH = 1_000
PRICE_AS_OF = "May 2026"


@dataclass(frozen=True, slots=True, kw_only=True)
class VisionEstimate:
    """What a run would send to Google, and what Google takes for it.

    Attributes:
        photos: How many photos.
        least_usd: If none of the month's free images has been used.
        most_usd: If all of them have.
    """

    photos: int
    least_usd: float
    most_usd: float


@dataclass(frozen=True, slots=True, kw_only=True)
class VisionSummary:
    """What came of scoring with Google Vision.

    Attributes:
        model: The model's name in scores.
        labelled: Photos that Google was asked for and answered.
        scored: Photos that have got a score.
        failed: By reason, photos that failed.
    """

    stage: ClassVar = "label"
    model: str
    labelled: int
    scored: int
    failed: Mapping[str, int]


def estimate_vision(store: Store, *, where: Filter, again: bool = False) -> VisionEstimate:
    """Tell what :func:`score_with_vision` would send, and its price.

    Args:
        store: Says which photos Google has not seen.
        where: Only these photos.
        again: Whether those that failed for good are tried once more, too.
    """
    photos = store.labels.count_pending(where, model=MODEL, again=again)
    price = PRICE_PER_1000_USD / 1_000
    return VisionEstimate(
        photos=photos,
        least_usd=max(0, photos - FREE_A_MONTH) * price,
        most_usd=photos * price,
    )


def score_with_vision(
    store: Store,
    service: GoogleVision | None,
    *,
    workspace: Path,
    concepts: Sequence[Concept],
    words: LabelWords,
    where: Filter,
    again: bool = False,
    progress: Progress,
) -> VisionSummary:
    """Have the photos labelled that Google has not seen, and score concepts from all labels.

    Args:
        store: Says which photos are pending; gets labels, scores and failures.
        service: Who is asked; ``None`` to ask nobody, and score from the labels that are there.
        workspace: Has the ``files``.
        concepts: What is looked for; their synonyms and contrasts are added to the words.
        words: Which labels stand for a concept.
        where: Only these photos.
        again: Whether those that failed for good are tried once more, too.
        progress: Is told of every photo that is done.

    Raises:
        SisError: What ends the run; every answer that has come is recorded.
    """
    work = _Labelling(store, folder=workspace / "files")
    if service is not None:
        total = store.labels.count_pending(where, model=MODEL, again=again)
        with progress.stage("label", total=total) as advance:
            photos = store.labels.pending(where, model=MODEL, again=again)
            work.run(photos, service=service, advance=advance)
    scored = _score(store, concepts=concepts, words=words, where=where)
    return VisionSummary(
        model=MODEL, labelled=work.labelled, scored=scored, failed=dict(work.failed)
    )


class _Labelling:
    """One run's requests."""

    def __init__(self, store: Store, *, folder: Path) -> None:
        self._store = store
        self._folder = folder
        self.labelled = 0
        self.failed: Counter[str] = Counter()

    def run(
        self,
        photos: Iterable[EncryptedPhoto],
        *,
        service: GoogleVision,
        advance: Callable[[int], None],
    ) -> None:
        """Label photos, several requests at a time."""
        sent: dict[str, EncryptedPhoto] = {}

        def ask(request: Sequence[Picture]) -> list[Answer | ScoreError]:
            answers = service.label(request)
            # Here, not where the answers are counted: what was paid for is on the disk at once.
            asked = [sent.pop(picture.name) for picture in request]
            self._record(asked, answers=answers)
            return answers

        with (
            ThreadPoolExecutor(_DECODERS) as decoders,
            ThreadPoolExecutor(REQUESTS_AT_ONCE) as pool,
        ):
            prepared = in_order(decoders, self._prepared, items=photos, ahead=8 * _DECODERS)
            pictures = self._pictures(prepared, sent=sent, advance=advance)
            requests = in_requests(pictures)
            try:
                for answers in in_order(pool, ask, items=requests, ahead=REQUESTS_AT_ONCE):
                    self._count(answers)
                    advance(len(answers))
            except BaseException:
                service.stop()
                pool.shutdown(wait=True, cancel_futures=True)
                raise

    def _prepared(self, encrypted: EncryptedPhoto) -> tuple[EncryptedPhoto, Picture | ScoreError]:
        photo = encrypted.photo
        try:
            path = self._folder / (photo.file.path if photo.file else "")
            return encrypted, prepare(read_file(path, name=str(photo.id)), name=str(photo.id))
        except ScoreError as error:
            return encrypted, error

    def _pictures(
        self,
        prepared: Iterable[tuple[EncryptedPhoto, Picture | ScoreError]],
        *,
        sent: dict[str, EncryptedPhoto],
        advance: Callable[[int], None],
    ) -> Iterator[Picture]:
        for encrypted, picture in prepared:
            if isinstance(picture, ScoreError):
                self._record([encrypted], answers=[picture])
                self._count([picture])
                advance(1)
            else:
                sent[picture.name] = encrypted
                yield picture

    def _record(
        self, asked: Sequence[EncryptedPhoto], *, answers: Sequence[Answer | ScoreError]
    ) -> None:
        labels, failed = [], []
        for encrypted, answer in zip(asked, answers, strict=True):
            if isinstance(answer, ScoreError):
                failure = with_failure(encrypted.photo, Stage.SCORE, error=answer)
                failed.append(replace(encrypted, photo=failure))
            else:
                labels.append(_labels(encrypted.photo, answer))
        self._store.labels.put(labels)
        self._store.put(failed, stages=(Stage.SCORE,))
        self._store.forget_files(each.photo for each in failed if _is_missing(each.photo))

    def _count(self, answers: Iterable[Answer | ScoreError]) -> None:
        for answer in answers:
            if isinstance(answer, ScoreError):
                self.failed[answer.reason] += 1
            else:
                self.labelled += 1


def _is_missing(photo: Photo) -> bool:
    return photo.failures[Stage.SCORE].reason == "missing"


def _labels(photo: Photo, answer: Answer) -> PhotoLabels:
    return PhotoLabels(
        photo=photo.id,
        model=MODEL,
        picture=picture_of(photo) or "",
        labels=answer.labels,
        floor=answer.floor,
        at=datetime.now(UTC),
    )


def _score(store: Store, *, concepts: Sequence[Concept], words: LabelWords, where: Filter) -> int:
    """Score what is labelled and lacks a score; return how many photos."""
    own = {each.word: (*each.synonyms, *map("not {}".format, each.contrast)) for each in concepts}
    words = words.adding(own)
    store.labels.use_words(_scoring(concept, words=words) for concept in concepts)
    unscored = store.labels.unscored(where, model=MODEL, concepts=list(own))
    scored = (_scored(labels, concepts=own, words=words) for labels in unscored)
    return store.put(scored, stages=(Stage.SCORE,)).known


def _scoring(concept: Concept, *, words: LabelWords) -> Scoring:
    return Scoring(
        concept=concept.word,
        model=MODEL,
        given=str(concept),
        basis=words.digest(concept.word),
        scored_at=datetime.now(UTC),
    )


def _scored(labels: PhotoLabels, *, concepts: Iterable[str], words: LabelWords) -> EncryptedPhoto:
    scores = tuple(words.score(labels, concept=concept) for concept in concepts)
    return EncryptedPhoto(photo=Photo(id=labels.photo, scores=scores))
