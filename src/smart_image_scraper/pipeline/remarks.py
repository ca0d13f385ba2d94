"""Pipeline: erase what people who are forgotten wrote about the photos of others."""

from collections.abc import Collection
from dataclasses import replace

from smart_image_scraper.encrypt import Vault
from smart_image_scraper.errors import KeyRingError, TokenError
from smart_image_scraper.photo import Comment, EncryptedPhoto, Note, Photo, PhotoId
from smart_image_scraper.store import Store
from smart_image_scraper.store.erasing import REMARKS


def erase_remarks(
    store: Store, vault: Vault, *, owners: Collection[str], dry_run: bool
) -> tuple[int, int]:
    """Erase what owners wrote about photos; return of how many, and how many did not open."""
    changed: set[PhotoId] = set()
    unopened: set[PhotoId] = set()
    for sealed in store.erasure.remarks():
        try:
            opened = vault.open(sealed)
        except (KeyRingError, TokenError):
            unopened.add(sealed.photo.id)
            continue
        left = _without_remarks(opened, authors=owners)
        if left != opened:
            changed.add(opened.id)
            if not dry_run:
                store.erasure.replace_remarks(sealed, vault.seal(left))
    return len(changed), len(unopened)


def without_forgotten(photo: Photo, *, store: Store, vault: Vault) -> Photo:
    """Return an open photo without the comments and notes of people who have been forgotten."""
    index_by_author = {author: vault.owner_index(author) for author in _authors(photo)}
    blocked = store.erasure.blocked(index_by_author.values()) if index_by_author else set()
    forgotten = {author for author, index in index_by_author.items() if index in blocked}
    return _without_remarks(photo, authors=forgotten)


def erase_late_remarks(
    opened: Photo, *, sealed: EncryptedPhoto, store: Store, vault: Vault
) -> None:
    """Erase what people wrote who were forgotten after it came and before it was stored.

    Whoever forgets blocks first and then looks for what is stored: between the two looks for
    blocks, nothing slips by.

    Args:
        opened: A photo's remarks, in the clear.
        sealed: What was stored of them.
        store: Has them, and the blocks.
        vault: Seals what is left.
    """
    left = without_forgotten(opened, store=store, vault=vault)
    if left != opened:
        remarks = {name: token for name, token in sealed.tokens.items() if name in REMARKS}
        stored = EncryptedPhoto(photo=Photo(id=opened.id), tokens=remarks)
        store.erasure.replace_remarks(stored, vault.seal(left))


def _authors(photo: Photo) -> set[str]:
    remarks: list[Comment | Note] = [*(photo.comments or ()), *(photo.notes or ())]
    return {each.author_id for each in remarks if each.author_id is not None}


def _without_remarks(photo: Photo, *, authors: Collection[str]) -> Photo:
    if not _authors(photo) & set(authors):
        return photo
    comments = tuple(each for each in photo.comments or () if each.author_id not in authors)
    notes = tuple(each for each in photo.notes or () if each.author_id not in authors)
    return replace(photo, comments=comments or None, notes=notes or None)
