"""Serve: one photo with all that is known of it."""

from typing import Any

from fastapi import APIRouter, HTTPException

from smart_image_scraper.photo import EncryptedPhoto, PhotoId
from smart_image_scraper.store import Store
from smart_image_scraper.web.answers import Json
from smart_image_scraper.web.api.given import Person, ServedHere
from smart_image_scraper.web.api.photos import card_json, license_words
from smart_image_scraper.web.api.replies import PhotoReply
from smart_image_scraper.web.details import describe_photo, open_personal

router = APIRouter(prefix="/api", tags=["photos"])


@router.get("/photos/{photo_id}", response_model=PhotoReply)
def photo(*, photo_id: str, served: ServedHere, visitor: Person) -> Json:
    """Return a photo with all metadata; what is personal to curators, where there are keys."""
    store = served.store()
    stored = _stored(store, photo_id, whole=visitor.is_curator)
    snapshot = served.library.snapshot()
    own = stored.photo.id
    cards = snapshot.cards([own])
    known = describe_photo(stored.photo, reviews=store.reviews.latest([own]))
    personal: dict[str, Any] = {"personal": None, "personal_why": "this is for curators"}
    if visitor.is_curator:
        opened = open_personal(stored, served.open_vault)
        personal = {"personal": opened.values, "personal_why": opened.why}
    groups = [
        {"kind": kind.value, "photos": [card_json(card) for card in snapshot.cards(ids)]}
        for kind, ids in (snapshot.duplicates_of(own) if cards else [])
    ]
    word = stored.photo.license.word
    return Json(
        {
            "card": card_json(cards[0]) if cards else None,
            **known,
            "license": {"word": word} | license_words(word),
            "duplicates": groups,
            **personal,
        }
    )


def _stored(store: Store, photo_id: str, *, whole: bool) -> EncryptedPhoto:
    try:
        found = next(store.get([PhotoId(photo_id)], whole=whole), None)
    except ValueError as error:
        raise HTTPException(400, str(error)) from error
    if found is None:
        raise HTTPException(404, f"there is no photo {photo_id[:200]!r} here")
    return found
