"""Pipeline: the stages in their order, and what a failure in one of them does."""

from smart_image_scraper.pipeline.calibrate import calibrate
from smart_image_scraper.pipeline.compare import CompareSummary, compare_countries
from smart_image_scraper.pipeline.details import DetailsSummary, fetch_details
from smart_image_scraper.pipeline.download import DownloadSummary, download
from smart_image_scraper.pipeline.duplicates import DuplicatesSummary, find_duplicates
from smart_image_scraper.pipeline.embed import EmbedSummary, embed, open_embeddings
from smart_image_scraper.pipeline.erasing import (
    ForgetSummary,
    LiftSummary,
    PurgeSummary,
    forget_owners,
    forget_photos,
    lift_blocks,
    purge,
)
from smart_image_scraper.pipeline.exhaustive import search_exhaustively
from smart_image_scraper.pipeline.filter_words import read_filter, write_filter, write_options
from smart_image_scraper.pipeline.geocode import GeocodeSummary, geocode, load_geocoder
from smart_image_scraper.pipeline.imports import ImportSummary, import_files, import_older
from smart_image_scraper.pipeline.inspect import InspectSummary, inspect
from smart_image_scraper.pipeline.keys import (
    KeyCheck,
    adopt_keys,
    check_all,
    check_keys_match,
    check_not_needed,
    rotate,
)
from smart_image_scraper.pipeline.progress import Progress
from smart_image_scraper.pipeline.refresh import (
    RefreshPlan,
    RefreshSummary,
    plan_refresh,
    refresh,
)
from smart_image_scraper.pipeline.score import EmbeddingScorer, ScoreSummary, histogram, score
from smart_image_scraper.pipeline.search import SearchSummary, keep, search
from smart_image_scraper.pipeline.trained_scorer import TrainedScorer

__all__ = [
    "CompareSummary",
    "DetailsSummary",
    "DownloadSummary",
    "DuplicatesSummary",
    "EmbedSummary",
    "EmbeddingScorer",
    "ForgetSummary",
    "GeocodeSummary",
    "ImportSummary",
    "InspectSummary",
    "KeyCheck",
    "LiftSummary",
    "Progress",
    "PurgeSummary",
    "RefreshPlan",
    "RefreshSummary",
    "ScoreSummary",
    "SearchSummary",
    "TrainedScorer",
    "adopt_keys",
    "calibrate",
    "check_all",
    "check_keys_match",
    "check_not_needed",
    "compare_countries",
    "download",
    "embed",
    "fetch_details",
    "find_duplicates",
    "forget_owners",
    "forget_photos",
    "geocode",
    "histogram",
    "import_files",
    "import_older",
    "inspect",
    "keep",
    "lift_blocks",
    "load_geocoder",
    "open_embeddings",
    "plan_refresh",
    "purge",
    "read_filter",
    "refresh",
    "rotate",
    "score",
    "search",
    "search_exhaustively",
    "write_filter",
    "write_options",
]
