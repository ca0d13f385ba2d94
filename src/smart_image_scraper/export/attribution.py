"""Export: whose each photo is: the credit of one, and the files that name all of them.

A credit tells title, author, source and licence
(https://wiki.creativecommons.org/wiki/Recommended_practices_for_attribution). Without personal
fields there is no author, and the source, which is the photo's page, leads to him.
"""

import csv
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TextIO

from smart_image_scraper.export.entry import Entry
from smart_image_scraper.export.markdown import escaped, on_one_line
from smart_image_scraper.photo import License, Photo

FILE = "ATTRIBUTION.md"
LICENSES_FILE = "LICENSES.csv"

_HEADING = """\
# Attribution

Every photo of this data set, with its title, its author or else the page that names the author, its
source, and its licence. Whoever passes a photo on passes this on with it.

"""


def credit_of(photo: Photo, license_: License) -> str:
    """Return what to write beside a photo: title, author, source, licence, as one line of text."""
    title = _one_line(photo.title) or "Untitled"
    by = _by(photo)
    address = f" ({license_.url})" if license_.url else ""
    return f"“{title}”{by}, {_source(photo)}, {license_.name}{address}"


def attribution_line(entry: Entry) -> str:
    """Return an entry's line of the file of attributions, in Markdown."""
    photo, license_ = entry.photo, entry.license
    title = escaped(photo.title or "") or "Untitled"
    source = f"[{title}]({photo.page_url})" if photo.page_url else f"{title} ({photo.id})"
    by = _by(photo, written=escaped)
    name = license_.name
    licensed = f"[{name}]({license_.url})" if license_.url else name
    return f"- `{entry.file_name or photo.id}`: {source}{by}, {licensed}\n"


def begin_attribution(file: TextIO) -> None:
    """Write what stands above the lines."""
    file.write(_HEADING)


def write_licenses(counts: Mapping[License, int], *, folder: Path) -> Path:
    """Write how many photos have which licence, the most frequent first."""
    path = folder / LICENSES_FILE
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("license", "name", "url", "photos"))
        for license_, count in sorted(counts.items(), key=lambda each: (-each[1], each[0])):
            writer.writerow((license_.word, license_.name, license_.url or "", count))
    return path


def _by(photo: Photo, *, written: Callable[[str], str] = str) -> str:
    """Return who made a photo, to go behind its title; empty if that is not to be told."""
    if photo.owner is not None and (credit := _one_line(photo.owner.credit)):
        return f", {written(credit)}"
    author = _author(photo)
    return f" by {written(author)}" if author else ""


def _author(photo: Photo) -> str | None:
    if photo.owner is None:
        return None
    owner = photo.owner
    # Where the author is not told, the account may be that of whoever else put the photo there.
    account = owner.id if photo.id.site == "flickr" else None
    names = (owner.real_name, owner.name, owner.path_alias, account)
    return next((_one_line(name) for name in names if name), None)


def _source(photo: Photo) -> str:
    return photo.page_url or photo.id


def _one_line(text: str | None) -> str:
    return on_one_line(text or "")
