"""Search: what a thing is called in many languages, as terms to search for; from Wikidata."""

from smart_image_scraper.search.names.choice import Candidate, clear_one
from smart_image_scraper.search.names.item import USUAL_LANGUAGES, Item, is_language, with_forms
from smart_image_scraper.search.names.terms import terms_of, terms_text
from smart_image_scraper.search.names.wikidata import Wikidata

__all__ = [
    "USUAL_LANGUAGES",
    "Candidate",
    "Item",
    "Wikidata",
    "clear_one",
    "is_language",
    "terms_of",
    "terms_text",
    "with_forms",
]
