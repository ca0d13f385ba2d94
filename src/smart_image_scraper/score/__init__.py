"""Score: how sure a model is that something is in a photo."""

from smart_image_scraper.score.backbone import Backbone, model_name
from smart_image_scraper.score.decoding import decode
from smart_image_scraper.score.dinov2 import DinoV2
from smart_image_scraper.score.embeddings import Embeddings
from smart_image_scraper.score.scorer import Concept, Scorer

__all__ = ["Backbone", "Concept", "DinoV2", "Embeddings", "Scorer", "decode", "model_name"]
