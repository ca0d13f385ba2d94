"""Export: the data set's card, README.md, in the form that the Hugging Face Hub reads.

https://huggingface.co/docs/hub/datasets-cards has the form; the sections answer what "Datasheets
for Datasets" asks (Gebru et al., https://arxiv.org/abs/1803.09010).
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from smart_image_scraper.export import attribution, runs
from smart_image_scraper.export.card_of_law import law, privacy, removal
from smart_image_scraper.export.card_of_split import split_of
from smart_image_scraper.export.facts import Facts, filter_as_json
from smart_image_scraper.export.labels import Labelling
from smart_image_scraper.export.markdown import escaped, table
from smart_image_scraper.store import Run

FILE = "README.md"

_NO_SEARCHES = """\
## What was searched for

No search is recorded: photos were taken in from files or from older records. Where these name the
words that found a photo, its row has them.
"""
_RUNS_SHOWN = 100
_ALL_SPLITS = "all_splits"
_SIZES = (
    (1_000, "1K<n<10K"),
    (10_000, "10K<n<100K"),
    (100_000, "100K<n<1M"),
    (1_000_000, "1M<n<10M"),
    (10_000_000, "10M<n<100M"),
)
# What YAML 1.1 does not take as it is, though JSON does, or takes for a line break (5.1, 5.4).
_NOT_IN_YAML = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_OTHER_LICENSES = {
    "license_name": "see-licenses.csv",
    "license_link": attribution.LICENSES_FILE,
}
# https://huggingface.co/docs/hub/repositories-licenses
_KNOWN_TO_THE_HUB = frozenset(
    {
        *("cc0-1.0", "cc-by-2.0", "cc-by-2.5", "cc-by-3.0", "cc-by-4.0"),
        *("cc-by-sa-3.0", "cc-by-sa-4.0", "cc-by-nc-2.0", "cc-by-nc-3.0", "cc-by-nc-4.0"),
        *("cc-by-nd-4.0", "cc-by-nc-nd-3.0", "cc-by-nc-nd-4.0"),
        *("cc-by-nc-sa-2.0", "cc-by-nc-sa-3.0", "cc-by-nc-sa-4.0"),
    }
)

BIASES = (
    (
        "The members of a photo site are no sample of anyone. On Flickr, there are many from North "
        "America, Europe, Japan and Taiwan, who write English, and who uploaded from 2005 to 2015."
    ),
    (
        "People photograph what is rare, near, beautiful or on their way, and publish the best of "
        "it: zoos, parks and famous places are seen more often than what is usual."
    ),
    (
        "A search finds what people wrote. What nobody described, or described in another "
        "language, is not found; and a photo that was found by a word need not show what the word "
        "means."
    ),
    "A free licence is the choice of a minority, which is not like the others.",
    "A position is where someone put a pin or where the camera stood, not where the subject was.",
    "Some owners have many of the photos: what these share may be the owner's, not the subject's.",
)
"""What is known of such photos, whatever they show."""


def write_card(facts: Facts) -> str:
    """Return a data set's card, in Markdown with a YAML head."""
    sections = (
        _head(facts),
        _summary(facts),
        _searches(facts),
        _counts(facts),
        _labels(facts),
        split_of(facts, where=_where_split(facts)),
        law(facts),
        privacy(facts),
        "## Known biases\n\n" + "".join(f"- {bias}\n" for bias in BIASES),
        removal(facts),
    )
    return "\n".join(filter(None, sections))


def size_category(photos: int) -> str:
    """Return the Hub's word for how many photos there are."""
    return next((word for edge, word in reversed(_SIZES) if photos >= edge), "n<1K")


def _head(facts: Facts) -> str:
    words = sorted({license_.word for license_ in facts.tally.licenses})
    known = [word for word in words if word in _KNOWN_TO_THE_HUB]
    is_whole = bool(known) and known == words
    values: dict[str, Any] = {
        "pretty_name": facts.name,
        "license": known if is_whole else [*known, "other"],
        **({} if is_whole else _OTHER_LICENSES),
        "size_categories": [size_category(facts.tally.photos)],
        "task_categories": ["image-classification"],
        "tags": ["image", "smart-image-scraper"],
        **_configs(facts),
    }
    # JSON is YAML, and quotes what needs it.
    lines = [f"{name}: {_as_yaml(value)}" for name, value in values.items()]
    return "\n".join(("---", *lines, "---", ""))


def _as_yaml(value: Any) -> str:  # noqa: ANN401 — whatever JSON can hold
    text = json.dumps(value, ensure_ascii=False)
    return _NOT_IN_YAML.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _configs(facts: Facts) -> dict[str, Any]:
    """Say which files have the data, of formats that leave that to be guessed."""
    written = facts.written
    if written.table is not None and written.table.rows is not None:
        # `datasets`, and with it the Hub's viewer, cannot read rows that are deep in a document.
        # https://huggingface.co/docs/hub/datasets-viewer-configure
        return {"viewer": False}
    files = [{"split": split, "path": path} for split, path in _data_files(facts).items()]
    if not files:
        return {}
    config = {"config_name": "default", "data_files": files, **written.reading}
    configs = {"configs": [config]}
    features = [dict(feature) for feature in written.features]
    return {"dataset_info": {"features": features}, **configs} if features else configs


def _data_files(facts: Facts) -> dict[str, str]:
    written, splits = facts.written, facts.split.names if facts.split else ()
    shards = [file.path for file in written.files if file.sha256 is None]
    if shards:
        # A part may have got no photo, and a pattern that nothing meets is an error.
        filled = {path.rpartition("/")[0] for path in shards}
        return {name: f"{name}/*.tar" for name in splits if name in filled} or {"train": "*.tar"}
    if written.images is None and written.table is not None and written.table.rows is None:
        return {_ALL_SPLITS if splits else "train": written.table.pattern}
    return {}


def _summary(facts: Facts) -> str:
    tally = facts.tally
    concepts = ", ".join(escaped(each.concept) for each in facts.labellings)
    labelled = f", labelled for {concepts}" if concepts else ""
    conditions = json.dumps(
        filter_as_json(facts.where, precision=facts.options.of_boxes), ensure_ascii=False
    )
    stayed = [f"{count:,} {reason.value}" for reason, count in sorted(tally.left_out.items())]
    return f"""\
# {escaped(facts.name)}

{tally.photos:,} photos{labelled}, in the format `{facts.form}`.
Made on {facts.made_at:%Y-%m-%d} by {facts.tool}.

- `{attribution.FILE}` has every photo's title, source and licence; pass it on with the photos.
- `{attribution.LICENSES_FILE}` counts the licences.
- `manifest.json` says what was asked for and left out, and has the digest of every file but
  photos and shards.
- `{runs.FILE}` says what was searched for, and how complete that is.
- `croissant.json` describes the data for programs (https://mlcommons.org/croissant).

Photos that meet these conditions were meant: {escaped(conditions)}. Of these were left out:
{", ".join(stayed) or "none"}.
"""


def _searches(facts: Facts) -> str:
    if not facts.runs:
        return _NO_SEARCHES
    shown = facts.runs[:_RUNS_SHOWN]
    more = len(facts.runs) - len(shown)
    heading = ("source", "term", "language", "last searched", "found", "available", "missing")
    text = f"""\
## What was searched for

How many photos a source says there are is an estimate. A search that is not exhaustive stops at
the number that was asked for, or at what the source shows; "missing" are those that an exhaustive
one knows of and was not shown.

{table(heading, map(_run_row, shown))}"""
    return text + (f"\n{more:,} more searches are in `{runs.FILE}`.\n" if more else "")


def _run_row(run: Run) -> tuple[object, ...]:
    finished = f"{run.started_at:%Y-%m-%d}" if run.finished_at else "not finished"
    account = run.account
    known = account.missing if account.windows else None
    return (run.source, run.term, run.language or "", finished, run.found, account.available, known)


def _counts(facts: Facts) -> str:
    tally = facts.tally
    licenses = {each.name: count for each, count in tally.licenses.items()}
    return "\n".join(
        (
            "## What is in it\n",
            table(("licence", "photos"), _most_first(licenses)),
            table(("site", "photos"), _most_first(tally.sites)),
            table(("country", "photos"), _most_first(tally.countries)),
            table(("taken in", "photos"), sorted(_named(tally.years).items())),
        )
    )


def _most_first(counts: Mapping[Any, int]) -> list[tuple[str, int]]:
    return sorted(_named(counts).items(), key=lambda each: (-each[1], each[0]))


def _named(counts: Mapping[Any, int]) -> dict[str, int]:
    return {"unknown" if name is None else str(name): count for name, count in counts.items()}


def _labels(facts: Facts) -> str:
    if not facts.labellings:
        return ""
    heading = (
        "concept",
        "yes from",
        "no below",
        "model",
        "calibrated by",
        "scored on",
        "looked for",
    )
    counted = {
        (each.concept, label): sum(
            count
            for (_, concept, said, _), count in facts.tally.classes.items()
            if (concept, said) == (each.concept, label)
        )
        for each in facts.labellings
        for label in (True, False, None)
    }
    labels = [
        (each.concept, *(counted[each.concept, say] for say in (True, False, None)))
        for each in facts.labellings
    ]
    return f"""\
## How the photos are labelled

What a person said of a photo counts; where nobody did, its score does, if there are thresholds.
Scores that are not calibrated are no probabilities: their order tells more than their size.

{table(("concept", "yes", "no", "no label"), labels)}
{table(heading, map(_labelling_row, facts.labellings))}"""


def _labelling_row(labelling: Labelling) -> tuple[object, ...]:
    scoring = labelling.scoring
    if labelling.yes is None or scoring is None:
        return (labelling.concept, "a person's word", "a person's word", "none", "", "", "")
    below = str(labelling.no) if labelling.no else "what is not yes"
    reviews = f"{scoring.reviews:,} reviews" if scoring.calibrated else "not calibrated"
    models = (scoring.model, reviews, scoring.scored_on, scoring.given)
    return (labelling.concept, labelling.yes, below, *models)


def _where_split(facts: Facts) -> str:
    if _ALL_SPLITS not in _data_files(facts):
        return ""
    return (
        f" `datasets` loads all rows as `{_ALL_SPLITS}`; the column `split` says in which part a "
        "photo is."
    )
