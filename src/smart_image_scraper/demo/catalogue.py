"""Demo: what an imitation of Flickr holds."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol, Self

from smart_image_scraper.demo.changes import Changes
from smart_image_scraper.demo.making import made_photos
from smart_image_scraper.demo.matching import PhotoIndex
from smart_image_scraper.demo.paging import USUAL_QUIRKS, Quirks
from smart_image_scraper.demo.pictures import MadePictures, Missing, Picture, PlainPictures
from smart_image_scraper.demo.reach import Reach, reach_of
from smart_image_scraper.demo.record import MadePhoto
from smart_image_scraper.demo.recorded import FolderPictures, NoPictures, RecordedAnswers
from smart_image_scraper.demo.remarks import personal_texts
from smart_image_scraper.demo.rest import MadeAnswers
from smart_image_scraper.demo.uneven import fitting_bursts, uneven_photos


class Answers(Protocol):
    """Who answers calls of the API."""

    @property
    def methods(self) -> frozenset[str]:
        """The names of the methods that can be called."""
        ...

    def answer(self, arguments: Mapping[str, str], *, address: str, changes: Changes) -> bytes:
        """Return the body of the reply to a call.

        Args:
            arguments: The request's, already checked for method, key and format.
            address: Host and port for the photos' addresses.
            changes: What has become of the photos.
        """
        ...


class Pictures(Protocol):
    """Who has the photos' files."""

    def picture(self, name: str) -> Picture | Missing:
        """Return a file, or why there is none. Other threads may ask at the same time.

        Args:
            name: The last part of the path, ``{id}_{secret}_{size}.jpg``.
        """
        ...


class Catalogue:
    """Photos and the calls that tell of them.

    Args:
        answers: Who answers calls.
        pictures: Who has the files.
        index: The made photos; without them all is recorded.
        quirks: How far the replies to searches are from what was asked for.

    Attributes:
        index: The made photos by id, owner and words; empty if all is recorded.
        photos: The made photos, in the order in which they were made; none if recorded.
    """

    def __init__(
        self,
        answers: Answers,
        *,
        pictures: Pictures,
        index: PhotoIndex | None = None,
        quirks: Quirks = USUAL_QUIRKS,
    ) -> None:
        self.answers = answers
        self.pictures = pictures
        self.index = index or PhotoIndex(())
        self.photos = self.index.photos
        self.quirks = quirks

    @classmethod
    def made(cls, count: int, *, seed: int = 1, quirks: Quirks = USUAL_QUIRKS) -> Self:
        """Make photos: the same for the same seed on every machine; 60,000 take some seconds.

        Args:
            count: How many; fewer are the first of more.
            seed: Other seeds give other photos.
            quirks: How far the replies to searches are from what was asked for.
        """
        return cls.of(tuple(made_photos(count, seed=seed)), seed=seed, quirks=quirks)

    @classmethod
    def uneven(
        cls,
        count: int,
        *,
        bursts: Sequence[int] | None = None,
        seed: int = 1,
        quirks: Quirks = USUAL_QUIRKS,
    ) -> Self:
        """Make photos for an exhaustive search: all have the tag ``UNEVEN_TAG``.

        Quiet and busy years, days and seconds, and bursts of many photos in one second: the first
        with geotags all over the Earth, the second of every licence, the third without geotags, and
        so on.

        Args:
            count: How many, bursts included.
            bursts: How many photos are in each; 9,000, 5,000 and 6,000 without it, less if a third
                of all would be fewer.
            seed: Other seeds give other photos.
            quirks: How far the replies to searches are from what was asked for.

        Raises:
            ValueError: There are more in the bursts than altogether.
        """
        sizes = fitting_bursts(count) if bursts is None else bursts
        photos = tuple(uneven_photos(count, bursts=sizes, seed=seed))
        return cls.of(photos, seed=seed, quirks=quirks)

    @classmethod
    def of(
        cls, photos: Sequence[MadePhoto], *, seed: int = 1, quirks: Quirks = USUAL_QUIRKS
    ) -> Self:
        """Serve given photos, such as made ones that a test has changed.

        Args:
            photos: Each with an id of its own.
            seed: Of what moves the totals.
            quirks: How far the replies to searches are from what was asked for.
        """
        index = PhotoIndex(photos)
        answers = MadeAnswers(index, quirks=quirks, seed=seed)
        return cls(answers, pictures=MadePictures(photos), index=index, quirks=quirks)

    @classmethod
    def recorded(cls, search_replies: Path | Sequence[Path], photos: Path | None = None) -> Self:
        """Serve recorded search replies and a folder of real photos.

        Args:
            search_replies: A folder, or files in the order of the pages they answer.
            photos: A folder of JPEGs. A file's own name gives it, any photo id always the same
                one of them; without a folder every file is missing.
        """
        pictures = NoPictures() if photos is None else FolderPictures(photos)
        return cls(RecordedAnswers(search_replies), pictures=pictures)

    def with_plain_files(self) -> Self:
        """Return the same photos with grey files, for many thousands of downloads."""
        plain = PlainPictures(self.photos)
        return type(self)(self.answers, pictures=plain, index=self.index, quirks=self.quirks)

    def find(self, **arguments: str) -> tuple[MadePhoto, ...]:
        """Return the made photos that a search finds, without caps, pages and quirks.

        Args:
            arguments: As those of ``flickr.photos.search``.
        """
        return self.index.find(arguments)

    def reach(self, **arguments: str) -> Reach:
        """Return what a search can show at all, divided by seconds, licences, types and boxes.

        Args:
            arguments: As those of ``flickr.photos.search``.
        """
        return reach_of(self.find(**arguments), max_results=self.quirks.max_results)

    def personal_texts(self, photos: Iterable[MadePhoto] | None = None) -> frozenset[str]:
        """Return all that tells who owns some photos, who wrote about them, and what.

        Each text is told where it belongs and occurs nowhere else, without markup, so that a search
        through bytes finds leaks.

        Args:
            photos: All of the catalogue without it.
        """
        chosen = self.photos if photos is None else photos
        return frozenset(text for photo in chosen for text in personal_texts(photo))
