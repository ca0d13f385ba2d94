"""Inspect: read a file's metadata with the best reader there is."""

import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

import PIL

from smart_image_scraper.errors import InspectError
from smart_image_scraper.exif.exiftool import ExifTool, find_exiftool
from smart_image_scraper.exif.facts import ExifFacts, Position, facts_of
from smart_image_scraper.exif.tags import Tags
from smart_image_scraper.exif.with_exiftool import problems_of, tags_of
from smart_image_scraper.exif.with_pillow import exif_by_number, read_with_pillow

MAX_TEXT_BYTES = 8 * 2**20
"""The most that is kept of a file: sealed, it has to fit into a document of 16 MB."""

_SHORTER = (1_000_000, 100_000, 10_000, 1_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What a file says of itself.

    Attributes:
        reader: What read it, with its version: ``exiftool 12.57``.
        facts: What people filter by.
        tags: Everything, maker notes included. Personal.
        problems: A sentence for each thing that could not be read.
    """

    reader: str
    facts: ExifFacts
    tags: Tags
    problems: tuple[str, ...] = ()

    @property
    def tag_count(self) -> int:
        """How many tags there are."""
        return sum(map(len, self.tags.values()))

    def as_text(self) -> str:
        """Return everything personal as one JSON text, to be sealed.

        ``groups`` holds all tags, empty groups left out; ``position``, where it is known, the
        decimal degrees, metres and degrees of :class:`Position`; ``problems`` the sentences.
        Of more than 8 MB the longest texts are left out, and where they were stands how long they
        are: ``{"left_out": 24000000, "sha256": "…"}``.
        """
        for longest in (None, *_SHORTER):
            text = self._as_text(longest=longest)
            if len(text.encode(errors="surrogatepass")) <= MAX_TEXT_BYTES:
                return text
        return replace(self, tags={}, problems=("there are too many tags to keep",)).as_text()

    def _as_text(self, *, longest: int | None) -> str:
        text: dict[str, Any] = {"reader": self.reader}
        if self.facts.position is not None:
            text["position"] = _as_json(self.facts.position)
        if self.problems:
            text["problems"] = list(self.problems)
        text["groups"] = {
            group: {name: tag.as_json() for name, tag in tags.items()}
            for group, tags in self.tags.items()
        }
        if longest is not None:
            text = _shortened(text, longest=longest)
        return json.dumps(text, ensure_ascii=False)


class MetadataReader:
    """Read files' metadata: with exiftool where it is installed, else with Pillow.

    It is for one thread; workers have one each. Use it as a context manager.

    Args:
        exiftool: A started or unstarted client and its version; ``None`` to do without.
    """

    def __init__(self, exiftool: tuple[ExifTool, str] | None) -> None:
        self._exiftool = exiftool

    @classmethod
    def installed(cls) -> Self:
        """Make one with the exiftool that is installed, if one is."""
        found = find_exiftool()
        return cls((ExifTool(found[0]), found[1]) if found else None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._exiftool:
            self._exiftool[0].close()

    def read(self, path: Path) -> Metadata:
        """Read a file's metadata. Damage loses what is damaged, and never raises.

        Raises:
            InspectError: The file is ``missing``, or is there and ``unreadable``.
        """
        return self.read_whole(path)[0]

    def read_whole(self, path: Path) -> tuple[Metadata, bytes]:
        """Read a file's metadata, and return the file's content with it.

        Raises:
            InspectError: As for :meth:`read`.
        """
        try:
            content = path.read_bytes()
        except FileNotFoundError as error:
            raise InspectError(
                f"{path.name} cannot be read ({error.strerror}); `sis download` fetches the photo "
                "again if its site has it, or put the file back and import it",
                reason="missing",
                retryable=True,
            ) from error
        except OSError as error:
            raise InspectError(
                f"{path.name} cannot be read ({error.strerror}); check its permissions and the "
                "disk",
                reason="unreadable",
                retryable=True,
            ) from error
        return self._metadata(path, content), content

    def _metadata(self, path: Path, content: bytes) -> Metadata:
        if self._exiftool is None:
            return _with_pillow(content)
        exiftool, version = self._exiftool
        try:
            answer = exiftool.read(path)
        except InspectError as error:
            return _with_pillow(content, problems=(str(error),))
        tags = tags_of(answer, exif=exif_by_number(content))
        return Metadata(
            reader=f"exiftool {version}",
            facts=facts_of(tags),
            tags=tags,
            problems=problems_of(answer),
        )


def _shortened(value: Any, *, longest: int) -> Any:  # noqa: ANN401 — whatever JSON holds
    if isinstance(value, str) and len(value) > longest:
        content = value.encode(errors="surrogatepass")
        return {"left_out": len(value), "sha256": hashlib.sha256(content).hexdigest()}
    if isinstance(value, dict):
        return {name: _shortened(item, longest=longest) for name, item in value.items()}
    if isinstance(value, list):
        return [_shortened(item, longest=longest) for item in value]
    return value


def _as_json(position: Position) -> dict[str, float]:
    values = {
        "latitude": position.coordinates.latitude,
        "longitude": position.coordinates.longitude,
        "altitude_m": position.altitude_m,
        "direction_degrees": position.direction_degrees,
    }
    return {name: value for name, value in values.items() if value is not None}


def _with_pillow(content: bytes, *, problems: tuple[str, ...] = ()) -> Metadata:
    tags, damage = read_with_pillow(content)
    return Metadata(
        reader=f"pillow {PIL.__version__}",
        facts=facts_of(tags),
        tags=tags,
        problems=(*problems, *damage),
    )
