"""Serve: the files that the pages load, under an address that changes whenever one of them does.

``/static/<revision>/js/main.js``: imports between modules are relative, so all that a page loads is
of one revision, and a browser may keep it for good.
"""

import gzip
import hashlib
import mimetypes
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent / "static"

# Of a module; what is imported when it is needed, as by import("./map.js"), is not meant.
_IMPORT = re.compile(r"""\b(?:import|export)\b[^"'();]*["'](\.{1,2}/[^"']+)["']""")

_TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".geojson": "application/geo+json"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Assets:
    """The files below a folder.

    Attributes:
        revision: A digest of their names and contents.
        paths: By name below the folder, as in ``js/main.js``.
    """

    revision: str
    paths: Mapping[str, Path]

    @property
    def prefix(self) -> str:
        """The address that their names follow."""
        return f"/static/{self.revision}"


def find_assets(folder: Path = FOLDER) -> Assets:
    """Return the files below a folder; what is no plain file, or hidden, is left out."""
    paths = {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink() and not path.name.startswith(".")
    }
    digest = hashlib.sha256()
    for name, path in paths.items():
        digest.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return Assets(revision=digest.hexdigest()[:16], paths=paths)


def modules_of(assets: Assets, *names: str) -> list[str]:
    """Return modules and all that they import at once, themselves and through others.

    A browser that is told of them asks for all at once, rather than for each when it has read the
    one that imports it.
    """
    found = dict.fromkeys(names)
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        text = assets.paths[name].read_text("utf-8")
        for relative in _IMPORT.findall(text):
            imported = posixpath.normpath(posixpath.join(posixpath.dirname(name), relative))
            if imported in assets.paths and imported not in found:
                found[imported] = None
                waiting.append(imported)
    return list(found)


def compressed(path: Path) -> bytes:
    """Return a file's content as gzip; what was compressed once is at hand."""
    return _compressed(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=256)
def _compressed(path: Path, _changed_ns: int) -> bytes:
    # The same for the same content: no time in it.
    return gzip.compress(path.read_bytes(), mtime=0)


def media_type(name: str) -> str:
    """Return the media type that a file's name tells."""
    known = _TYPES.get(Path(name).suffix) or mimetypes.guess_type(name)[0]
    return known or "application/octet-stream"
