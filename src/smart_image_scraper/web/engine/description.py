"""Serve: what there is to filter by."""

from collections.abc import Mapping
from typing import Any

from smart_image_scraper.web.snapshot import Snapshot


def describe(snapshot: Snapshot) -> Mapping[str, Any]:
    """Return what there is to filter by, ready for JSON.

    ``revision``, ``photos``, ``empty``; ``terms`` and ``cameras``: ``[{value, count}]``;
    ``countries``: ``[{code, count}]``; ``licenses``: ``[{word, count}]``; ``concepts``:
    ``[{concept, model, calibrated, trained, count}]``; ``taken``: ``{first, last}``, local times or
    null; ``views``: ``{max}``; ``signals``, ``disagreements``: words that some photo has;
    ``species``: whether there are names of species; ``has_words_search``, ``words_search_why``.
    """
    raise NotImplementedError
