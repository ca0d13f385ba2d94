"""Store: the managed local MongoDB, shared by any number of processes."""

from smart_image_scraper.store.mongod.binary import find_mongod
from smart_image_scraper.store.mongod.control import MongodStatus, start, status, stop
from smart_image_scraper.store.mongod.server import ManagedMongod

__all__ = ["ManagedMongod", "MongodStatus", "find_mongod", "start", "status", "stop"]
