"""Export: photos from the store into data sets and files that others read.

One module a format; ``export_data_set`` and ``export_file`` write what is asked for.
"""

from collections.abc import Mapping
from types import MappingProxyType

from smart_image_scraper.export.coco import Coco
from smart_image_scraper.export.coordinates import CoarseTerms, Precision
from smart_image_scraper.export.data_set import Exported, export_data_set, export_file
from smart_image_scraper.export.fiftyone import FiftyOne
from smart_image_scraper.export.file import Manifest
from smart_image_scraper.export.format import Format
from smart_image_scraper.export.geojson import GeoJson
from smart_image_scraper.export.image_folder import ImageFolder
from smart_image_scraper.export.json_lines import JsonLines
from smart_image_scraper.export.leaving import Leave, LeftOut
from smart_image_scraper.export.options import ExportOptions
from smart_image_scraper.export.parquet import Parquet
from smart_image_scraper.export.splitting import Shares
from smart_image_scraper.export.spreadsheet import Spreadsheet
from smart_image_scraper.export.webdataset import WebDataset

_FORMATS: tuple[Format, ...] = (
    *(Spreadsheet(), JsonLines(), Parquet(), GeoJson()),
    *(ImageFolder(), WebDataset(), Coco(), FiftyOne()),
)
FORMATS: Mapping[str, Format] = MappingProxyType({each.name: each for each in _FORMATS})
"""The formats of data sets, by the name that ``sis export`` knows."""

__all__ = [
    "FORMATS",
    "CoarseTerms",
    "ExportOptions",
    "Exported",
    "Format",
    "Leave",
    "LeftOut",
    "Manifest",
    "Precision",
    "Shares",
    "export_data_set",
    "export_file",
]
