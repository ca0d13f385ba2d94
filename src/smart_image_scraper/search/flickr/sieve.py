"""Search: which rows of Flickr's pages are photos that were asked for, each of them once."""

from array import array
from collections import Counter
from collections.abc import Iterable

from smart_image_scraper.photo import Photo, PhotoId, SearchHit
from smart_image_scraper.search.flickr.arguments import meets
from smart_image_scraper.search.flickr.page import Row
from smart_image_scraper.search.flickr.row import is_video, photo_id, read_photo
from smart_image_scraper.search.query import Query

# The row does not say when it was uploaded: it may come again in any window.
_NEVER = 2**62


class Sieve:
    """Turns the rows of a search's pages into photos, and counts what becomes of each.

    Args:
        hit: What each photo notes of the search.

    Attributes:
        counts: Rows by what they are, in the words of ``SearchAccount``.
    """

    def __init__(self, hit: SearchHit) -> None:
        self.counts: Counter[str] = Counter()
        self._hit = hit
        self._seen: dict[PhotoId, int] = {}
        self._elsewhere: set[PhotoId] = set()

    @property
    def known(self) -> int:
        """How many photos have come, those that were left out included."""
        return len(self._seen) + len(self._elsewhere)

    def photos(self, rows: Iterable[Row], *, query: Query, most: int | None = None) -> list[Photo]:
        """Return the photos among rows that meet a query and have not come before.

        Args:
            rows: Those of a page.
            query: What they must meet.
            most: Go no further than to that many photos.
        """
        kept: list[Photo] = []
        for row in rows:
            if most is not None and len(kept) >= most:
                break
            self.counts["rows"] += 1
            self.counts[self._sort_in(row, query=query, kept=kept)] += 1
        return kept

    def seen(self) -> bytes:
        """Return which photos have come, packed: of each its number and its upload's second."""
        packed = array("q")
        for photo, second in self._seen.items():
            packed.extend((int(photo.native), second))
        return packed.tobytes()

    def remember(self, seen: bytes) -> None:
        """Count photos as such that have come, as :meth:`seen` returned them."""
        packed = array("q")
        packed.frombytes(seen)
        for number, second in zip(packed[::2], packed[1::2], strict=True):
            self._seen[PhotoId(f"flickr:{number}")] = second

    def forget_before(self, second: int) -> None:
        """Forget the photos that were uploaded before a second since 1970."""
        self._seen = {name: uploaded for name, uploaded in self._seen.items() if uploaded >= second}
        self._elsewhere.clear()

    def _sort_in(self, row: Row, *, query: Query, kept: list[Photo]) -> str:
        try:
            identity = photo_id(row)
        except ValueError:
            return "unreadable"
        if identity in self._seen:
            return "repeated"
        photo = read_photo(row, hit=self._hit)
        if is_video(row):
            self._see(photo)
            return "videos"
        if not meets(photo, query):
            # Not seen for good: what is outside of this window of dates is within another one.
            if identity in self._elsewhere:
                return "repeated"
            self._elsewhere.add(identity)
            return "outside"
        self._see(photo)
        kept.append(photo)
        return "photos"

    def _see(self, photo: Photo) -> None:
        uploaded = photo.uploaded_at
        self._seen[photo.id] = _NEVER if uploaded is None else int(uploaded.timestamp())
