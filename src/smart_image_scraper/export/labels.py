"""Export: whether a photo shows a concept: as people said, else as its score says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from unicodedata import category

from smart_image_scraper.errors import UsageError
from smart_image_scraper.photo import Comparison, Photo, PhotoId, Score, Scoring, Threshold
from smart_image_scraper.store import Review, Store, Verdict
from smart_image_scraper.store.scorings import scoring_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelling:
    """How photos are labelled for one concept.

    Attributes:
        concept: Which.
        yes: The score from which on a photo shows it; ``None`` if only people's word counts.
        no: The score below which it does not; between the two there is no label. ``None``: every
            other scored photo does not.
        scoring: Whose scores these are; ``None`` if only people's word counts and no model has
            scored it.
    """

    concept: str
    yes: Threshold | None = None
    no: Threshold | None = None
    scoring: Scoring | None = None

    def score_of(self, photo: Photo) -> Score | None:
        """Return the photo's score; ``None`` if it has none by that model."""
        if self.scoring is None:
            return None
        wanted = (self.concept, self.scoring.model)
        return next((each for each in photo.scores if (each.concept, each.model) == wanted), None)

    def judge(self, score: Score | None) -> bool | None:
        """Tell whether a score means that the concept is shown; ``None`` if it says neither."""
        if score is None or self.yes is None:
            return None
        if _meets(score, self.yes):
            return True
        if self.no is not None:
            return False if _meets(score, self.no) else None
        # What is below a service's floor is below a threshold that lies above the floor, too.
        known = score.value is not None or (score.below or 0) <= self.yes.limit
        return False if known else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Labeller:
    """Labels photos for some concepts.

    Attributes:
        labellings: One for each concept, in order.
        verdicts: By photo and concept, what people said last.
        rejected: Photos that people said are not wanted.
    """

    labellings: tuple[Labelling, ...] = ()
    verdicts: Mapping[tuple[PhotoId, str], bool] = field(
        default_factory=lambda: MappingProxyType({})
    )
    rejected: frozenset[PhotoId] = frozenset()

    @classmethod
    def of(
        cls, store: Store, *, concepts: Iterable[str] = (), thresholds: Iterable[Threshold] = ()
    ) -> "Labeller":
        """Read what people said of photos, and which models the thresholds mean.

        Raises:
            UsageError: A concept is no readable text, nobody has scored one that a threshold is
                about, or it has two of a kind, or none that says from which score on it is shown.
        """
        by_concept: dict[str, list[Threshold]] = {concept: [] for concept in concepts}
        for threshold in thresholds:
            by_concept.setdefault(threshold.concept, []).append(threshold)
        for concept in by_concept:
            _check_concept(concept)
        scorings = store.scores.scorings()
        labellings = tuple(
            _labelling(concept, of_concept, scorings=scorings)
            for concept, of_concept in by_concept.items()
        )
        reviews = store.reviews.latest()
        return cls(
            labellings=labellings,
            verdicts=_verdicts(each for each in reviews if each.concept in by_concept),
            rejected=_rejected(reviews),
        )

    @property
    def concepts(self) -> tuple[str, ...]:
        """What photos are labelled for, in order."""
        return tuple(each.concept for each in self.labellings)

    def label(self, photo: Photo) -> tuple[dict[str, bool], dict[str, float]]:
        """Return a photo's labels and scores by concept, as far as there are any."""
        labels: dict[str, bool] = {}
        scores: dict[str, float] = {}
        for labelling in self.labellings:
            score = labelling.score_of(photo)
            said = self.verdicts.get((photo.id, labelling.concept))
            label = labelling.judge(score) if said is None else said
            if label is not None:
                labels[labelling.concept] = label
            if score is not None and score.value is not None:
                scores[labelling.concept] = score.value
        return labels, scores


def _check_concept(concept: str) -> None:
    # It becomes the name of columns and folders. Bytes on the command line that are no UTF-8 arrive
    # as lone surrogates (PEP 383).
    if not concept.strip() or any(category(letter) in {"Cc", "Cs"} for letter in concept):
        raise UsageError(f"{concept!r} is no concept to label photos for; give a word or phrase")


def _verdicts(reviews: Iterable[Review]) -> dict[tuple[PhotoId, str], bool]:
    return {
        (review.photo, review.concept): review.verdict is Verdict.ACCEPT
        for review in reviews
        if review.concept is not None
    }


def _rejected(reviews: Iterable[Review]) -> frozenset[PhotoId]:
    return frozenset(
        review.photo
        for review in reviews
        if review.concept is None and review.verdict is Verdict.REJECT
    )


def _labelling(
    concept: str, thresholds: Iterable[Threshold], *, scorings: Iterable[Scoring]
) -> Labelling:
    upward = [each for each in thresholds if each.comparison.is_upward]
    downward = [each for each in thresholds if not each.comparison.is_upward]
    if len(upward) > 1 or len(downward) > 1:
        raise UsageError(
            f"the label {concept!r} has more than one score from which on, or below which, it "
            "holds; give one of each"
        )
    if downward and not upward:
        raise UsageError(
            f"the label condition {str(downward[0])!r} says when {concept!r} is not shown; say "
            f"when it is, too, as in {concept}>=0.5"
        )
    if len({each.model for each in (*upward, *downward)}) > 1:
        raise UsageError(f"the conditions of the label {concept!r} name two models; name one")
    scoring = (
        scoring_of(scorings, upward[0])
        if upward
        else next((each for each in scorings if each.concept == concept), None)
    )
    return Labelling(
        concept=concept,
        yes=upward[0] if upward else None,
        no=downward[0] if downward else None,
        scoring=scoring,
    )


def _meets(score: Score, threshold: Threshold) -> bool:
    limit = threshold.limit
    if score.value is None:
        below = score.below or 0.0
        return not threshold.comparison.is_upward and below <= limit
    match threshold.comparison:
        case Comparison.AT_LEAST:
            return score.value >= limit
        case Comparison.ABOVE:
            return score.value > limit
        case Comparison.AT_MOST:
            return score.value <= limit
        case Comparison.BELOW:
            return score.value < limit
