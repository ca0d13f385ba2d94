"""Store: photos in MongoDB, encrypted."""

from smart_image_scraper.photo import Verdict
from smart_image_scraper.store.contents import Content
from smart_image_scraper.store.duplicates import Likeness
from smart_image_scraper.store.erasing import Erasure
from smart_image_scraper.store.outlines import Outlines, Overview, Said
from smart_image_scraper.store.queries import Order, Position
from smart_image_scraper.store.reviews import Review, Reviews
from smart_image_scraper.store.runs import Run
from smart_image_scraper.store.scores import Scores
from smart_image_scraper.store.store import Store
from smart_image_scraper.store.totals import Totals
from smart_image_scraper.store.writing import Counts

__all__ = [
    "Content",
    "Counts",
    "Erasure",
    "Likeness",
    "Order",
    "Outlines",
    "Overview",
    "Position",
    "Review",
    "Reviews",
    "Run",
    "Said",
    "Scores",
    "Store",
    "Totals",
    "Verdict",
]
