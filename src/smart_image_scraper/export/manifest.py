"""Export: what was asked for and what came of it, for programs: manifest.json."""

from collections.abc import Iterable, Mapping
from typing import Any

from smart_image_scraper.export.facts import Facts, filter_as_json
from smart_image_scraper.export.format import WrittenFile
from smart_image_scraper.export.labels import Labelling
from smart_image_scraper.export.leaving import LeftOut


def write_manifest(facts: Facts, *, files: Iterable[WrittenFile]) -> dict[str, Any]:
    """Return a data set's manifest, as JSON values.

    Args:
        facts: What is known of the data set.
        files: All of its files but the manifest and the images of single photos.
    """
    tally = facts.tally
    return {
        # By this key, and in the first place, a later export knows the folder as its own.
        "smart_image_scraper": facts.tool.rpartition(" ")[2],
        "name": facts.name,
        "format": facts.form,
        "made_at": facts.made_at.isoformat(timespec="seconds"),
        "filter": filter_as_json(facts.where, precision=facts.options.of_boxes),
        "options": _options(facts),
        "photos": tally.photos,
        "left_out": {reason.value: tally.left_out[reason] for reason in LeftOut},
        "owners_names_not_looked_for": tally.names_unknown,
        "under_withdrawn_license": tally.withdrawn,
        "licenses": _by_count({each.word: count for each, count in tally.licenses.items()}),
        "countries": _by_count(tally.countries),
        "years": _by_count(tally.years),
        "labels": [_labelling(each) for each in facts.labellings],
        "split": _split(facts),
        "classes": _classes(facts),
        "searches": [run.id for run in facts.runs],
        "images": facts.written.images,
        "files": [
            {
                "path": file.path,
                "media_type": file.media_type,
                "bytes": file.bytes,
                "sha256": file.sha256,
            }
            for file in sorted(files, key=lambda file: file.path)
        ],
    }


def _options(facts: Facts) -> dict[str, Any]:
    options = facts.options
    return {
        "with_personal": options.with_personal,
        "coordinates": options.coordinates.value,
        "coarse_terms": len(options.coarse_terms.words),
        "include_all_rights_reserved": options.leave.all_rights_reserved,
        "license_at_download": options.leave.license_at_download,
        "with_rejected": options.with_rejected,
        "split": options.split and options.split.text,
        "seed": options.seed,
        "shard_size": options.shard_size,
    }


def _labelling(labelling: Labelling) -> dict[str, Any]:
    scoring = labelling.scoring if labelling.yes else None
    return {
        "concept": labelling.concept,
        "yes": labelling.yes and str(labelling.yes),
        "no": labelling.no and str(labelling.no),
        "model": scoring and scoring.model,
        "looked_for": scoring and scoring.given,
        "calibrated_by_reviews": scoring and (scoring.reviews if scoring.calibrated else 0),
        "scored_at": scoring
        and scoring.scored_on
        and scoring.scored_at.isoformat(timespec="seconds"),
    }


def _split(facts: Facts) -> dict[str, Any] | None:
    split = facts.split
    if split is None:
        return None
    return {
        "photos": {name: facts.tally.splits[name] for name in split.names},
        "groups": split.groups,
        "groups_on_two_sides": split.crossing,
        "largest_group": split.largest,
        "photos_without_owner": split.without_owner,
        "photos_with_near_duplicates": split.alike,
        "largest_deviation": round(split.deviation, 4),
        "uneven": split.is_uneven,
        "assignment_sha256": facts.tally.assignment,
    }


def _classes(facts: Facts) -> list[dict[str, Any]]:
    rows = sorted(facts.tally.classes.items(), key=str)
    return [
        {"split": split, "concept": concept, "label": label, "license": word.word, "photos": count}
        for (split, concept, label, word), count in rows
    ]


def _by_count(counts: Mapping[Any, int]) -> dict[str, int]:
    ordered = sorted(counts.items(), key=lambda each: (-each[1], str(each[0])))
    return {"unknown" if name is None else str(name): count for name, count in ordered}
