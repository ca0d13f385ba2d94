"""The one way to the network: addresses checked, rates kept, failures tried again."""

from smart_image_scraper.net.client import HttpClient
from smart_image_scraper.net.limiter import Budget, Limiter, SharedLimiter
from smart_image_scraper.net.rate import RateLimiter
from smart_image_scraper.net.reply import Reply

__all__ = ["Budget", "HttpClient", "Limiter", "RateLimiter", "Reply", "SharedLimiter"]
