"""Serve: who may come in, and what they may do."""

from smart_image_scraper.web.access.access import Access, Visitor
from smart_image_scraper.web.access.gate import Gate
from smart_image_scraper.web.access.hosts import Hosts
from smart_image_scraper.web.access.passwords import Passwords, Role, hash_password
from smart_image_scraper.web.access.sessions import Sessions, WebSession
from smart_image_scraper.web.access.throttle import Throttle

__all__ = [
    "Access",
    "Gate",
    "Hosts",
    "Passwords",
    "Role",
    "Sessions",
    "Throttle",
    "Visitor",
    "WebSession",
    "hash_password",
]
