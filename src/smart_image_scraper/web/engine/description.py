"""Serve: what there is to filter by."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from smart_image_scraper.photo import Filter
from smart_image_scraper.photo.scoring import ENOUGH_REVIEWS
from smart_image_scraper.score import MODELS
from smart_image_scraper.store.outlines import NO_MOMENT
from smart_image_scraper.web.engine.selection import select
from smart_image_scraper.web.snapshot import Snapshot
from smart_image_scraper.web.snapshot.scores import ScoreColumn
from smart_image_scraper.web.snapshot.snapshot import moment


def describe(snapshot: Snapshot) -> Mapping[str, Any]:
    """Return what there is to filter by, ready for JSON.

    ``revision``, ``photos``, ``empty``; ``terms``, ``sites`` and ``cameras``: ``[{value, count}]``;
    ``countries``: ``[{code, count}]``; ``licenses``: ``[{word, count}]``; ``concepts``:
    ``[{concept, model, calibrated, trained, count}]``; ``taken``: ``{first, last}``, local times or
    null; ``views``: ``{max}``; ``signals``, ``disagreements``: words that some photo has;
    ``species``: whether there are names of species; ``has_words_search``, ``words_search_why``.
    """
    wanted = ("country", "term", "license", "camera", "disagrees", "signal", "site")
    counted = select(snapshot, Filter()).facets(wanted)
    taken = snapshot.column("taken")
    known = taken[taken != NO_MOMENT]
    why = snapshot.words_search_why
    return {
        "revision": snapshot.revision,
        "photos": len(snapshot),
        "empty": not len(snapshot),
        "terms": [{"value": term, "count": count} for term, count in counted["term"]],
        "countries": [{"code": code, "count": count} for code, count in counted["country"]],
        "sites": [{"value": site, "count": count} for site, count in counted["site"]],
        "licenses": [{"word": word, "count": count} for word, count in counted["license"]],
        "cameras": [{"value": name, "count": count} for name, count in counted["camera"]],
        "concepts": [_concept(column) for column in snapshot.scores.latest().values()],
        "taken": {
            "first": moment(int(known.min())) if len(known) else None,
            "last": moment(int(known.max())) if len(known) else None,
        },
        "views": {"max": max(int(snapshot.column("views").max(initial=0)), 0)},
        "signals": [name for name, count in counted["signal"] if count],
        "disagreements": [name for name, count in counted["disagrees"] if count],
        "species": snapshot.texts is not None and snapshot.texts.has_species,
        "has_words_search": why is None,
        "words_search_why": why,
    }


def _concept(column: ScoreColumn) -> dict[str, Any]:
    scoring = column.scoring
    return {
        "concept": scoring.concept,
        "model": scoring.model,
        "calibrated": not scoring.derived or scoring.reviews >= ENOUGH_REVIEWS,
        "trained": scoring.derived and scoring.model.partition("@")[0] not in MODELS,
        "count": int(len(column.probabilities) - np.isnan(column.probabilities).sum()),
    }
