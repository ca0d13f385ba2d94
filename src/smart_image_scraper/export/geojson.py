"""Export: GeoJSON for maps and GIS tools (RFC 7946).

A photo is a feature at its coordinates, which are as coarse as they were asked for. A photo without
coordinates is a feature without a place (3.2: its geometry is ``null``).
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from smart_image_scraper.export.columns import columns
from smart_image_scraper.export.entry import Entry
from smart_image_scraper.export.folder import written_file
from smart_image_scraper.export.format import Table, WriteOptions, Written
from smart_image_scraper.export.rows import JsonList, json_row_of, json_text
from smart_image_scraper.photo import Coordinates

MEDIA_TYPE = "application/geo+json"
_IN_GEOMETRY = frozenset({"latitude", "longitude"})


class GeoJson:
    """One feature collection, without the photos' files."""

    name = "geojson"
    file = "photos.geojson"
    needs_files = False

    def write(self, entries: Iterable[Entry], *, folder: Path, options: WriteOptions) -> Written:
        """Write entries as ``photos.geojson``; see :class:`Format`."""
        told = [
            column
            for column in columns(options.concepts, personal=options.personal)
            if column.name not in _IN_GEOMETRY
        ]
        path = folder / self.file
        photos = 0
        with path.open("w", encoding="utf-8", newline="\n") as file:
            name = json_text(options.name)
            file.write(f'{{"type":"FeatureCollection","name":{name},"features":')
            features = JsonList(file)
            for entry in entries:
                features.add(_feature(entry, json_row_of(entry, told)))
                photos += 1
            features.end()
            file.write("}\n")
        return Written(
            photos=photos,
            files=(written_file(path, folder=folder, media_type=MEDIA_TYPE),),
            table=Table(
                pattern=self.file,
                media_type=MEDIA_TYPE,
                rows="$.features[*].properties",
                columns=tuple(column.name for column in told),
            ),
        )


def _feature(entry: Entry, properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": entry.photo.id,
        "geometry": _geometry(entry.photo.coordinates),
        "properties": properties,
    }


def _geometry(point: Coordinates | None) -> dict[str, Any] | None:
    if point is None:
        return None
    return {"type": "Point", "coordinates": [point.longitude, point.latitude]}
