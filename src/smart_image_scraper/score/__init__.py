"""Score: how sure a model is that something is in a photo."""

from smart_image_scraper.score.backbone import Backbone, model_name
from smart_image_scraper.score.classifier import Classifier, Head
from smart_image_scraper.score.decoding import decode
from smart_image_scraper.score.dinov2 import DinoV2
from smart_image_scraper.score.embeddings import Embeddings
from smart_image_scraper.score.kept_texts import KeptTexts, ReadTexts
from smart_image_scraper.score.models import (
    DEFAULT_MODEL,
    MODELS,
    open_backbone,
    open_text_backbone,
)
from smart_image_scraper.score.photo_text import TextFeatures
from smart_image_scraper.score.scorer import Concept, Scorer
from smart_image_scraper.score.siglip import SigLip
from smart_image_scraper.score.zero_shot import TextBackbone, ZeroShot

__all__ = [
    "DEFAULT_MODEL",
    "MODELS",
    "Backbone",
    "Classifier",
    "Concept",
    "DinoV2",
    "Embeddings",
    "Head",
    "KeptTexts",
    "ReadTexts",
    "Scorer",
    "SigLip",
    "TextBackbone",
    "TextFeatures",
    "ZeroShot",
    "decode",
    "model_name",
    "open_backbone",
    "open_text_backbone",
]
