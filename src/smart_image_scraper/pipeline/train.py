"""Pipeline: train a model on one's own photos, and suggest which to look at next.

It needs scikit-learn, which is in extras, so that it is not among what ``pipeline`` exports.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import ClassVar

from smart_image_scraper.photo import Filter, PhotoId
from smart_image_scraper.pipeline.lessons import features_without, read_lesson
from smart_image_scraper.pipeline.training_photos import (
    Answers,
    TrainingPhotos,
    WeakTerms,
    answers_in,
    file_names,
    read_training_photos,
)
from smart_image_scraper.score import Backbone, TextFeatures, model_name
from smart_image_scraper.score.classifier import Classifier, Head, versions
from smart_image_scraper.store import Review, Store, Verdict
from smart_image_scraper.train.evaluation import Evaluation, evaluate
from smart_image_scraper.train.gain import Gain
from smart_image_scraper.train.label_file import LabelRow
from smart_image_scraper.train.labels import Labels
from smart_image_scraper.train.learning import MOST_WEAK, check_enough
from smart_image_scraper.train.report import ConceptReport, write_report
from smart_image_scraper.train.suggestion import suggest


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """What came of training one concept.

    Attributes:
        concept: The concept's word.
        weak_terms: The search terms and tags that stood for it.
        yes: Photos that are labelled to show it, surely or weakly.
        no: Photos that are labelled not to.
        reviewed: How many of both a person has told.
        evaluation: How good it is on photos that it has not seen; ``None`` if there are too few.
        gain: What reading texts brings to that; ``None`` if it reads none, or is not measured.
        most_wrong: The photos that it got most wrong, the worst first.
    """

    concept: str
    weak_terms: tuple[str, ...]
    yes: int
    no: int
    reviewed: int
    evaluation: Evaluation | None
    gain: Gain | None
    most_wrong: tuple[PhotoId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainSummary:
    """What came of training.

    Attributes:
        model: The trained model's name with its version.
        path: Its file.
        report: The page with its figures and curves.
        concepts: What came of each concept.
    """

    stage: ClassVar = "train"
    model: str
    path: str
    report: str
    concepts: tuple[Trained, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToReview:
    """A photo that a person should look at.

    Attributes:
        photo: Which.
        concept: For which concept.
        reason: Why, in a word or two.
        probability: What a model that has not seen it says.
    """

    photo: PhotoId
    concept: str
    reason: str
    probability: float


def train(
    store: Store,
    backbone: Backbone,
    *,
    concepts: Sequence[str],
    weak_terms: WeakTerms,
    with_text: bool = False,
    name: str,
    workspace: Path,
    now: datetime,
) -> TrainSummary:
    """Train a new version of a model on all embedded photos, and measure it.

    Args:
        store: Has the photos and the reviews.
        backbone: Whose embeddings to learn from; it is not loaded.
        concepts: What to learn.
        weak_terms: By concept, what photos were found by; a concept that is not in it has the
            search terms and tags that name it.
        with_text: Whether it reads title, description and tags, too, but for what any photo
            was found by and for ``weak_terms``.
        name: The model's name.
        workspace: Has the embeddings, and gets the model.
        now: The time.

    Raises:
        TrainError: There is too little to learn one of the concepts from, or no photo was found by
            one of the terms; none is learned then.
    """
    photos = read_training_photos(store, backbone, workspace=workspace)
    photos.check_terms([term for given in weak_terms.values() for term in given])
    terms = {each: tuple(weak_terms.get(each) or photos.default_terms(each)) for each in concepts}
    labels = _labels(store, photos, terms=terms)
    features = features_without(photos.terms.union(*terms.values())) if with_text else None
    learn = partial(_learn, store, photos, text_features=features)
    learned = [learn(concept=each, terms=terms[each], labels=labels[each]) for each in concepts]
    models = workspace / "models"
    classifier = Classifier(
        name=name,
        version=max(versions(models, name), default=0) + 1,
        backbone=model_name(backbone),
        trained_at=now,
        heads=tuple(head for head, _ in learned),
        text=features,
    )
    return _save(classifier, models, concepts=tuple(each for _, each in learned))


def suggest_reviews(
    store: Store,
    backbone: Backbone,
    *,
    classifier: Classifier,
    concept: str,
    workspace: Path,
    number: int,
    answers: Answers | None = None,
) -> list[ToReview]:
    """Return the photos whose review would teach most, after all reviews that there are by now.

    Args:
        store: Has the photos and their texts.
        backbone: Whose embeddings to learn from; it is not loaded.
        classifier: The model that is to learn.
        concept: What.
        workspace: Has the embeddings.
        number: At most so many photos.
        answers: What people have said of the concept; the store's reviews where it is ``None``.

    Raises:
        ModelError: The model was not trained for the concept.
        TrainError: There is too little to learn from.
    """
    head = classifier.head(concept)
    photos = read_training_photos(store, backbone, workspace=workspace)
    answers = answers or answers_in(store, concept)
    labels = photos.labels(weak_terms=head.weak_terms, answers=answers)
    lesson = read_lesson(
        store, photos, labels=labels, text_features=classifier.text, unlabelled=MOST_WEAK
    )
    learned = lesson.learn(concept, strength=head.strength)
    chosen = suggest(
        lesson.images,
        lesson.labels,
        probabilities=learned.unseen,
        groups=lesson.groups,
        alike=lesson.alike,
        number=number,
    )
    return [
        ToReview(
            photo=lesson.ids[each.position],
            concept=concept,
            reason=each.reason.value,
            probability=float(learned.unseen[each.position]),
        )
        for each in chosen
    ]


def take_labels(
    store: Store, rows: Sequence[LabelRow], *, by: str, now: datetime
) -> tuple[int, int]:
    """Take the answers of a file of labels in as reviews, but for those that it gave last time.

    Args:
        store: Has the photos, and gets the reviews.
        rows: What the file says.
        by: What the reviews are to say of who made them.
        now: The time.

    Returns:
        How many reviews were added, and how many rows name no photo, or more than one.
    """
    ids = _ids_by_name(store)
    said = {
        (ids[row.name], concept): Verdict.ACCEPT if answer else Verdict.REJECT
        for row in rows
        if row.name in ids
        for concept, answer in row.answers.items()
    }
    before = {
        (each.photo, each.concept): each.verdict for each in store.reviews.all() if each.by == by
    }
    added = store.reviews.add(
        Review(photo=photo, verdict=verdict, concept=concept, by=by, at=now)
        for (photo, concept), verdict in said.items()
        if before.get((photo, concept)) is not verdict
    )
    return added, sum(row.name not in ids for row in rows)


def _labels(
    store: Store, photos: TrainingPhotos, *, terms: Mapping[str, tuple[str, ...]]
) -> dict[str, Labels]:
    """Return what is known of each concept, if that is enough to learn all of them from."""
    labels = {
        concept: photos.labels(weak_terms=given, answers=answers_in(store, concept))
        for concept, given in terms.items()
    }
    for concept, known in labels.items():
        check_enough(known, groups=photos.groups, concept=concept)
    return labels


def _learn(
    store: Store,
    photos: TrainingPhotos,
    *,
    concept: str,
    terms: tuple[str, ...],
    labels: Labels,
    text_features: TextFeatures | None,
) -> tuple[Head, Trained]:
    lesson = read_lesson(store, photos, labels=labels, text_features=text_features)
    learned = lesson.learn(concept)
    unseen = lesson.unseen()
    measured = gain = None
    if unseen is not None:
        measured = evaluate(unseen, lesson.labels, groups=lesson.groups)
        gain = lesson.gain(unseen)
    trained = Trained(
        concept=concept,
        weak_terms=terms,
        yes=int((labels.best == 1).sum()),
        no=int((labels.best == 0).sum()),
        reviewed=int(labels.is_sure.sum()),
        evaluation=measured,
        gain=gain,
        most_wrong=tuple(lesson.ids[each] for each in measured.most_wrong) if measured else (),
    )
    return replace(learned.head, weak_terms=terms), trained


def _save(classifier: Classifier, models: Path, *, concepts: tuple[Trained, ...]) -> TrainSummary:
    path = classifier.save(models)
    report = path.with_suffix(".html")
    sections = [
        ConceptReport(
            concept=each.concept,
            evaluation=each.evaluation,
            gain=each.gain,
            most_wrong=each.most_wrong,
        )
        for each in concepts
    ]
    write_report(report, sections, model=classifier.model)
    return TrainSummary(
        model=classifier.model, path=str(path), report=str(report), concepts=concepts
    )


def _ids_by_name(store: Store) -> Mapping[str, PhotoId]:
    found: dict[str, set[PhotoId]] = {}
    for each in store.find(Filter()):
        for name in {str(each.photo.id), *file_names(each.photo)}:
            found.setdefault(name, set()).add(each.photo.id)
    return {name: ids.pop() for name, ids in found.items() if len(ids) == 1}
