"""Download: a photo's file comes into the workspace whole and checked, or not at all."""

from smart_image_scraper.download.downloader import Downloader
from smart_image_scraper.download.files import Files, remove_all_sizes

__all__ = ["Downloader", "Files", "remove_all_sizes"]
