"""What the store has acknowledged is there, whatever happens to the server."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Thread
from typing import Protocol

import pytest

from smart_image_scraper.errors import StoreError
from smart_image_scraper.photo import EncryptedPhoto, Filter, PhotoId, Stage, Token
from smart_image_scraper.store import Store


class Server(Protocol):
    uri: str

    def start(self) -> None: ...
    def kill(self) -> None: ...


class Writer:
    """Puts photos in small batches and notes what was acknowledged, until the server is gone."""

    def __init__(self, uri: str, *, make_photo: Callable[..., EncryptedPhoto], first: int) -> None:
        self.acknowledged: list[PhotoId] = []
        self.error: StoreError | None = None
        self._uri, self._make_photo, self._first = uri, make_photo, first
        self.thread = Thread(target=self._run)
        self.thread.start()

    def _run(self) -> None:
        try:
            with Store.connect(self._uri, timeout_s=2) as store:
                for start in range(self._first, self._first + 1_000_000, 50):
                    photos = [self._make_photo(start + number) for number in range(50)]
                    store.put(photos)
                    self.acknowledged += [photo.photo.id for photo in photos]
        except StoreError as error:
            self.error = error


def test_no_acknowledged_photo_is_lost_when_the_server_is_killed(
    own_mongod: Server, make_photo: Callable[..., EncryptedPhoto]
) -> None:
    acknowledged: list[PhotoId] = []

    for kill in range(2):
        writer = Writer(own_mongod.uri, make_photo=make_photo, first=kill * 1_000_000)
        while len(writer.acknowledged) < 200 and writer.thread.is_alive():
            time.sleep(0.01)
        time.sleep(0.3 * kill)
        own_mongod.kill()
        writer.thread.join()
        own_mongod.start()
        acknowledged += writer.acknowledged
        assert writer.error is not None
        assert str(writer.error).startswith("cannot write photos: the database does not answer")

    with Store.connect(own_mongod.uri) as store:
        found = [photo.photo.id for photo in store.get(acknowledged)]
        assert len(found) >= 400
        assert found == acknowledged


def test_a_server_that_is_gone_is_said_in_one_sentence(
    own_mongod: Server,
    make_photo: Callable[..., EncryptedPhoto],
    make_token: Callable[..., Token],
) -> None:
    sealed = make_photo(1, sealed={"tokens": {"exif": make_token()}})
    with Store.connect(own_mongod.uri, timeout_s=2) as store, ThreadPoolExecutor(12) as threads:
        actions: list[Callable[[], object]] = [
            lambda: store.put([make_photo(1)]),
            lambda: next(store.get([PhotoId("flickr:1")])),
            lambda: next(store.find(Filter())),
            lambda: next(store.pending(Stage.DOWNLOAD)),
            lambda: next(store.sealed_with_other_key("k1")),
            lambda: store.replace_tokens(sealed, sealed),
            lambda: store.count(Filter()),
            lambda: store.count_pending(Stage.INSPECT),
            store.totals,
            store.runs.all,
            store.key_fingerprints,
            lambda: store.save_key_fingerprints({}),
        ]
        own_mongod.kill()

        # All at once: each waits as long for the server as it was told.
        endings = [threads.submit(action) for action in actions]
        for ending in endings:
            with pytest.raises(StoreError, match=r"^cannot [a-z ]+: the database does not answer"):
                ending.result()
