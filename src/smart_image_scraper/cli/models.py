"""The models that commands name, opened with the folders of the settings."""

from typing import TYPE_CHECKING

from smart_image_scraper.cli.session import Session
from smart_image_scraper.cli.vision import VISION
from smart_image_scraper.errors import UsageError

if TYPE_CHECKING:
    from smart_image_scraper.pipeline import TrainedScorer
    from smart_image_scraper.score import Backbone, TextBackbone, ZeroShot


def named_backbone(opened: Session, name: str) -> "Backbone":
    """Return a backbone by its name, with the folders of the settings."""
    from smart_image_scraper.score import open_backbone
    from smart_image_scraper.score.dinov2 import NAME, holds_dinov2
    from smart_image_scraper.score.models import MODELS

    settings = opened.settings
    if name == VISION or is_trained(opened, name.partition("@")[0]):
        raise UsageError(
            f"{name} makes no embeddings; name a model that does: fast, {', '.join(MODELS)}"
        )
    folder = settings.model_path
    if name == NAME and folder and not opened.options.get("model_path"):
        # The setting may be about the image-text model, which is asked for in turn.
        folder = folder if holds_dinov2(folder) else None
    return open_backbone(name, models=settings.models_dir, model_path=folder)


def named_text_backbone(opened: Session, model: str) -> "TextBackbone":
    """Return a backbone that can be asked in words, by its name."""
    from smart_image_scraper.score import TextBackbone

    found = named_backbone(opened, model)
    if not isinstance(found, TextBackbone):
        raise UsageError(
            f"{found.name} knows no words; train it on photos of yours with `sis train`, or "
            "name an image-text model with --model"
        )
    return found


def named_scorer(opened: Session, model: str) -> "TrainedScorer | ZeroShot":
    """Return a trained model of that name, else one that knows words."""
    return _trained(opened, model) or _zero_shot(opened, model)


def is_trained(opened: Session, name: str) -> bool:
    """Tell whether a model of that name, without its version, was trained in the workspace."""
    return (opened.place / "models" / name).is_dir()


def _trained(opened: Session, model: str) -> "TrainedScorer | None":
    """Return the trained model of that name; ``None`` if there is none."""
    from smart_image_scraper.pipeline import TrainedScorer
    from smart_image_scraper.score import Classifier

    if not is_trained(opened, model.partition("@")[0]):
        return None
    classifier = Classifier.load(opened.place / "models", model)
    seen_by = named_backbone(opened, classifier.backbone.partition("@")[0])
    return TrainedScorer(classifier, backbone=seen_by)


def _zero_shot(opened: Session, model: str) -> "ZeroShot":
    from smart_image_scraper.score import ZeroShot

    return ZeroShot(
        named_text_backbone(opened, model), folder=opened.settings.models_dir / "prompts"
    )
