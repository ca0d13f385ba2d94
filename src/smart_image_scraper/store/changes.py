"""Store: what a put has to change in a photo's documents. Pure.

Only what differs from the stored document is written. So a photo that is put again as it is leaves
its document as it was, byte for byte, although sealing the same values makes new tokens each time.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from smart_image_scraper.photo import DETAILS, TOLD, EncryptedPhoto, Stage
from smart_image_scraper.store.documents import plain_names, to_apart_document, to_document
from smart_image_scraper.store.forms import FORMS, Document

_NEVER = datetime(1, 1, 1, tzinfo=UTC)
_Step = tuple[str, str, Any]
"""An update operator, a path in the document, and the operand."""

SIGHTING_EVERY = timedelta(days=1)
"""How much later a photo has to be found again for that to be noted."""

_FILLED_BY = {stage: plain_names(stage) for stage in Stage} | {
    # The groups of near-duplicates are another matter: they are of all photos together.
    Stage.INSPECT: ("inspection",),
    Stage.SCORE: ("scores", "scores_below"),
}
_TOLD = tuple(FORMS[name].name for name in TOLD)


def photo_changes(
    encrypted: EncryptedPhoto, *, stored: Document, stages: Collection[Stage]
) -> dict[str, Document]:
    """Return the update that brings what ``stages`` own into a document of ``photos``.

    The search owns what the source says, so what the source no longer says is removed; an owner
    alone is only ever replaced. A refresh owns what a site tells of a single photo, unless it is
    gone. A later stage that has nothing to say leaves everything as it is.

    Args:
        encrypted: The photo.
        stored: Its document; empty if there is none yet.
        stages: Whose fields may be written.

    Returns:
        MongoDB update operators; empty if nothing differs.
    """
    wanted = to_document(encrypted)
    update: dict[str, Document] = defaultdict(dict)
    if _is_outdated(wanted, stored=stored, stages=stages):
        stages = [stage for stage in stages if stage not in {Stage.DOWNLOAD, Stage.INSPECT}]
    for stage in stages:
        for operator, path, operand in _stage_steps(stage, wanted=wanted, stored=stored):
            update[operator][path] = operand
    for name in _no_longer_true(update, stored=stored):
        update["$unset"][name] = True
    return dict(update)


def apart_to_write(encrypted: EncryptedPhoto, name: str, *, stored: Document) -> Document | None:
    """Return the document to write to a collection apart; ``None`` if the stored one says the same.

    Args:
        encrypted: The photo.
        name: Of the token.
        stored: Its document; empty if there is none yet.
    """
    wanted = to_apart_document(encrypted, name)
    if wanted is None or _seals_the_same(wanted, stored):
        return None
    return wanted


def is_none_by_now(encrypted: EncryptedPhoto, name: str, *, stage: Stage) -> bool:
    """Tell whether a site was asked for what is stored apart, and there is none (any more).

    A file that says nothing is not asked like this: older records' EXIF is kept beside it.
    """
    asked = any(part in to_document(encrypted) for part in _FILLED_BY[stage])
    return stage in DETAILS and asked and name not in encrypted.tokens


def _is_outdated(wanted: Document, *, stored: Document, stages: Collection[Stage]) -> bool:
    """Tell whether a photo's file has been replaced by another process since it was read.

    A second download of a photo must not bring back the file that the inspection has stripped.
    """
    if "file" not in stored or "file" not in wanted:
        return False
    read = wanted["file"]["sha256"]
    if Stage.INSPECT in stages and "inspection" in wanted:
        read = wanted["inspection"]["fetched_sha256"]
    return bool(stored["file"]["sha256"] != read)


def _no_longer_true(update: Mapping[str, Document], *, stored: Document) -> Iterator[str]:
    """Yield what was found out from facts that change now, and does not change with them."""
    changing = {name for operator in ("$set", "$unset") for name in update.get(operator, {})}
    inspection = {} if "inspection" in changing else stored.get("inspection", {})
    if changing & {"location", "geo_accuracy"} and "place" in stored and "place" not in changing:
        yield "place"
    if changing & {"location", "tags"} and not changing & set(_FILLED_BY[Stage.PLACES]):
        yield from stored.keys() & set(_FILLED_BY[Stage.PLACES])
    if "location" in update.get("$unset", {}):
        yield from {"woe_id", "place_id"} & stored.keys() - changing
    if "location" in changing and "geotag_distance_km" in inspection:
        yield "inspection.geotag_distance_km"
    if "taken" in changing and "date_difference_s" in inspection:
        yield "inspection.date_difference_s"


def _stage_steps(stage: Stage, *, wanted: Document, stored: Document) -> Iterator[_Step]:
    if stage is Stage.SEARCH:
        yield from _search_steps(wanted, stored)
    elif stage is Stage.REFRESH:
        yield from _refresh_steps(wanted, stored)
    elif stage is Stage.SCORE:
        yield from _score_steps(wanted, stored)
    elif any(name in wanted for name in _FILLED_BY[stage]):
        for name in _FILLED_BY[stage]:
            yield from _replace(name, wanted=wanted, stored=stored)
    yield from _failure_steps(stage, wanted=wanted, stored=stored)


def _replace(name: str, *, wanted: Document, stored: Document) -> Iterator[_Step]:
    if name not in wanted:
        if name in stored:
            yield "$unset", name, True
    elif name not in stored or wanted[name] != stored[name]:
        yield "$set", name, wanted[name]


def _search_steps(wanted: Document, stored: Document) -> Iterator[_Step]:
    for name in _FILLED_BY[Stage.SEARCH]:
        if name != "searches":
            yield from _replace(name, wanted=wanted, stored=stored)
    yield from _sighting_steps(wanted, stored)
    known = stored.get("searches", [])
    if hits := [hit for hit in wanted.get("searches", []) if hit not in known]:
        yield "$addToSet", "searches", {"$each": hits}
    if "enc" in wanted and not _seals_the_same(wanted, stored):
        for name in ("enc", "owner_index", "digest"):
            yield from _replace(name, wanted=wanted, stored=stored)


def _sighting_steps(wanted: Document, stored: Document) -> Iterator[_Step]:
    """Note that a search has found a photo: then it is there, and was looked at."""
    if "checked_at" not in wanted:
        return
    # Not every time, or no search could be repeated without writing every photo anew.
    # Earlier by as much, too: the clock was wrong then, or has been put right since.
    if abs(wanted["checked_at"] - stored.get("checked_at", _NEVER)) >= SIGHTING_EVERY:
        yield "$set", "checked_at", wanted["checked_at"]
    if "gone" in stored and "gone" not in wanted:
        yield "$unset", "gone", True


def _refresh_steps(wanted: Document, stored: Document) -> Iterator[_Step]:
    if "checked_at" not in wanted:
        return
    names = _FILLED_BY[Stage.REFRESH] if "gone" in wanted else (*_FILLED_BY[Stage.REFRESH], *_TOLD)
    if Stage.REFRESH.value in wanted.get("failures", {}):
        names = ("checked_at",)  # nothing else was told
    for name in names:
        yield from _replace(name, wanted=wanted, stored=stored)


def _seals_the_same(wanted: Document, stored: Document) -> bool:
    if "digest" not in wanted and "digest" in stored and _key_ids(stored):
        # Sealed elsewhere, such as the older records: no reason to drop what our own keys open.
        return True
    same_values = wanted.get("digest") == stored.get("digest")
    same_owner = wanted.get("owner_index") == stored.get("owner_index")
    # Under whichever key: a writer with the former ring does not undo a rotation.
    same_keys = "digest" in wanted or _key_ids(wanted) == _key_ids(stored)
    return same_values and same_owner and same_keys


def _key_ids(document: Document) -> dict[str, str]:
    alone = {"alone": document} if "key" in document else {}
    tokens: dict[str, Document] = document.get("enc", alone)
    return {name: token["key"] for name, token in tokens.items()}


def _score_steps(wanted: Document, stored: Document) -> Iterator[_Step]:
    for part, other in (("scores", "scores_below"), ("scores_below", "scores")):
        for name, number in wanted.get(part, {}).items():
            if stored.get(part, {}).get(name) != number:
                yield "$set", f"{part}.{name}", number
            if name in stored.get(other, {}):
                yield "$unset", f"{other}.{name}", True


def _failure_steps(stage: Stage, *, wanted: Document, stored: Document) -> Iterator[_Step]:
    known = stored.get("failures", {}).get(stage.value)
    failure = wanted.get("failures", {}).get(stage.value)
    path = f"failures.{stage.value}"
    if stage is Stage.SCORE:
        # Scores that are only written again, as with an import, are no success.
        filled = any(_score_steps(wanted, stored))
    else:
        filled = any(name in wanted for name in _FILLED_BY[stage])
    # What was inspected may have failed, too: its metadata was read, and could not be removed. So
    # may what was looked at: no answer about it can be read. And scores that a photo has, by
    # whichever model, are no success of the one that fails now.
    may_be_both = stage in {Stage.INSPECT, Stage.REFRESH, Stage.SCORE}
    if failure is not None and (may_be_both or not filled):
        if failure != known:
            yield "$set", path, failure
    elif known is not None and filled:
        yield "$unset", path, True
