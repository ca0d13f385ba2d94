"""Download: a photo's file comes into the workspace whole and checked, or not at all."""

from smart_image_scraper.download.downloader import Downloader
from smart_image_scraper.download.files import Files

__all__ = ["Downloader", "Files"]
