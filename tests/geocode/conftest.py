import pytest

from smart_image_scraper.geocode import Geocoder


@pytest.fixture(scope="session")
def geocoder() -> Geocoder:
    """The geocoder with the data that the package brings along, loaded once."""
    return Geocoder.load()
