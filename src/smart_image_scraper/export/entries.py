"""Export: the photos that leave, one after another, as entries."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from smart_image_scraper.encrypt import Vault
from smart_image_scraper.errors import InspectError, WorkspaceError
from smart_image_scraper.export.attribution import credit_of
from smart_image_scraper.export.entry import Entry, file_name_of
from smart_image_scraper.export.labels import Labeller
from smart_image_scraper.export.leaving import LeftOut
from smart_image_scraper.export.opening import Teller
from smart_image_scraper.export.options import ExportOptions
from smart_image_scraper.export.splitting import Split, Splitter
from smart_image_scraper.photo import EncryptedPhoto, Filter, License, Photo, PhotoId, StoredFile
from smart_image_scraper.store import Store

STRIPPED = ".stripped"
"""The folder, in the data set's while it is written, of files that are stripped on the way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """A photo that leaves, or why it stays.

    Attributes:
        id: The photo.
        entry: What leaves; ``None`` if the photo stays.
        left_out: Why it stays.
        names_unknown: Whether the names of its owner could not be looked for in its texts.
    """

    id: PhotoId
    entry: Entry | None = None
    left_out: LeftOut | None = None
    names_unknown: bool = False


class Departures:
    """The photos of a store that leave, lazily.

    Args:
        store: Where they are.
        where: Which are meant.
        options: What is asked for.
        labeller: Labels them.
        vault: Opens personal fields, if there are keys.
        files: The workspace's ``files``, if files leave; ``None`` if only what is known does.
        folder: The data set's folder, for what is stripped on the way.
    """

    def __init__(
        self,
        store: Store,
        where: Filter,
        *,
        options: ExportOptions,
        labeller: Labeller,
        vault: Vault | None,
        files: Path | None,
        folder: Path,
    ) -> None:
        self._store = store
        self._where = where
        self._options = options
        self._labeller = labeller
        self._teller = Teller(options, vault=vault)
        self._files = files
        self._stripped = folder / STRIPPED

    def split(self) -> Split | None:
        """Split the photos that will leave; ``None`` if that is not asked for."""
        if self._options.split is None:
            return None
        splitter = Splitter(self._labeller.concepts)
        for encrypted in self._store.find(self._where, ahead=True):
            if not isinstance(self._license_of(encrypted.photo), LeftOut):
                labels, _ = self._labeller.label(encrypted.photo)
                splitter.add(encrypted, labels=labels)
        return splitter.split(self._options.split, seed=self._options.seed)

    def all(self, split: Split | None) -> Iterator[Departure]:
        """Yield every photo that is meant, whether it leaves or stays, by id.

        Photos that came while the others were split are left for the next export.
        """
        whole = self._options.with_personal
        for encrypted in self._store.find(self._where, whole=whole, ahead=True):
            part = None if split is None else split.of(encrypted.photo.id)
            license_ = self._license_of(encrypted.photo)
            if isinstance(license_, LeftOut):
                yield Departure(id=encrypted.photo.id, left_out=license_)
            elif split is None or part is not None:
                yield self._departure(encrypted, license_=license_, part=part)

    def _license_of(self, photo: Photo) -> License | LeftOut:
        """Return under which licence a photo leaves, or why it stays; no file is opened for it."""
        license_ = self._options.leave.license_of(photo)
        if isinstance(license_, LeftOut):
            return license_
        if photo.id in self._labeller.rejected and not self._options.with_rejected:
            return LeftOut.REJECTED
        if self._files is None:
            return license_
        if photo.file is None:
            return LeftOut.NO_FILE
        return license_ if _is_whole(photo.file, folder=self._files) else LeftOut.LOST

    def _departure(
        self, encrypted: EncryptedPhoto, *, license_: License, part: str | None
    ) -> Departure:
        labels, scores = self._labeller.label(encrypted.photo)
        shown = [concept for concept, label in labels.items() if label]
        told = self._teller.tell(encrypted, labels=shown)
        photo, path, name = told.photo, None, None
        if self._files is not None and photo.file is not None:
            name = file_name_of(photo.id, path=photo.file.path)
            try:
                photo, path = self._with_clean_file(photo, photo.file, name=name)
            except InspectError:
                return Departure(id=photo.id, left_out=LeftOut.METADATA)
        entry = Entry(
            photo=photo,
            license=license_,
            credit=credit_of(photo, license_),
            split=part,
            labels=labels,
            scores=scores,
            file=path,
            file_name=name,
        )
        return Departure(id=photo.id, entry=entry, names_unknown=told.names_unknown)

    def _with_clean_file(self, photo: Photo, file: StoredFile, *, name: str) -> tuple[Photo, str]:
        """Return a photo and its file without metadata, which is made if it is not there.

        Raises:
            InspectError: The metadata cannot be taken out.
            WorkspaceError: The file cannot be read, or the clean one not be written.
        """
        path = _path(file, folder=self._files or Path())
        if photo.inspection is not None and photo.inspection.stripped:
            return photo, path
        try:
            from smart_image_scraper.exif import strip  # noqa: PLC0415 — few need it, and Pillow

            content = Path(path).read_bytes()
            clean = strip(content, name=str(photo.id))
            if clean == content:
                return photo, path
            self._stripped.mkdir(exist_ok=True)
            path = f"{self._stripped}/{name}"
            Path(path).write_bytes(clean)
        except OSError as error:
            raise WorkspaceError(f"{path}: cannot be exported: {error.strerror}") from error
        sha256 = hashlib.sha256(clean).hexdigest()
        return replace(photo, file=replace(file, sha256=sha256, bytes=len(clean))), path


def _is_whole(file: StoredFile, *, folder: Path) -> bool:
    try:
        return os.stat(_path(file, folder=folder)).st_size == file.bytes  # noqa: PTH116 — no Path
    except OSError:
        return False


def _path(file: StoredFile, *, folder: Path) -> str:
    # Not a Path: making one takes longer than looking whether the file is there.
    return f"{folder}/{file.path}"
