"""Export: what a photo may tell: who and where, as far as was asked for, and no further."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from smart_image_scraper.encrypt import Vault
from smart_image_scraper.errors import KeyRingError, TokenError
from smart_image_scraper.export.coordinates import Precision, told_with
from smart_image_scraper.export.options import ExportOptions
from smart_image_scraper.export.texts import tags_without_people, without_people
from smart_image_scraper.photo import EncryptedPhoto, Photo, SearchHit
from smart_image_scraper.photo.account_id import bare_account
from smart_image_scraper.photo.older_record import HIT_COLUMNS, OlderRow
from smart_image_scraper.photo.sealed import OWNER_ID_TOKEN, OWNER_TOKENS

# Others make the addresses of files of the photo's number.
_TITLES_IN_ADDRESSES = frozenset({"commons"})
_OWNER_TOKENS_BUT_ID = tuple(name for name in OWNER_TOKENS if name != OWNER_ID_TOKEN)
_IDS_KEPT = 16_384


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A photo as it may be told.

    Attributes:
        photo: The photo.
        names_unknown: Whether its owner's names could not be opened, and so not be looked for in
            what people wrote.
    """

    photo: Photo
    names_unknown: bool = False


class Teller:
    """Tells photos as far as an export's options let it.

    Args:
        options: Say what may be told.
        vault: Opens personal fields: to tell them, or to find names in texts; ``None`` for no keys.
    """

    def __init__(self, options: ExportOptions, *, vault: Vault | None) -> None:
        self._options = options
        self._vault = vault
        # By the owner's index: to open one takes a tenth of all that a photo takes.
        self._ids: dict[bytes, str] = {}

    def tell(self, encrypted: EncryptedPhoto, *, labels: Iterable[str] = ()) -> Told:
        """Return a photo with what may be told of it.

        Args:
            encrypted: The photo.
            labels: The concepts that it shows.

        Raises:
            KeyRingError: Personal fields are asked for, and no key opens them, or there is none.
            TokenError: Personal fields are asked for, and one is damaged.
        """
        options = self._options
        photo, changes, unknown = encrypted.photo, dict[str, Any](), False
        if not options.with_personal:
            names = self._owners_names(encrypted)
            unknown = names is None
            changes = _without_people(photo, names or ())
        elif self._vault is None:
            raise KeyRingError("personal fields are asked for, and there are no keys to open them")
        else:
            photo = self._vault.open(encrypted)
        coarse = options.coarse_terms.match(encrypted.photo, labels=labels)
        precision = options.coordinates
        if coarse and not options.with_personal:
            changes |= options.coarse_terms.words_told_of(photo)
        if coarse and precision is not Precision.NONE:
            precision = Precision.COUNTRY
        changes |= _without_workings(photo)
        told = _without_titles_in_addresses(
            told_with(photo, precision, changes=changes), before=photo.title
        )
        return Told(photo=told, names_unknown=unknown)

    def _owners_names(self, encrypted: EncryptedPhoto) -> list[str] | None:
        """Return what the owner is called; ``None`` if no key opens it."""
        if not any(name in encrypted.tokens for name in OWNER_TOKENS):
            return []
        if self._vault is None:
            return None
        index = encrypted.owner_index
        known = None if index is None else self._ids.get(index)
        asked = OWNER_TOKENS if known is None else _OWNER_TOKENS_BUT_ID
        try:
            opened = self._vault.open_values(encrypted, asked)
        except (KeyRingError, TokenError):
            return None
        if known is not None:
            opened[OWNER_ID_TOKEN] = known
        elif index is not None and OWNER_ID_TOKEN in opened:
            if len(self._ids) == _IDS_KEPT:
                self._ids.clear()
            self._ids[index] = opened[OWNER_ID_TOKEN]
        return [bare_account(name) for name in opened.values() if name]


def _without_people(photo: Photo, names: Sequence[str]) -> dict[str, Any]:
    """Return the fields that must change; those that are personal are empty while it is sealed."""
    inspection = photo.inspection
    # Programs write their licensee's name here.
    if inspection is not None and inspection.software is not None:
        inspection = replace(inspection, software=None)
    return {
        "title": photo.title and without_people(photo.title, names=names),
        "description": photo.description and without_people(photo.description, names=names),
        "tags": tags_without_people(photo.tags, names=names),
        "raw_tags": tags_without_people(photo.raw_tags, names=names),
        "machine_tags": tags_without_people(photo.machine_tags, names=names),
        "inspection": inspection,
    }


def _without_titles_in_addresses(photo: Photo, *, before: str | None) -> Photo:
    """Return the photo without its files' addresses, where they hold what its title must not."""
    if photo.id.site not in _TITLES_IN_ADDRESSES or photo.title == before:
        return photo
    file = photo.file and replace(photo.file, url=None)
    return replace(photo, sizes=(), file=file)


def _without_workings(photo: Photo) -> dict[str, Any]:
    """Return the fields that must change to leave out what is only about how it came here."""
    file = photo.file
    return {
        "searches": tuple(map(_without_record, photo.searches)),
        "failures": MappingProxyType({}),
        "file": replace(file, replaces=None) if file and file.replaces else file,
    }


def _without_record(hit: SearchHit) -> SearchHit:
    """Leave out an older record but for its file's name and when that was downloaded."""
    older = OlderRow.of(hit)
    if older is None:
        return hit
    cells = {name: cell for name, cell in older.cells.items() if name in HIT_COLUMNS[1:]}
    return replace(hit, older=replace(older, cells=MappingProxyType(cells)).as_mapping())
