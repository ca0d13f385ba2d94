"""Pipeline: inspect one photo's file: read its metadata, take it out, fingerprint the picture."""

import hashlib
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from PIL import Image

from smart_image_scraper.download import Files
from smart_image_scraper.errors import InspectError
from smart_image_scraper.exif import Metadata, MetadataReader, date_difference, distance_km, strip
from smart_image_scraper.fingerprint import decode, measure, perceptual_hash, size_class
from smart_image_scraper.photo import Inspection, Photo, StoredFile
from smart_image_scraper.pipeline.thumbnails import encode_thumbnail


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspected:
    """What came of inspecting a photo's file.

    Attributes:
        file: The file as it is now.
        inspection: What it says that is not personal.
        exif: What it says, whole, as JSON text; personal. ``None`` if it says nothing.
        not_stripped: Why its metadata could not be removed; ``None`` if it was, or may stay.
        thumbnail: Of the picture, a JPEG file.
    """

    file: StoredFile
    inspection: Inspection
    exif: str | None
    not_stripped: InspectError | None
    thumbnail: bytes


class FileInspector:
    """Inspect files. It is for one thread: a reader is.

    Args:
        files: The workspace's files. What is stripped is to be claimed there once it is recorded.
        reader: Reads metadata.
        keep_metadata: Whether files stay as they were fetched.
    """

    def __init__(self, files: Files, *, reader: MetadataReader, keep_metadata: bool) -> None:
        self._files = files
        self._reader = reader
        self._keep_metadata = keep_metadata

    def inspect(self, photo: Photo) -> Inspected:
        """Inspect a photo's file. The file as it was fetched stays until it is removed.

        Raises:
            InspectError: The file is ``missing``, ``unreadable``, or so ``damaged`` that it cannot
                be decoded.
            WorkspaceError: A folder cannot be written.
        """
        file = photo.file
        if file is None:
            raise InspectError(
                f"{photo.id}: there is no file; `sis download` fetches it",
                reason="missing",
                retryable=True,
            )
        metadata, content = self._reader.read_whole(self._files.path(file.path))
        clean, error = _clean(content, name=str(photo.id))
        # Without metadata, too: Pillow believes an orientation in XMP, which browsers do not.
        image = decode(content if clean is None else clean, name=str(photo.id))
        kept = file if clean is None or self._keep_metadata else self._stored(clean, file=file)
        return Inspected(
            file=kept,
            inspection=_inspection(
                photo,
                metadata=metadata,
                image=image,
                file=file,
                stripped=clean == content or kept is not file,
            ),
            exif=metadata.as_text() if metadata.tags or metadata.problems else None,
            not_stripped=None if self._keep_metadata else error,
            thumbnail=encode_thumbnail(image),
        )

    def _stored(self, clean: bytes, *, file: StoredFile) -> StoredFile:
        sha256 = hashlib.sha256(clean).hexdigest()
        if sha256 == file.sha256:
            return file
        ending = PurePosixPath(file.path).suffix.removeprefix(".")
        path = self._files.write_unclaimed(clean, sha256=sha256, ending=ending)
        return replace(file, path=path, sha256=sha256, bytes=len(clean), replaces=file.path)


def _clean(content: bytes, *, name: str) -> tuple[bytes | None, InspectError | None]:
    """Return content without metadata, or why that cannot be had."""
    try:
        return strip(content, name=name), None
    except InspectError as error:
        return None, error


def _inspection(
    photo: Photo, *, metadata: Metadata, image: Image.Image, file: StoredFile, stripped: bool
) -> Inspection:
    facts, quality, seen = metadata.facts, measure(image), perceptual_hash(image)
    difference = date_difference(photo.taken, facts)
    offset = facts.utc_offset and facts.utc_offset.utcoffset(None)
    return Inspection(
        reader=metadata.reader,
        tag_count=metadata.tag_count,
        problem_count=len(metadata.problems),
        stripped=stripped,
        fetched_sha256=file.sha256,
        make=facts.make,
        model=facts.model,
        lens=facts.lens,
        focal_length_mm=facts.focal_length_mm,
        focal_length_35mm=facts.focal_length_35mm,
        f_number=facts.f_number,
        exposure_s=facts.exposure_s,
        iso=facts.iso,
        taken=facts.taken,
        utc_offset_min=None if offset is None else int(offset.total_seconds() // 60),
        orientation=facts.orientation,
        software=facts.software,
        sharpness=quality.sharpness,
        brightness=quality.brightness,
        contrast=quality.contrast,
        colourfulness=quality.colourfulness,
        flatness=quality.flatness,
        size_class=size_class(width=file.width, height=file.height).value,
        perceptual_hash=seen.whole if seen else None,
        crop_hashes=seen.crops if seen else None,
        date_difference_s=None if difference is None else difference.total_seconds(),
        geotag_distance_km=distance_km(photo.coordinates, facts),
    )
