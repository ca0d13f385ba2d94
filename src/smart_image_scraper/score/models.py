"""Score: which backbones there are, by the words that people choose them by."""

from pathlib import Path

from smart_image_scraper.errors import UsageError
from smart_image_scraper.score.backbone import Backbone
from smart_image_scraper.score.dinov2 import NAME as DINOV2
from smart_image_scraper.score.dinov2 import DinoV2
from smart_image_scraper.score.siglip import VARIANTS, SigLip
from smart_image_scraper.score.zero_shot import TextBackbone

DEFAULT_MODEL = "siglip2-b16-224"
FAST_MODEL = "siglip2-b32-256"
MODELS = (*VARIANTS, DINOV2)
"""Every backbone's name; all but the last are image-text models."""


def open_backbone(name: str, *, models: Path, model_path: Path | None = None) -> Backbone:
    """Return a backbone, which is loaded when it is first used.

    Args:
        name: One of ``MODELS``, or ``fast``.
        models: The folder where models that are made on this machine are kept.
        model_path: A folder that holds the model, in place of the hub.

    Raises:
        UsageError: There is no such backbone.
        ModelError: The folder holds no such model.
    """
    if name == DINOV2:
        return DinoV2(models, model_path=model_path)
    return open_text_backbone(name, model_path=model_path)


def open_text_backbone(name: str, *, model_path: Path | None = None) -> TextBackbone:
    """Return a backbone that can be asked in words; see :func:`open_backbone`."""
    whole = FAST_MODEL if name == "fast" else name
    if whole not in VARIANTS:
        raise UsageError(
            f"{name!r} is no model; there are fast, {', '.join(MODELS)}, google-vision, and those "
            "that `sis train` has made"
        )
    return SigLip(whole, folder=model_path)
