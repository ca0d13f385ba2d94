"""Any concept by its name: prompts, synonyms, contrasts."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from smart_image_scraper.errors import ModelError
from smart_image_scraper.score import Concept, SigLip, ZeroShot
from smart_image_scraper.score.zero_shot import canonical

RED = Image.new("RGB", (64, 48), (255, 0, 0))
GREEN = Image.new("RGB", (64, 48), (0, 255, 0))
BLUE = Image.new("RGB", (64, 48), (0, 0, 255))
_words = st.text(
    st.characters(exclude_categories=("C", "Z"), exclude_characters="|.$:<>=,!"), min_size=1
)


@pytest.fixture
def scorer(made_model: Path, tmp_path: Path) -> ZeroShot:
    return ZeroShot(SigLip("siglip2-b16-224", folder=made_model), folder=tmp_path / "prompts")


def test_images_are_scored_for_each_concept_apart(scorer: ZeroShot) -> None:
    scores = scorer.score([RED, GREEN, BLUE], [Concept(word="red"), Concept(word="green")])

    assert scores.shape == (3, 2)
    assert scores[[0, 1], [0, 1]] == pytest.approx(1)
    assert scores[[0, 1, 2, 2], [1, 0, 0, 1]] == pytest.approx(0)


def test_a_synonym_is_enough(scorer: ZeroShot) -> None:
    concept = Concept(word="red", synonyms=("green",))

    assert scorer.score([RED, GREEN, BLUE], [concept])[:, 0] == pytest.approx([1, 1, 0])


def test_what_fits_a_contrast_better_scores_less_and_the_rest_as_before(scorer: ZeroShot) -> None:
    embeddings = scorer.backbone.embed([RED, Image.new("RGB", (9, 9), (255, 255, 0))])

    alone = scorer.raw(embeddings, [Concept(word="red")])[:, 0]
    contrasted = scorer.raw(embeddings, [Concept(word="red", contrast=("yellow",))])[:, 0]

    assert contrasted[0] == alone[0]
    assert contrasted[1] == pytest.approx(alone[1] - (1 - alone[1]), abs=1e-6)


def test_prompts_are_embedded_once_and_kept(made_model: Path, tmp_path: Path) -> None:
    class Counting(SigLip):
        asked = 0

        def embed_texts(self, texts: list[str]) -> np.ndarray:  # type: ignore[override]
            self.asked += len(texts)
            return super().embed_texts(texts)

    backbone = Counting("siglip2-b16-224", folder=made_model)
    embeddings = backbone.embed([RED])

    for _ in range(2):
        ZeroShot(backbone, folder=tmp_path).raw(embeddings, [Concept(word="red")])

    assert backbone.asked == 6


@pytest.mark.parametrize("left", [0, 40, 200])
def test_kept_prompts_that_are_damaged_are_named_with_what_to_do(
    scorer: ZeroShot, tmp_path: Path, left: int
) -> None:
    embeddings = scorer.backbone.embed([RED])
    scorer.raw(embeddings, [Concept(word="red")])
    (kept,) = tmp_path.rglob("*.npy")
    kept.write_bytes(kept.read_bytes()[:left])

    with pytest.raises(ModelError, match=rf"{kept}: the prompts .*; remove the file, and it is"):
        scorer.raw(embeddings, [Concept(word="red")])


class HalfPrecision(SigLip):
    """Overflows in whatever it reads."""

    def embed_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return super().embed_texts(texts) * np.float32(np.nan)


def test_prompts_that_a_model_makes_no_numbers_of_are_said_and_not_kept(
    made_model: Path, tmp_path: Path
) -> None:
    backbone = HalfPrecision("siglip2-b16-224", folder=made_model)
    broken = ZeroShot(backbone, folder=tmp_path)

    with pytest.raises(ModelError, match="makes no numbers of 'red=crimson'; take its files of"):
        broken.score([Image.new("RGB", (9, 9))], [Concept(word="red", synonyms=("crimson",))])

    assert not list(tmp_path.rglob("*.npy"))


def test_other_synonyms_are_another_basis_and_the_same_concept_is_the_same(
    scorer: ZeroShot,
) -> None:
    assert scorer.basis(Concept(word="Red")) == scorer.basis(Concept(word="red"))
    assert scorer.basis(Concept(word="red", synonyms=("x",))) != scorer.basis(
        Concept(word="red", contrast=("x",))
    )


def test_a_score_is_the_one_that_the_scoring_means(scorer: ZeroShot) -> None:
    concept = Concept(word="white")
    raw = scorer.raw(scorer.backbone.embed([RED]), [concept])[0, 0]

    scored = scorer.scoring(concept).score(raw)

    assert scored.value == pytest.approx(scorer.score([RED], [concept])[0, 0], abs=1e-6)
    assert not scored.calibrated


def test_texts_are_brought_to_the_form_of_the_models_training() -> None:
    assert canonical("  A photo_of: the “Monkey”,  caged! ") == "a photo of the “monkey” caged"


@given(
    st.builds(
        Concept,
        word=_words,
        synonyms=st.lists(_words).map(tuple),
        contrast=st.lists(_words).map(tuple),
    )
)
def test_a_concept_is_read_as_it_is_written(concept: Concept) -> None:
    assert Concept.parse(str(concept)) == concept


@pytest.mark.parametrize(
    "word",
    ["", " ", "a|b", "monkey>=0.5", "a.b", " monkey", "monkey ", "two\nlines", "\udcff", "\0"],
)
def test_what_cannot_name_a_concept_is_refused(word: str) -> None:
    with pytest.raises(ValueError, match="cannot name a concept"):
        Concept(word=word)


@pytest.mark.parametrize("others", [{"synonyms": ("\udcff",)}, {"contrast": ("toy\0",)}])
def test_a_concepts_other_words_are_readable_text_too(others: dict[str, tuple[str, ...]]) -> None:
    with pytest.raises(ValueError, match="it is no readable text"):
        Concept(word="monkey", **others)
