"""Scoring what is pending: each photo once for each concept, from its embedding."""

import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from smart_image_scraper.errors import UsageError
from smart_image_scraper.photo import (
    EncryptedPhoto,
    Filter,
    Photo,
    PhotoId,
    Scoring,
    Stage,
    Threshold,
)
from smart_image_scraper.pipeline import Progress, ScoreSummary, histogram, open_embeddings, score
from smart_image_scraper.score import Concept
from smart_image_scraper.store import Review, Store, Verdict
from tests.made.photos import stored_file
from tests.made.training import NoBackbone

COLOURS = {"red": 0, "green": 1, "blue": 2}


class ColourBackbone(NoBackbone):
    """A backbone whose embeddings say how much there is of each colour."""

    name = "colour"
    dimension = len(COLOURS)


class ColourScorer:
    """Says how much of a colour is in an embedding; a fake that counts what it is asked."""

    model = "colour@1"
    backbone = ColourBackbone()
    calibrated_later = True
    text_features = None

    def __init__(self, *, basis: str = "first") -> None:
        self.asked = 0
        self._basis = basis

    def raw(
        self, embeddings: NDArray[np.floating[Any]], concepts: Sequence[Concept]
    ) -> NDArray[np.float32]:
        self.asked += embeddings.shape[0] * len(concepts)
        return embeddings[:, [COLOURS[concept.word] for concept in concepts]].astype(np.float32)

    def scoring(self, concept: Concept) -> Scoring:
        return Scoring(
            concept=concept.word,
            model=self.model,
            slope=10.0,
            intercept=-5.0,
            given=str(concept),
            basis=self._basis,
            scored_at=datetime.now(UTC),
        )


@pytest.fixture
def embedded(store: Store, workspace: Path) -> Callable[..., list[PhotoId]]:
    """Put photos that are embedded: each by the colour that it has most of."""

    def put(*colours: str, first: int = 0) -> list[PhotoId]:
        ids = [PhotoId(f"flickr:{first + number}") for number in range(len(colours))]
        files = [stored_file(f"{int(photo_id.native):064x}") for photo_id in ids]
        photos = [
            EncryptedPhoto(photo=Photo(id=photo_id, file=file))
            for photo_id, file in zip(ids, files, strict=True)
        ]
        store.put(photos, stages=(Stage.SEARCH, Stage.DOWNLOAD))
        vectors = np.eye(3, dtype=np.float32)[[COLOURS[colour] for colour in colours]]
        with open_embeddings(workspace, ColourBackbone()) as embeddings:
            contents = {each: file.sha256 for each, file in zip(ids, files, strict=True)}
            embeddings.append(contents, vectors)
        return ids

    return put


@pytest.fixture
def score_all(store: Store, workspace: Path, progress: Progress) -> Callable[..., ScoreSummary]:
    def run(scorer: ColourScorer, *words: str, where: Filter | None = None) -> ScoreSummary:
        return score(
            store,
            scorer,
            concepts=[Concept(word=word) for word in words],
            workspace=workspace,
            where=where or Filter(),
            progress=progress,
        )

    return run


def test_each_photo_is_scored_once_for_each_concept(
    store: Store, embedded: Callable[..., list[PhotoId]], score_all: Callable[..., ScoreSummary]
) -> None:
    ids = embedded("red", "green")
    scorer = ColourScorer()

    first = score_all(scorer, "red")
    embedded("red", first=2)
    second = score_all(scorer, "red", "blue")

    assert (first.scored, first.known) == ({"red": 2}, {"red": 0})
    assert (second.scored, second.known) == ({"red": 1, "blue": 3}, {"red": 2, "blue": 0})
    assert scorer.asked == 6
    red = store.find(Filter(scores=(Threshold.parse("red>0.9"),)))
    assert [each.photo.id.native for each in red] == ["0", "2"]
    (photo,) = store.get(ids[:1])
    assert {each.concept: each.raw for each in photo.photo.scores} == {"red": 1, "blue": 0}


def test_with_nothing_new_nothing_is_asked_and_nothing_changes(
    embedded: Callable[..., list[PhotoId]], score_all: Callable[..., ScoreSummary]
) -> None:
    embedded("red", "green")
    score_all(ColourScorer(), "red")
    scorer = ColourScorer()

    summary = score_all(scorer, "red")

    assert summary.scored == {"red": 0}
    assert scorer.asked == 0


def test_a_concept_that_is_given_in_two_ways_is_a_wrong_use(
    store: Store, embedded: Callable[..., list[PhotoId]], workspace: Path, progress: Progress
) -> None:
    embedded("red")
    twice = [Concept(word="red"), Concept(word="red", synonyms=("crimson",))]

    with pytest.raises(UsageError, match="'red' is given as 'red' and as 'red=crimson'; give it"):
        score(
            store,
            ColourScorer(),
            concepts=twice,
            workspace=workspace,
            where=Filter(),
            progress=progress,
        )

    assert store.scores.scorings() == []


def test_only_what_a_filter_means_is_scored(
    store: Store, embedded: Callable[..., list[PhotoId]], score_all: Callable[..., ScoreSummary]
) -> None:
    ids = embedded("red", "green", "blue")

    score_all(ColourScorer(), "red", where=Filter(ids=(ids[1],)))

    assert store.scores.column("colour@1", "red")[0].tolist() == [ids[1].encode()]


def test_an_embedding_of_a_photo_that_is_gone_is_not_scored(
    store: Store, embedded: Callable[..., list[PhotoId]], score_all: Callable[..., ScoreSummary]
) -> None:
    ids = embedded("red", "green")
    store._database["photos"].delete_one({"_id": ids[0]})

    score_all(ColourScorer(), "red")

    assert store.scores.column("colour@1", "red")[0].tolist() == [ids[1].encode()]


def test_another_basis_has_every_photo_scored_anew(
    embedded: Callable[..., list[PhotoId]], score_all: Callable[..., ScoreSummary]
) -> None:
    embedded("red", "green")
    score_all(ColourScorer(), "red")

    assert score_all(ColourScorer(basis="second"), "red").scored == {"red": 2}


def test_another_basis_for_some_photos_scores_all_anew_that_were_scored(
    store: Store, embedded: Callable[..., list[PhotoId]], score_all: Callable[..., ScoreSummary]
) -> None:
    first, *_ = embedded("red", "green", "red")
    score_all(ColourScorer(), "red")

    again = score_all(ColourScorer(basis="second"), "red", where=Filter(ids=(first,)))

    assert (again.scored, again.known) == ({"red": 3}, {"red": 0})
    assert store.count(Filter(scores=(Threshold.parse("red>0.9"),))) == 2


def test_a_calibration_stays_when_photos_come_and_goes_with_its_basis(
    store: Store, embedded: Callable[..., list[PhotoId]], score_all: Callable[..., ScoreSummary]
) -> None:
    embedded("red")
    first = score_all(ColourScorer(), "red")
    (scoring,) = store.scores.scorings()
    store.scores.save_scoring(replace(scoring, slope=3.0, intercept=0.0, reviews=40))

    embedded("red", first=1)
    second = score_all(ColourScorer(), "red")
    (kept,) = store.scores.scorings()
    third = score_all(ColourScorer(basis="second"), "red")

    assert first.uncalibrated == third.uncalibrated == ("red",)
    assert second.uncalibrated == ()
    assert (kept.slope, kept.reviews) == (3.0, 40)
    assert kept.scored_at >= scoring.scored_at


def test_thirty_reviews_of_a_concept_calibrate_it(
    store: Store, embedded: Callable[..., list[PhotoId]], score_all: Callable[..., ScoreSummary]
) -> None:
    ids = embedded(*["red"] * 20, *["green"] * 10)
    store.reviews.add(_reviews(ids[:29], accepted=ids[:15]))
    before = score_all(ColourScorer(), "red")

    store.reviews.add(_reviews(ids[29:], accepted=[]))
    after = score_all(ColourScorer(), "red")

    assert (before.uncalibrated, after.uncalibrated) == (("red",), ())
    (red,) = [each.photo.scores[0] for each in store.get(ids[:1])]
    assert red.calibrated
    # 15 of the 20 red ones are what was meant.
    assert red.value == pytest.approx(0.75, abs=0.05)


def test_reviews_that_contradict_the_scores_calibrate_nothing(
    store: Store, embedded: Callable[..., list[PhotoId]], score_all: Callable[..., ScoreSummary]
) -> None:
    ids = embedded(*["red"] * 20, *["green"] * 20)
    store.reviews.add(_reviews(ids, accepted=ids[20:]))

    assert score_all(ColourScorer(), "red").uncalibrated == ("red",)


def test_a_histogram_counts_photos_by_their_probability(
    store: Store, embedded: Callable[..., list[PhotoId]], score_all: Callable[..., ScoreSummary]
) -> None:
    embedded("red", "green", "blue")
    score_all(ColourScorer(), "red")
    (scoring,) = store.scores.scorings()

    assert histogram(store, scoring, bins=4) == [2, 0, 0, 1]


def test_scoring_waits_for_no_library_that_asks_the_network_or_runs_a_model() -> None:
    unneeded = {"aiohttp", "stamina", "onnxruntime", "sklearn", "scipy", "shapely"}
    program = (
        "import sys; from smart_image_scraper.pipeline import TrainedScorer, score;"
        f"print({unneeded} & sys.modules.keys())"
    )

    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert said.stdout.strip() == "set()"


def _reviews(ids: Sequence[PhotoId], *, accepted: Sequence[PhotoId]) -> list[Review]:
    return [
        Review(
            photo=photo_id,
            verdict=Verdict.ACCEPT if photo_id in accepted else Verdict.REJECT,
            concept="red",
            by="somebody",
            at=datetime(2026, 1, 1, tzinfo=UTC),
        )
        for photo_id in ids
    ]
