"""Pipeline: the keys of a database: that they are the right ones, and changing them."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

from smart_image_scraper.encrypt import KeyRing, Vault
from smart_image_scraper.errors import KeyRingError, TokenError
from smart_image_scraper.photo import EncryptedPhoto, Filter, PhotoId
from smart_image_scraper.pipeline.progress import Progress
from smart_image_scraper.store import Store

INDEX = "index"
MOST_EXAMPLES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyCheck:
    """What came of opening every sealed field, or of sealing all of them anew.

    Attributes:
        photos: Photos whose fields all opened.
        unknown_keys: Photos with a field whose key the ring does not have, by key id.
        damaged: Photos with a field that does not open although its key is there.
        examples: The first few of these failures, as sentences.
    """

    photos: int
    unknown_keys: Mapping[str, int]
    damaged: int
    examples: tuple[str, ...]


def adopt_keys(store: Store, ring: KeyRing) -> None:
    """See that a ring is the one of the database, and note its sealing key there.

    Raises:
        KeyRingError: The database was sealed with a key, or has an index of owners, that the ring
            does not have; nothing was changed.
    """
    noted = store.key_fingerprints()
    check_keys_match(noted or {}, ring)
    own = ring.fingerprints()
    needed = {name: own[name] for name in (ring.current, INDEX) if name in own}
    if noted is None or not needed.items() <= noted.items():
        store.save_key_fingerprints({**(noted or {}), **needed}, instead_of=noted)


def check_keys_match(noted: Mapping[str, str], ring: KeyRing) -> None:
    """See that a ring has every key that the database was sealed with.

    Args:
        noted: The fingerprints in the database.
        ring: The keys to use.

    Raises:
        KeyRingError: It does not.
    """
    own = ring.fingerprints()
    if wrong := sorted(name for name, mark in noted.items() if own.get(name, mark) != mark):
        raise KeyRingError(
            f"these are not the keys of the database: {', '.join(wrong)} differ from the ones it "
            "was encrypted with; put the right key ring in place"
        )
    if missing := sorted(noted.keys() - own.keys()):
        raise KeyRingError(
            f"the database was encrypted with {', '.join(missing)}, which the key ring does not "
            "have; put the right key ring in place, or add the key"
        )


def check_all(store: Store, vault: Vault, *, progress: Progress) -> KeyCheck:
    """Open every sealed field of every photo."""
    tally = _Tally(vault.ring)
    with progress.stage("check", total=store.count(Filter())) as advance:
        for photo in store.find(Filter(), whole=True):
            with tally.of(photo):
                vault.open(photo)
            advance(1)
    return tally.result()


def rotate(store: Store, vault: Vault, *, progress: Progress) -> KeyCheck:
    """Seal every field that is under another key anew, with the current one.

    It can be stopped and started again. Fields whose key the ring does not have stay as they are.
    It goes over the database until it finds nothing more to do; then the database forgets the
    former keys, and they can leave the ring. Answers to searches that are not stored yet are
    dropped, and asked for again. Whoever still writes with the former ring, and ends later, would
    bring a former key back: let other runs end first.
    """
    done: set[PhotoId] = set()
    store.runs.forget_replies()
    with progress.stage("rotate", total=None) as advance:
        result = _rotate_once(store, vault, advance=advance, done=done)
        while result.photos:
            result = _rotate_once(store, vault, advance=advance, done=done)
    if not (result.unknown_keys or result.damaged):
        own = vault.ring.fingerprints()
        kept = {name: own[name] for name in (vault.ring.current, INDEX)}
        store.save_key_fingerprints(kept, instead_of=store.key_fingerprints())
    return replace(result, photos=len(done))


def _rotate_once(
    store: Store, vault: Vault, *, advance: Callable[[int], None], done: set[PhotoId]
) -> KeyCheck:
    tally = _Tally(vault.ring)
    for photo in store.sealed_with_other_key(vault.ring.current):
        with tally.of(photo):
            store.replace_tokens(photo, vault.reseal(photo))
            # A photo comes once more for each kind of its large fields.
            advance(photo.photo.id not in done)
            done.add(photo.photo.id)
    return tally.result()


def check_not_needed(store: Store, ring: KeyRing, *, key_id: str) -> None:
    """See that nothing in the store is under a key, so that the key can leave the ring.

    Raises:
        KeyRingError: Something may be: not everything is under the current key.
    """
    noted = store.key_fingerprints() or {}
    if key_id in noted or any(store.sealed_with_other_key(ring.current)):
        raise KeyRingError(
            f"fields may still be encrypted with {key_id!r}; run `sis keys rotate` first, which "
            "puts everything under the current key"
        )


class _Tally:
    """Counts photos by what came of opening them."""

    def __init__(self, ring: KeyRing) -> None:
        self._ring = ring
        self._photos = 0
        self._unknown_keys: Counter[str] = Counter()
        self._damaged = 0
        self._examples: list[str] = []

    @contextmanager
    def of(self, photo: EncryptedPhoto) -> Iterator[None]:
        """Count a photo as done, or as failed if the block raises that it does not open."""
        foreign = {token.key_id for token in photo.tokens.values()} - self._ring.keys.keys()
        try:
            yield
            self._photos += 1
        except KeyRingError as error:
            if not foreign:
                raise
            self._unknown_keys.update(foreign)
            self._examples.append(str(error))
        except TokenError as error:
            self._damaged += 1
            self._examples.append(str(error))

    def result(self) -> KeyCheck:
        """Return the counts."""
        return KeyCheck(
            photos=self._photos,
            unknown_keys=dict(self._unknown_keys),
            damaged=self._damaged,
            examples=tuple(self._examples[:MOST_EXAMPLES]),
        )
