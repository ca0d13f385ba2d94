"""What is said where the options that select photos select none."""

from smart_image_scraper.cli.session import Session, tell
from smart_image_scraper.photo import Filter

NONE_MEANT = "no photo meets the conditions; `sis status` shows what there is"
NONE_THERE = (
    "there are no photos yet; `sis scrape` finds some, and `sis import` takes in what you have"
)


def tell_if_none(opened: Session, where: Filter) -> None:
    """Tell it if a filter means no photo, and what to do: none came of it then, and none failed.

    Before a command works on photos, which may change what they meet.
    """
    if not any(opened.store.find(where, limit=1)):
        tell(NONE_MEANT if any(opened.store.find(Filter(), limit=1)) else NONE_THERE)
