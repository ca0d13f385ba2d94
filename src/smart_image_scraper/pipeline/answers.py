"""Pipeline: whether a service that is asked about one photo after the other still answers."""

from smart_image_scraper.errors import SisError, StatusError, TransientError

MOST_IN_A_ROW = 5
"""So many photos that get no answer, one after the other, and the service is out."""

_TOO_MANY_REQUESTS = 429
_SERVER_ERROR = 500


class Answers:
    """Tells a photo without an answer from a service that is out.

    One reply that stays garbled must not keep all other photos from being asked about; but when
    none comes any more, there is no use in asking on.
    """

    def __init__(self) -> None:
        self._missing = 0

    def answered(self) -> None:
        """Note that an answer has come, whatever it says."""
        self._missing = 0

    def failed(self, error: SisError) -> None:
        """Note that a call got no answer.

        Raises:
            SisError: That error: it would be the same for every photo, or is one too many.
        """
        self._missing += 1
        if not _may_pass(error) or self._missing >= MOST_IN_A_ROW:
            raise error


def _may_pass(error: SisError) -> bool:
    if isinstance(error, StatusError):
        return error.status == _TOO_MANY_REQUESTS or error.status >= _SERVER_ERROR
    return isinstance(error, TransientError)
