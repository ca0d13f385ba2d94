"""Photos by likeness to a photo, and to words, over embeddings by a made image-text model."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from smart_image_scraper.errors import ModelError, UsageError
from smart_image_scraper.photo import Filter
from smart_image_scraper.score import Embeddings, SigLip, model_name
from smart_image_scraper.web.engine import describe, select
from smart_image_scraper.web.library import Library

COLOURS = ["red", "green", "blue", "red", "yellow"]
Serve = Callable[..., Any]


@pytest.fixture
def served(serve: Serve, made: SimpleNamespace, made_model: Path) -> Any:
    """Five photos of one colour each, and a sixth that no model has seen."""
    served = serve()
    maker = made.photos(1)
    served.store.put([maker.photo(number) for number in range(1, 7)])
    backbone = SigLip("siglip2-b16-224", folder=made_model)
    vectors = backbone.embed([Image.new("RGB", (32, 32), colour) for colour in COLOURS])
    folder = served.workspace / "embeddings" / model_name(backbone)
    with Embeddings.open(folder, dimension=backbone.dimension) as embeddings:
        contents = {made.photo_id(number): "x" for number in range(1, 6)}
        embeddings.append(contents, vectors)
    return served


def opened(served: Any, model: Path | None) -> Library:
    library = Library(lambda: served.store, served.workspace, model_path=model)
    library.refresh()
    served.opened.append(library)
    return library


def order_of(library: Library, order: str) -> list[int]:
    page = select(library.snapshot(), Filter()).page(order, offset=0, limit=9)
    return [int(photo_id.native) for photo_id in page]


def test_what_looks_alike_comes_first_and_what_no_model_has_seen_last(
    served: Any, made_model: Path
) -> None:
    library = opened(served, made_model)

    similar = order_of(library, "similar:flickr:1")

    assert similar[:2] == [1, 4]
    assert similar[2] == 5  # yellow has red in it
    assert similar[-1] == 6


def test_photos_are_found_by_words(served: Any, made_model: Path) -> None:
    library = opened(served, made_model)

    assert describe(library.snapshot())["has_words_search"]
    assert order_of(library, "words:Green!")[0] == 2
    assert order_of(library, "words:red")[:2] == [1, 4]
    assert order_of(library, "words:yellow")[0] == 5


def test_a_photo_that_no_model_has_seen_cannot_be_compared(served: Any, made_model: Path) -> None:
    library = opened(served, made_model)

    with pytest.raises(UsageError, match="flickr:6 cannot be compared with others"):
        order_of(library, "similar:flickr:6")


def test_another_model_than_the_one_that_has_seen_the_photos_is_refused(
    served: Any, made_model: Path
) -> None:
    folder = next((served.workspace / "embeddings").iterdir())
    folder.rename(folder.with_name("siglip2-b16-224@00000000"))
    library = opened(served, made_model)

    with pytest.raises(ModelError, match="another one than the one that has seen the photos"):
        order_of(library, "words:red")

    described = describe(library.snapshot())
    assert not described["has_words_search"]
    assert "another one" in described["words_search_why"]


def test_embeddings_of_photos_that_are_no_more_are_left_out(
    served: Any, made: SimpleNamespace, made_model: Path
) -> None:
    served.store.erasure.begin([])
    served.store.erasure.delete([made.photo_id(4)])
    library = opened(served, made_model)

    assert 4 not in order_of(library, "similar:flickr:1")


def test_a_cosine_is_that_of_the_embeddings(served: Any, made_model: Path) -> None:
    snapshot = opened(served, made_model).snapshot()

    cosines = snapshot.likeness.of_photo(
        snapshot.ids_of(np.array([0]))[0], rows_of=snapshot.rows_of_names, number=len(snapshot)
    )

    assert cosines[0] == pytest.approx(1, abs=1e-3)
    assert np.isnan(cosines[-1])
