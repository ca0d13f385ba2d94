"""Shards: tar files of photos, each with a table beside it, written by a process of their own.

That process begins with every export, which waits for it. So it lies apart, and imports little.
"""

from smart_image_scraper.shards.process import ShardProcess
from smart_image_scraper.shards.table import Kind, ParquetRows, check_installed
from smart_image_scraper.shards.tar import Sample

__all__ = ["Kind", "ParquetRows", "Sample", "ShardProcess", "check_installed"]
