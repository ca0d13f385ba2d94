"""Demo: an imitation of Flickr on loopback, with made photos."""

from smart_image_scraper.demo.catalogue import Catalogue
from smart_image_scraper.demo.faults import Fault, Faults, Part
from smart_image_scraper.demo.members import COMMENTERS, MEMBERS
from smart_image_scraper.demo.record import MadePhoto, Member, Scene
from smart_image_scraper.demo.site import DEMO_KEY, FlickrSite, Served

__all__ = [
    "COMMENTERS",
    "DEMO_KEY",
    "MEMBERS",
    "Catalogue",
    "Fault",
    "Faults",
    "FlickrSite",
    "MadePhoto",
    "Member",
    "Part",
    "Scene",
    "Served",
]
