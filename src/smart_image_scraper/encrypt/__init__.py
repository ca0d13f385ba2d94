"""Encrypt: personal fields become tokens before a photo is stored, and open only with the keys."""

from smart_image_scraper.encrypt.ring import KeyRing
from smart_image_scraper.encrypt.vault import Vault

__all__ = ["KeyRing", "Vault"]
