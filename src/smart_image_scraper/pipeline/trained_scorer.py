"""Pipeline: score photos by a model that was trained on them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from smart_image_scraper.errors import UsageError
from smart_image_scraper.photo import Scoring
from smart_image_scraper.score import Backbone, Classifier, Concept, model_name


class TrainedScorer:
    """Scores photos by a trained model; an ``EmbeddingScorer``.

    Args:
        classifier: The model.
        backbone: Makes the embeddings that it was trained on.

    Raises:
        UsageError: It was trained on those of another backbone.
    """

    calibrated_later = False

    def __init__(self, classifier: Classifier, *, backbone: Backbone) -> None:
        if classifier.backbone != model_name(backbone):
            raise UsageError(
                f"{classifier.model} was trained on embeddings by {classifier.backbone}, and here "
                f"is {model_name(backbone)}; train it anew with `sis train`, or name the folder of "
                "that model with --model-path"
            )
        self._classifier = classifier
        self.backbone = backbone
        self.model = classifier.model
        self.text_features = classifier.text
        self.words = tuple(head.concept for head in classifier.heads)

    def raw(
        self, embeddings: NDArray[np.floating[Any]], concepts: Sequence[Concept]
    ) -> NDArray[np.float32]:
        """Return logits, shape (N, K).

        Raises:
            ModelError: It was not trained for one of the concepts.
        """
        vectors = embeddings.astype(np.float32, copy=False)
        values = [self._classifier.head(each.word).values(vectors) for each in concepts]
        return np.stack(values, axis=1).astype(np.float32)

    def scoring(self, concept: Concept) -> Scoring:
        """Return how its logits are read.

        Raises:
            ModelError: It was not trained for the concept.
        """
        head = self._classifier.head(concept.word)
        return Scoring(
            concept=concept.word,
            model=self.model,
            slope=head.slope,
            intercept=head.offset,
            given=concept.word,
            basis=self._classifier.trained_at.isoformat(),
            reviews=head.calibrated_on,
            scored_at=datetime.now(UTC),
        )
