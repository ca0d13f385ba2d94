"""Search: the older scripts' file of records, a pandas ``to_json`` frame.

The frame is one JSON object of columns, each an object of row label → value. A photo that several
terms found has one row for each, and becomes one photo with several search hits.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PureWindowsPath
from typing import TypeAlias

from smart_image_scraper.errors import FrameError, KeyRingError
from smart_image_scraper.photo import EncryptedPhoto, Photo, PhotoId, SearchHit, Token
from smart_image_scraper.photo.json_text import decode, members
from smart_image_scraper.photo.older_record import (
    COLUMNS,
    HIT_COLUMNS,
    OLDER_KEY_ID,
    PERSONAL_COLUMNS,
    RENEWED_COLUMNS,
    OlderRow,
    derived_cells,
)
from smart_image_scraper.photo.sealed import with_sensitive_values
from smart_image_scraper.search.seed_row import is_token, parse_personal, parse_photo
from smart_image_scraper.search.well_formed import well_formed

Seal: TypeAlias = Callable[[Photo], EncryptedPhoto]


@dataclass(frozen=True, slots=True, kw_only=True)
class OlderPhoto:
    """A photo of an older frame.

    Attributes:
        photo: Its tokens are those of the frame, under the key id ``seed``.
        filenames: The names of its file, one from each record that has a plain file name.
    """

    photo: EncryptedPhoto
    filenames: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    run: str
    columns: tuple[str, ...]
    labels: tuple[str, ...]
    table: Mapping[str, tuple[str, ...]]

    def rows(self) -> Iterator[OlderRow]:
        for row, label in enumerate(self.labels):
            cells = {column: self.table[column][row] for column in self.columns}
            yield OlderRow(row=row, label=label, columns=self.columns, cells=cells)


@dataclass(slots=True, kw_only=True)
class _Found:
    photo: EncryptedPhoto
    hits: list[SearchHit] = field(default_factory=list)
    filenames: list[str] = field(default_factory=list)

    def as_older_photo(self) -> OlderPhoto:
        photo = replace(self.photo.photo, searches=tuple(self.hits))
        return OlderPhoto(
            photo=replace(self.photo, photo=photo), filenames=tuple(dict.fromkeys(self.filenames))
        )


def read_frame(path: Path, *, seal: Seal | None = None) -> list[OlderPhoto]:
    """Read a frame's photos, in the order in which they first appear.

    What a record says and the photo cannot tell is kept beside the record's search hit (see
    :mod:`smart_image_scraper.photo.older_record`). Reading the same file again gives equal photos.

    Args:
        path: The frame's file; a byte order mark is let pass.
        seal: Seals personal fields that stand in the frame in the clear. Tokens need no key, and
            stay as they are. Where several records of a photo are in the clear, the first counts.

    Raises:
        FrameError: The file is no such frame; nothing of it is returned.
        KeyRingError: Personal fields are in the clear, and there is no ``seal``.
    """
    frame = _read(path)
    found: dict[PhotoId, _Found] = {}
    for row in frame.rows():
        values = {column: decode(cell) for column, cell in row.cells.items()}
        photo = parse_photo(values)
        if photo is None:
            raise FrameError(
                f"{path}: the link in row {row.label} is no address of a Flickr photo: "
                f"{row.cells['link'][:200]}"
            )
        if photo.id not in found:
            found[photo.id] = _Found(photo=_sealed(photo, row, seal=seal))
        entry = found[photo.id]
        entry.hits.append(_hit(entry.photo, row, term=values["search term"], run=frame.run))
        entry.filenames += _plain_names(values["filename"])
    return [entry.as_older_photo() for entry in found.values()]


def _read(path: Path) -> _Frame:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FrameError(f"{path}: cannot be read: {error.strerror}") from error
    try:
        columns = [(str(decode(name)), text) for name, text in members(content.decode("utf-8-sig"))]
    except UnicodeDecodeError as error:
        raise FrameError(f"{path}: not a frame of records: not UTF-8 text") from error
    except ValueError as error:
        raise FrameError(f"{path}: not a frame of records: {error}") from error
    _check_names([name for name, _ in columns], path=path)
    table = {name: _column(text, name=name, path=path) for name, text in columns}
    labels = {name: [label for label, _ in cells] for name, cells in table.items()}
    if uneven := [name for name in labels if labels[name] != labels["link"]]:
        raise FrameError(
            f"{path}: not a frame of records: the column {uneven[0]!r} has "
            f"{len(labels[uneven[0]])} rows and the column 'link' {len(labels['link'])}, "
            "or their labels differ"
        )
    return _Frame(
        run=f"seed-{hashlib.sha256(content).hexdigest()[:12]}",
        columns=tuple(table),
        labels=tuple(labels["link"]),
        table={name: tuple(cell for _, cell in cells) for name, cells in table.items()},
    )


def _check_names(names: list[str], *, path: Path) -> None:
    # Frames that have not been in the older scripts' database have no _id.
    if missing := [name for name in COLUMNS if name not in names and name != "_id"]:
        raise FrameError(
            f"{path}: not a frame of records: there is no column {', '.join(map(repr, missing))}"
        )
    if unknown := sorted(set(names) - set(COLUMNS)):
        raise FrameError(
            f"{path}: the column {', '.join(map(repr, unknown))} is none of the 21 of older "
            "records, and may be personal; take it out of the file"
        )
    if len(names) != len(set(names)):
        raise FrameError(f"{path}: not a frame of records: a column is there twice")


def _column(text: str, *, name: str, path: Path) -> list[tuple[str, str]]:
    try:
        return members(text)
    except ValueError as error:
        raise FrameError(
            f"{path}: not a frame of records: the column {name!r} is no object of label and value"
        ) from error


def _sealed(photo: Photo, row: OlderRow, *, seal: Seal | None) -> EncryptedPhoto:
    personal = parse_personal(row.cells)
    tokens = {name: Token(text=text, key_id=OLDER_KEY_ID) for name, text in personal.sealed.items()}
    if not personal.plain:
        return EncryptedPhoto(photo=photo, tokens=tokens)
    if seal is None:
        raise KeyRingError(
            f"{photo.id}: its personal fields are in the clear in row {row.label} and there are no "
            "keys to seal them with; make some with `sis keys init`"
        )
    sealed = seal(with_sensitive_values(photo, personal.plain))
    # The digest is one of all personal values, and those in older tokens are not known.
    digest = None if tokens else sealed.digest
    return replace(sealed, tokens={**tokens, **sealed.tokens}, digest=digest)


def _hit(photo: EncryptedPhoto, row: OlderRow, *, term: object, run: str) -> SearchHit:
    hit = SearchHit(term=well_formed(term) if isinstance(term, str) else "", run=run)
    derived = derived_cells(photo, hit)
    kept = {
        column: cell
        for column, cell in row.cells.items()
        if column in HIT_COLUMNS
        or ((column in RENEWED_COLUMNS or cell != derived[column]) and _may_be_kept(column, cell))
    }
    return replace(hit, older=replace(row, cells=kept).as_mapping())


def _may_be_kept(column: str, cell: str) -> bool:
    if column not in PERSONAL_COLUMNS:
        return True
    value = decode(cell)
    return value in (None, "") or is_token(value)


def _plain_names(value: object) -> list[str]:
    # A name that leads elsewhere ("../x", "C:x") must not make an import read another file.
    if not isinstance(value, str) or "\0" in value or value in {"", ".", ".."}:
        return []
    return [value] if PureWindowsPath(value).name == value and well_formed(value) == value else []
