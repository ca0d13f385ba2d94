import ssl
from typing import Any

import bson.errors
import pymongo.errors
import pytest

from smart_image_scraper.errors import StoreError, WorkspaceError
from smart_image_scraper.store.translation import translated

FOREIGN = sorted(
    {
        error
        for module in (pymongo.errors, bson.errors)
        for error in vars(module).values()
        if isinstance(error, type)
        and issubclass(error, Exception)
        and not issubclass(error, ssl.SSLError)
    },
    key=lambda error: error.__name__,
)
REFUSED = {
    "writeErrors": [
        {
            "code": 121,
            "op": {"q": {"_id": "flickr:1"}, "u": {"owner": "Jane Doe"}},
            "errmsg": "Jane",
        },
        {"code": 5, "op": {"_id": "flickr:2", "owner": "Jane Doe"}},
    ],
    "writeConcernErrors": [{"code": 64, "errmsg": "Jane Doe"}],
}


def made(error: type[Any]) -> Exception:
    arguments: dict[type[Exception], tuple[object, ...]] = {
        pymongo.errors.BulkWriteError: (REFUSED,),
        pymongo.errors.ClientBulkWriteException: (REFUSED, False),
        pymongo.errors.EncryptionError: (ValueError("Jane Doe"),),
        pymongo.errors.EncryptedCollectionError: (ValueError("Jane Doe"), {"fields": []}),
    }
    foreign: Exception = error(*arguments.get(error, ("Jane Doe",)))
    return foreign


@pytest.mark.parametrize("foreign", FOREIGN)
def test_every_error_of_the_driver_becomes_one_of_ours_without_its_text(
    foreign: type[Exception],
) -> None:
    with (
        pytest.raises(StoreError, match="^cannot write photos: ") as ours,
        translated("write photos"),
    ):
        raise made(foreign)

    if not issubclass(foreign, pymongo.errors.ConfigurationError):
        assert "Jane" not in str(ours.value)


def test_a_refused_batch_names_ids_and_codes_alone() -> None:
    with pytest.raises(StoreError) as ours, translated("write photos"):
        raise pymongo.errors.BulkWriteError(REFUSED)

    assert str(ours.value) == (
        "cannot write photos: the database refused: flickr:1: the document breaks the schema "
        "(code 121); flickr:2: error (code 5); error (code 64)"
    )


@pytest.mark.parametrize(
    "error",
    [
        pymongo.errors.OperationFailure("secret", code=14031),
        pymongo.errors.BulkWriteError({"writeErrors": [{"code": 14031, "op": {"_id": 1}}]}),
    ],
    ids=["command", "batch"],
)
def test_a_full_disk_is_said_to_be_full(error: Exception) -> None:
    with pytest.raises(WorkspaceError) as ours, translated("write photos"):
        raise error

    assert str(ours.value) == (
        "cannot write photos: the disk that holds the database is full; "
        "make room, then run the same command again"
    )


@pytest.mark.parametrize(
    ("error", "part"),
    [
        (pymongo.errors.OperationFailure("", code=18), "does not accept the user name"),
        (pymongo.errors.OperationFailure("", code=8000), "does not accept the user name"),
        (pymongo.errors.OperationFailure("", code=13), "does not let this user do that"),
        (pymongo.errors.AutoReconnect(""), "does not answer; see that it runs"),
        (pymongo.errors.CursorNotFound("", code=43), "refused: error (code 43)"),
        (OverflowError(), "a number over 64 bits"),
    ],
)
def test_the_sentence_says_what_happened(error: Exception, *, part: str) -> None:
    with pytest.raises(StoreError, match="cannot read photos: ") as ours, translated("read photos"):
        raise error

    assert part in str(ours.value)


def test_what_is_no_error_of_the_database_passes() -> None:
    error: dict[str, Any] = {}

    with pytest.raises(KeyError), translated("read photos"):
        error["missing"]
