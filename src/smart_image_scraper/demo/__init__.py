"""Demo: an imitation of Flickr on loopback, with made photos."""

from smart_image_scraper.demo.catalogue import Catalogue
from smart_image_scraper.demo.commons_site import CommonsSite
from smart_image_scraper.demo.faults import Fault, Faults, Part
from smart_image_scraper.demo.inaturalist_site import INaturalistSite
from smart_image_scraper.demo.members import COMMENTERS, MEMBERS
from smart_image_scraper.demo.methods.exif import has_exif, hides_exif
from smart_image_scraper.demo.paging import ROUGH_QUIRKS, Quirks
from smart_image_scraper.demo.reach import Crowd, Reach
from smart_image_scraper.demo.record import MadePhoto, Member, Scene
from smart_image_scraper.demo.remarks import Remark, comments_on, notes_on
from smart_image_scraper.demo.site import DEMO_KEY, FlickrSite, Served
from smart_image_scraper.demo.uneven import UNEVEN_TAG
from smart_image_scraper.demo.wikidata_site import WikidataSite
from smart_image_scraper.demo.words import Spot, spot_of

__all__ = [
    "COMMENTERS",
    "DEMO_KEY",
    "MEMBERS",
    "ROUGH_QUIRKS",
    "UNEVEN_TAG",
    "Catalogue",
    "CommonsSite",
    "Crowd",
    "Fault",
    "Faults",
    "FlickrSite",
    "INaturalistSite",
    "MadePhoto",
    "Member",
    "Part",
    "Quirks",
    "Reach",
    "Remark",
    "Scene",
    "Served",
    "Spot",
    "WikidataSite",
    "comments_on",
    "has_exif",
    "hides_exif",
    "notes_on",
    "spot_of",
]
