"""Export: Parquet, typed, one photo a row (https://parquet.apache.org)."""

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from smart_image_scraper.export.columns import columns
from smart_image_scraper.export.entry import Entry
from smart_image_scraper.export.folder import written_file
from smart_image_scraper.export.format import Table, WriteOptions, Written
from smart_image_scraper.export.rows import json_row_of, json_text
from smart_image_scraper.shards import ParquetRows, check_installed

MEDIA_TYPE = "application/vnd.apache.parquet"
# Readers skip groups by their columns' least and largest values; a group is in memory at a time.
_ROWS_IN_GROUP = 2_000


class Parquet:
    """One file of typed rows: what is known of the photos, without their files."""

    name = "parquet"
    file = "photos.parquet"
    needs_files = False

    def write(self, entries: Iterable[Entry], *, folder: Path, options: WriteOptions) -> Written:
        """Write entries as ``photos.parquet``; see :class:`Format`."""
        check_installed("pyarrow", form=self.name)
        written = columns(options.concepts, personal=options.personal)
        path = folder / self.file
        photos = 0
        rows = ParquetRows(
            path,
            kinds={column.name: column.kind for column in written},
            group_size=_ROWS_IN_GROUP,
            about={column.name: column.about for column in written},
        )
        with closing(rows):
            for entry in entries:
                rows.add(json_text(json_row_of(entry, written)).encode())
                photos += 1
            rows.end()
        return Written(
            photos=photos,
            files=(written_file(path, folder=folder, media_type=MEDIA_TYPE),),
            table=Table(
                pattern=self.file,
                media_type=MEDIA_TYPE,
                columns=tuple(column.name for column in written),
            ),
        )
