"""Settings: what can be set, and where each value comes from."""

from smart_image_scraper.config.loading import PREFIX, Configuration, load_configuration
from smart_image_scraper.config.settings import Settings

__all__ = ["PREFIX", "Configuration", "Settings", "load_configuration"]
