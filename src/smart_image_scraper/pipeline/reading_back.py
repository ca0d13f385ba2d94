"""Pipeline: of what was written, a sample is read back, opened and compared."""

from collections.abc import Sequence
from dataclasses import replace

from smart_image_scraper.encrypt import Vault
from smart_image_scraper.errors import StoreError
from smart_image_scraper.photo import EncryptedPhoto, Photo
from smart_image_scraper.photo.sealed import sensitive_values
from smart_image_scraper.store import Store

SAMPLE_SIZE = 5


def sample(photos: Sequence[Photo]) -> Sequence[Photo]:
    """Return about five of the photos, the first among them."""
    return photos[:: max(1, len(photos) // SAMPLE_SIZE)]


def check_stored(photos: Sequence[Photo], *, store: Store, vault: Vault) -> None:
    """See that photos come back from the store with the personal values that were written.

    Raises:
        StoreError: One does not.
    """
    written = {photo.id: photo for photo in photos}
    for stored in store.get(tuple(written), whole=True):
        values = sensitive_values(open_own(stored, vault=vault))
        expected = sensitive_values(written[stored.photo.id])
        if any(values.get(name) != value for name, value in expected.items()):
            raise StoreError(
                f"{stored.photo.id}: its encrypted fields do not come back as they were written; "
                "nothing more is stored. Check the database's disk, then run `sis keys check`"
            )


def open_own(photo: EncryptedPhoto, *, vault: Vault) -> Photo:
    """Open the fields whose keys the vault has; those sealed elsewhere stay empty."""
    own = {name: token for name, token in photo.tokens.items() if token.key_id in vault.ring.keys}
    return vault.open(replace(photo, tokens=own))
