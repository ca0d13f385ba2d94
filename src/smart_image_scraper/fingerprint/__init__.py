"""Inspect: what a photo looks like, how good it is, and which photos are copies of each other."""

from smart_image_scraper.fingerprint.bursts import group_bursts
from smart_image_scraper.fingerprint.decoding import decode
from smart_image_scraper.fingerprint.groups import best_of_groups, group, group_array
from smart_image_scraper.fingerprint.hashing import PerceptualHash, perceptual_hash
from smart_image_scraper.fingerprint.quality import Quality, SizeClass, measure, size_class

__all__ = [
    "PerceptualHash",
    "Quality",
    "SizeClass",
    "best_of_groups",
    "decode",
    "group",
    "group_array",
    "group_bursts",
    "measure",
    "perceptual_hash",
    "size_class",
]
