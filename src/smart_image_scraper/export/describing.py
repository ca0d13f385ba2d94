"""Export: the files beside a data set's photos that tell of it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from smart_image_scraper.export import attribution, card, croissant, runs
from smart_image_scraper.export.facts import Facts
from smart_image_scraper.export.folder import MANIFEST, written_file
from smart_image_scraper.export.manifest import write_manifest

_MARKDOWN, _CSV, _JSON = "text/markdown", "text/csv", "application/json"


def describe(facts: Facts, *, folder: Path) -> None:
    """Write what tells of a data set beside it."""
    licenses = attribution.write_licenses(facts.tally.licenses, folder=folder)
    searches = runs.write_runs(facts.runs, to=folder / runs.FILE)
    readme = folder / card.FILE
    readme.write_text(card.write_card(facts), encoding="utf-8", errors="replace")
    ours = {
        folder / attribution.FILE: _MARKDOWN,
        licenses: _CSV,
        searches: _JSON,
        readme: _MARKDOWN,
    }
    files = [
        *facts.written.files,
        *(written_file(path, folder=folder, media_type=kind) for path, kind in ours.items()),
    ]
    described = folder / croissant.FILE
    _write_json(croissant.write_croissant(facts, files=files), described)
    files.append(written_file(described, folder=folder, media_type="application/ld+json"))
    _write_json(write_manifest(facts, files=files), folder / MANIFEST)


def _write_json(values: Mapping[str, Any], path: Path) -> None:
    text = json.dumps(values, ensure_ascii=False, indent=1)
    path.write_text(f"{text}\n", encoding="utf-8", errors="backslashreplace")
