"""Geocode: the files that the data lies in, checked as they are read.

A file is one xz stream with a SHA-256 check, which ``xz --test`` verifies too. Its first line is a
JSON object: the form and version, the sources with their dates and licences, and the names, types
and lengths of the arrays that follow. ``xz --decompress --stdout FILE | head -1`` shows it. The
bytes of an array lie plane by plane (all first bytes, all second bytes, …), which packs better.
"""

import json
import lzma
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from smart_image_scraper.errors import GeocodeError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

VERSION = 1
"""The version of the form; a file of another version is refused."""

DATA = Path(__file__).parent / "data"
"""Where the files lie."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What a file was made from.

    Attributes:
        name: As it is cited, such as ``GeoNames``.
        package: The registry's package and its version.
        date: Of its data, or, where the data does not say, of the package.
        licence: By its short SPDX name.
        attribution: The words that the licence asks for.
    """

    name: str
    package: str
    date: date
    licence: str
    attribution: str

    @classmethod
    def from_json(cls, members: Mapping[str, str]) -> Self:
        """Read a source from the header's words."""
        return cls(**{**members, "date": date.fromisoformat(members["date"])})  # type: ignore[arg-type]  # the date is replaced

    def to_json(self) -> dict[str, str]:
        """Return the source as the header's words."""
        return {
            "name": self.name,
            "package": self.package,
            "date": self.date.isoformat(),
            "licence": self.licence,
            "attribution": self.attribution,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """A file's content.

    Attributes:
        form: What the file is, such as ``borders``.
        sources: What it was made from.
        facts: What else its header says.
        arrays: Its arrays by name; empty if only the header was read.
    """

    form: str
    sources: tuple[Source, ...]
    facts: Mapping[str, Any]
    arrays: Mapping[str, "NDArray[Any]"]


def read(path: Path, *, form: str) -> Archive:
    """Read a file, and check all of it.

    Raises:
        GeocodeError: It is missing, damaged, of another form or of another version.
    """
    import numpy as np  # noqa: PLC0415 — a header is read without it, by commands that start fast

    with _opened(path) as file:
        header = _header(file.readline(), form=form)
        arrays = {}
        for name, (kind, length) in header["arrays"].items():
            dtype = np.dtype(kind)
            planes = np.frombuffer(file.read(length * dtype.itemsize), dtype=np.uint8)
            together = np.ascontiguousarray(planes.reshape(dtype.itemsize, length).T)
            arrays[name] = together.view(dtype).reshape(length)
        if file.read(1):
            raise ValueError("there is more in it than it says")
    return _archive(header, arrays=arrays)


def read_header(path: Path, *, form: str) -> Archive:
    """Read only a file's header, which takes a millisecond.

    Raises:
        GeocodeError: The file is missing, its beginning is damaged, or it is of another form or
            version.
    """
    with _opened(path) as file:
        header = _header(file.readline(), form=form)
    return _archive(header, arrays={})


def write(path: Path, archive: Archive) -> None:
    """Write a file: the same content makes the same bytes."""
    header = {
        "form": archive.form,
        "version": VERSION,
        "sources": [source.to_json() for source in archive.sources],
        "facts": archive.facts,
        "arrays": {name: [a.dtype.str, len(a)] for name, a in archive.arrays.items()},
    }
    content = [json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode(), b"\n"]
    content += [_planes(array) for array in archive.arrays.values()]
    packed = lzma.compress(
        b"".join(content), check=lzma.CHECK_SHA256, preset=9 | lzma.PRESET_EXTREME
    )
    path.write_bytes(packed)


def _planes(array: "NDArray[np.generic]") -> bytes:
    import numpy as np  # noqa: PLC0415 — as above

    return array.view(np.uint8).reshape(-1, array.itemsize).T.tobytes()


@contextmanager
def _opened(path: Path) -> Iterator[lzma.LZMAFile]:
    try:
        with lzma.open(path) as file:
            yield file
    except FileNotFoundError:
        raise GeocodeError(
            f"{path}: the data for geocoding is missing; install smart-image-scraper again"
        ) from None
    except (OSError, EOFError, ValueError, KeyError, TypeError, lzma.LZMAError) as error:
        raise GeocodeError(
            f"{path}: the data for geocoding is damaged ({error}); "
            "install smart-image-scraper again"
        ) from error


def _header(line: bytes, *, form: str) -> dict[str, Any]:
    header = json.loads(line)
    found = (header.get("form"), header.get("version")) if isinstance(header, dict) else None
    if found != (form, VERSION):
        raise ValueError(f"it should hold {form}, version {VERSION}")
    return dict(header)


def _archive(header: Mapping[str, Any], *, arrays: Mapping[str, "NDArray[Any]"]) -> Archive:
    return Archive(
        form=header["form"],
        sources=tuple(map(Source.from_json, header["sources"])),
        facts=header["facts"],
        arrays=arrays,
    )
