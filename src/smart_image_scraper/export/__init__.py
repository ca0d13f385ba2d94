"""Export: photos from the store into files that others read. One module a format."""

from collections.abc import Mapping
from types import MappingProxyType

from smart_image_scraper.export import json_lines, seed_frame, spreadsheet
from smart_image_scraper.export.coco import Coco
from smart_image_scraper.export.exporter import Exporter, Manifest
from smart_image_scraper.export.fiftyone import FiftyOne
from smart_image_scraper.export.format import Format
from smart_image_scraper.export.geojson import GeoJson
from smart_image_scraper.export.image_folder import ImageFolder
from smart_image_scraper.export.json_lines import JsonLines
from smart_image_scraper.export.parquet import Parquet
from smart_image_scraper.export.spreadsheet import Spreadsheet
from smart_image_scraper.export.webdataset import WebDataset
from smart_image_scraper.photo import EncryptedPhoto, Photo

_FORMATS: tuple[Format, ...] = (
    *(Spreadsheet(), JsonLines(), Parquet(), GeoJson()),
    *(ImageFolder(), WebDataset(), Coco(), FiftyOne()),
)
FORMATS: Mapping[str, Format] = MappingProxyType({each.name: each for each in _FORMATS})
"""The formats of data sets, by the name that ``sis export`` knows."""

EXPORTERS: Mapping[str, Exporter[Photo]] = MappingProxyType(
    {"csv": spreadsheet, "json-lines": json_lines}
)
"""The formats that hold what of a photo is open, by the name that ``sis export`` knows."""

SEALED_EXPORTERS: Mapping[str, Exporter[EncryptedPhoto]] = MappingProxyType({"seed": seed_frame})
"""The formats that hold personal fields as the tokens that are stored."""

__all__ = ["EXPORTERS", "FORMATS", "SEALED_EXPORTERS", "Exporter", "Format", "Manifest"]
