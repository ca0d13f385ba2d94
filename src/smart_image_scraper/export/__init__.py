"""Export: photos from the store into files that others read. One module a format."""

from collections.abc import Mapping
from types import MappingProxyType

from smart_image_scraper.export import json_lines, seed_frame, spreadsheet
from smart_image_scraper.export.coordinates import CoarseTerms, Precision
from smart_image_scraper.export.data_set import Exported, export_data_set, export_file
from smart_image_scraper.export.exporter import Exporter, Manifest
from smart_image_scraper.export.format import Format
from smart_image_scraper.export.leaving import Leave, LeftOut
from smart_image_scraper.export.options import ExportOptions
from smart_image_scraper.export.splitting import Shares
from smart_image_scraper.photo import EncryptedPhoto, Photo

EXPORTERS: Mapping[str, Exporter[Photo]] = MappingProxyType(
    {"csv": spreadsheet, "json-lines": json_lines}
)
"""The formats that hold what of a photo is open, by the name that ``sis export`` knows."""

FORMATS: Mapping[str, Format] = MappingProxyType({})
"""The formats of data sets, by the name that ``sis export`` knows."""

SEALED_EXPORTERS: Mapping[str, Exporter[EncryptedPhoto]] = MappingProxyType({"seed": seed_frame})
"""The formats that hold personal fields as the tokens that are stored."""

__all__ = [
    "EXPORTERS",
    "FORMATS",
    "SEALED_EXPORTERS",
    "CoarseTerms",
    "ExportOptions",
    "Exported",
    "Exporter",
    "Format",
    "Leave",
    "LeftOut",
    "Manifest",
    "Precision",
    "Shares",
    "export_data_set",
    "export_file",
]
