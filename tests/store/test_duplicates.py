from collections.abc import Callable

from smart_image_scraper.photo import DuplicateGroup, DuplicateKind, EncryptedPhoto, Filter, PhotoId
from smart_image_scraper.store import Store

MakePhoto = Callable[..., EncryptedPhoto]
GROUP = DuplicateGroup(kind=DuplicateKind.COPY, group="flickr:1", best=False)


def test_the_groups_of_a_photo_that_is_not_there_any_more_are_left_out(
    store: Store, make_photo: MakePhoto
) -> None:
    store.put([make_photo(1)])

    changed = store.save_duplicates({PhotoId("flickr:2"): (GROUP,)})

    assert changed == 0
    assert store.count(Filter()) == 1


def test_more_groups_than_fit_into_a_batch_are_written_and_removed(
    store: Store, make_photo: MakePhoto
) -> None:
    store.put(make_photo(number) for number in range(1_100))
    groups = {PhotoId(f"flickr:{number}"): (GROUP,) for number in range(1_100)}

    written, removed = store.save_duplicates(groups), store.save_duplicates({})

    assert (written, removed) == (1_100, 1_100)
    assert store.count(Filter(without_duplicates=True)) == 1_100


def test_a_photo_that_was_not_inspected_has_no_likeness(
    store: Store, make_photo: MakePhoto
) -> None:
    store.put([make_photo(1)])

    assert list(store.likenesses()) == []
