"""Store: the database's errors as one sentence each."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from bson.errors import BSONError
from pymongo.errors import (
    BulkWriteError,
    ConfigurationError,
    ConnectionFailure,
    OperationFailure,
    PyMongoError,
)

from smart_image_scraper.errors import SisError, StoreError, WorkspaceError

# https://github.com/mongodb/mongo/blob/master/src/mongo/base/error_codes.yml
_OUT_OF_DISK_SPACE = 14031
_REFUSED_CREDENTIALS = frozenset({18, 8000})
_MAY_NOT = 13
_WHY: Mapping[int | None, str] = {
    121: "the document breaks the schema",
    _OUT_OF_DISK_SPACE: "the disk is full",
    11000: "the id is taken",
    13297: "a database whose name differs only in upper and lower case is there",
}


@contextmanager
def translated(doing: str) -> Iterator[None]:
    """Raise the database's errors as ours.

    Args:
        doing: What is being done, to go on with after "cannot": ``write photos``.

    Raises:
        StoreError: The database does not answer, or refused.
        WorkspaceError: Its disk is full.
    """
    try:
        yield
    except OperationFailure as error:
        # Without the cause: its text repeats the document that was refused, whatever is in it.
        raise _refusal(error, doing=doing) from None
    except (PyMongoError, BSONError, OverflowError, UnicodeEncodeError) as error:
        raise _failure(error, doing=doing) from error


def _refusal(error: OperationFailure, *, doing: str) -> SisError:
    refused = _refused(error)
    codes = {code for code, _ in refused}
    if _OUT_OF_DISK_SPACE in codes:
        return WorkspaceError(
            f"cannot {doing}: the disk that holds the database is full; "
            "make room, then run the same command again"
        )
    if codes & _REFUSED_CREDENTIALS:
        return StoreError(
            f"cannot {doing}: the database does not accept the user name or the password; "
            "correct the database's address"
        )
    if _MAY_NOT in codes:
        return StoreError(
            f"cannot {doing}: the database does not let this user do that; put a user's name and "
            "password that may into the database's address"
        )
    return StoreError(f"cannot {doing}: the database refused: {_listed(refused)}")


def _refused(error: OperationFailure) -> list[tuple[int | None, str | None]]:
    """Return the code and the document's id of each refusal, and nothing else of the document."""
    if not isinstance(error, BulkWriteError):
        return [(error.code, None)]
    details: Mapping[str, Any] = error.details
    writes = [(write["code"], _id_of(write["op"])) for write in details.get("writeErrors", [])]
    concerns = [(concern["code"], None) for concern in details.get("writeConcernErrors", [])]
    return [*writes, *concerns]


def _id_of(operation: dict[str, Any]) -> str:
    return str(operation.get("q", operation).get("_id"))


def _listed(refused: list[tuple[int | None, str | None]]) -> str:
    shown = [
        f"{document_id}: " * (document_id is not None) + f"{_WHY.get(code, 'error')} (code {code})"
        for code, document_id in refused[:3]
    ]
    more = f" and {len(refused) - len(shown)} more" if len(refused) > len(shown) else ""
    return "; ".join(shown) + more


def _failure(error: Exception, *, doing: str) -> StoreError:
    if isinstance(error, ConnectionFailure):
        return StoreError(
            f"cannot {doing}: the database does not answer; see that it runs and can be reached, "
            "then run the same command again"
        )
    if isinstance(error, ConfigurationError):
        return StoreError(
            f"cannot {doing}: the database's address or version does not fit: {error}"
        )
    if isinstance(error, (BSONError, OverflowError, UnicodeEncodeError)):
        return StoreError(
            f"cannot {doing}: a value does not fit into the database (over 16 MB, a number over "
            f"64 bits, or text that is no Unicode: {type(error).__name__})"
        )
    return StoreError(f"cannot {doing}: the database driver failed ({type(error).__name__})")
