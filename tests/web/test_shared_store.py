import pytest

from smart_image_scraper.errors import StoreError
from smart_image_scraper.store import Store
from smart_image_scraper.web.shared_store import RETRY_S, SharedStore


class Connection:
    """Opens a store, or fails, and counts how often it was asked."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.asked = 0
        self.is_down = False
        self.now = 0.0

    def __call__(self) -> Store:
        self.asked += 1
        if self.is_down:
            raise StoreError("no database answers")
        return self.store

    def clock(self) -> float:
        return self.now


@pytest.fixture
def connection(store: Store) -> Connection:
    return Connection(store)


def test_the_store_is_opened_once(connection: Connection) -> None:
    shared = SharedStore(connection, clock=connection.clock)

    assert connection.asked == 0
    assert shared() is shared() is connection.store
    assert connection.asked == 1


def test_while_it_is_down_not_everybody_waits_for_it(connection: Connection) -> None:
    shared = SharedStore(connection, clock=connection.clock)
    connection.is_down = True

    for _ in range(3):
        with pytest.raises(StoreError, match="no database answers"):
            shared()

    assert connection.asked == 1


def test_it_is_tried_again_after_a_while(connection: Connection) -> None:
    shared = SharedStore(connection, clock=connection.clock)
    connection.is_down = True
    with pytest.raises(StoreError):
        shared()

    connection.is_down = False
    connection.now += RETRY_S

    assert shared() is connection.store


def test_after_a_failed_request_it_is_seen_whether_it_is_there_still(
    connection: Connection,
) -> None:
    shared = SharedStore(connection, clock=connection.clock)
    shared()

    shared.doubt()

    assert shared() is connection.store
    assert connection.asked == 2
