"""Export: what a photo may tell: who and where, as far as was asked for, and no further."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from types import MappingProxyType

from smart_image_scraper.encrypt import Vault
from smart_image_scraper.errors import KeyRingError, TokenError
from smart_image_scraper.export.coordinates import Precision, told_with
from smart_image_scraper.export.options import ExportOptions
from smart_image_scraper.export.texts import tags_without_people, without_people
from smart_image_scraper.photo import EncryptedPhoto, Owner, Photo, SearchHit
from smart_image_scraper.photo.older_record import HIT_COLUMNS, OlderRow
from smart_image_scraper.photo.sealed import without_sensitive_values


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


def tell_of(
    encrypted: EncryptedPhoto,
    options: ExportOptions,
    *,
    vault: Vault | None,
    labels: Iterable[str] = (),
) -> Told:
    """Return a photo with what may be told of it.

    Args:
        encrypted: The photo.
        options: Say what may be told.
        vault: Opens personal fields: to tell them, or to find names in texts; ``None`` for no keys.
        labels: The concepts that it shows.

    Raises:
        KeyRingError: Personal fields are asked for, and no key opens them, or there is none.
        TokenError: Personal fields are asked for, and one is damaged.
    """
    if options.with_personal:
        if vault is None:
            raise KeyRingError("personal fields are asked for, and there are no keys to open them")
        photo, unknown = vault.open(encrypted), False
    else:
        opened = _owner_of(encrypted, vault)
        unknown = opened is None
        photo = _without_people(encrypted.photo, opened or Owner())
    coarse = options.coarse_terms.match(encrypted.photo, labels=labels)
    precision = options.coordinates
    if coarse and precision is not Precision.NONE:
        precision = Precision.COUNTRY
    return Told(photo=told_with(_without_workings(photo), precision), names_unknown=unknown)


def _owner_of(encrypted: EncryptedPhoto, vault: Vault | None) -> Owner | None:
    """Return the owner, empty if there is none; ``None`` if no key opens who it is."""
    owner = {name: token for name, token in encrypted.tokens.items() if name.startswith("owner_")}
    if not owner:
        return Owner()
    if vault is None:
        return None
    try:
        return vault.open(replace(encrypted, tokens=MappingProxyType(owner))).owner
    except (KeyRingError, TokenError):
        return None


def _without_people(photo: Photo, owner: Owner) -> Photo:
    told = (owner.id, owner.name, owner.path_alias, owner.real_name)
    names = [name for name in told if name]
    inspection = photo.inspection
    return replace(
        without_sensitive_values(photo),
        title=photo.title and without_people(photo.title, names=names),
        description=photo.description and without_people(photo.description, names=names),
        tags=tags_without_people(photo.tags, names=names),
        raw_tags=tags_without_people(photo.raw_tags, names=names),
        machine_tags=tags_without_people(photo.machine_tags, names=names),
        # Programs write their licensee's name here.
        inspection=inspection and replace(inspection, software=None),
    )


def _without_workings(photo: Photo) -> Photo:
    """Leave out what is only about how the photo came here."""
    return replace(
        photo,
        searches=tuple(map(_without_record, photo.searches)),
        failures=MappingProxyType({}),
        file=photo.file and replace(photo.file, replaces=None),
    )


def _without_record(hit: SearchHit) -> SearchHit:
    """Leave out an older record but for its file's name and when that was downloaded."""
    older = OlderRow.of(hit)
    if older is None:
        return hit
    cells = {name: cell for name, cell in older.cells.items() if name in HIT_COLUMNS[1:]}
    return replace(hit, older=replace(older, cells=MappingProxyType(cells)).as_mapping())
