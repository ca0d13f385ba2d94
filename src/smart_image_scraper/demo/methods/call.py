"""Demo: one call of an API method, and how a method refuses it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from smart_image_scraper.demo.changes import Changes
from smart_image_scraper.demo.matching import PhotoIndex
from smart_image_scraper.demo.record import MadePhoto
from smart_image_scraper.demo.replies import Refusal, Wire, wire_of


class RefusedError(Exception):
    """A method refuses a call.

    Args:
        code: As the method's page documents it.
        message: As the real one writes it.
    """

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.refusal = Refusal(code=code, message=message)


class PhotoNotFoundError(RefusedError):
    """No photo has the id that was asked for, or nobody but its owner may know of it."""

    def __init__(self, message: str = "Photo not found") -> None:
        super().__init__(1, message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call that was let in.

    Attributes:
        arguments: The request's.
        address: Host and port for the photos' addresses.
        index: The made photos.
        changes: What has become of them.
    """

    arguments: Mapping[str, str]
    address: str
    index: PhotoIndex
    changes: Changes

    @property
    def wire(self) -> Wire:
        """How the reply is wanted."""
        return wire_of(self.arguments)

    def photo(self) -> MadePhoto:
        """Return the public photo that is asked for, as it is now.

        Raises:
            PhotoNotFoundError: There is none.
        """
        photo = self.index.by_id.get(self.arguments.get("photo_id", ""))
        if photo is None or not self.changes.is_public(photo):
            raise PhotoNotFoundError
        return self.changes.applied_to(photo)

    def permitted_photo(self) -> MadePhoto:
        """Return the photo that is asked for, by those methods that tell private from deleted.

        Raises:
            RefusedError: There is none, or it is private.
        """
        photo = self.index.by_id.get(self.arguments.get("photo_id", ""))
        if photo is not None and self.changes.is_private(photo):
            raise RefusedError(2, "Permission denied")
        return self.photo()


Method = Callable[[Call], str]
"""Answers a call with the body of the reply; refuses it with a ``RefusedError``."""
