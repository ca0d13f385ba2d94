import hashlib
import subprocess
import sys

import numpy as np
import pytest

from smart_image_scraper.score import TextFeatures

TERMS = ("Monkey cage", "サル 檻", "ape")


def features(*masked: str) -> TextFeatures:
    return TextFeatures(masked=masked)


@pytest.mark.parametrize(
    "text",
    [
        "monkey cage",
        "MONKEY  CAGE!",
        "monkeycage monkey cage",
        "monkey-cage, monkey_cage",
        "Monkeys, caged; #birdcages",
        "\uff4d\uff4f\uff4e\uff4b\uff45\uff59",
        "サル檻 サル",
        "ape apes APE",
    ],
)
def test_a_text_that_holds_nothing_but_the_term_is_as_no_text_at_all(text: str) -> None:
    vectors = features(*TERMS).vectors([text, ""])

    assert np.array_equal(vectors[0], vectors[1])
    assert vectors[0, -1] == 1
    assert not vectors[0, :-1].any()


def test_what_else_is_written_is_left() -> None:
    left = features(*TERMS).left

    assert left("A landscape: monkeys at Ueno Zoo") == "a landscape at ueno zoo"
    assert left("動物園のサルたち") == "動物園の たち"


def test_the_term_tells_nothing_beside_other_words_either() -> None:
    vectors = features("monkey cage").vectors(["Ueno zoo", "Ueno monkeycage zoo, caged monkey"])

    assert np.array_equal(vectors[0], vectors[1])


def test_texts_that_share_words_are_alike_in_any_script() -> None:
    vectors = features().vectors(["動物園 猿山", "上野 動物園", "สวนสัตว์", "สวนสัตว์ดุสิต", "Tierpark"])[
        :, :-1
    ]

    alike = vectors @ vectors.T
    assert alike[0, 1] > 0.2 > abs(alike[0, 4])
    assert alike[2, 3] > 0.4 > abs(alike[2, 4])
    assert np.allclose(np.diag(alike), 1, atol=1e-6)


def test_a_text_has_the_same_vector_alone_among_others_and_in_another_process() -> None:
    text = "Berber macaques, Gibraltar 🐒"
    script = (
        "from smart_image_scraper.score import TextFeatures; import sys;"
        f"sys.stdout.buffer.write(TextFeatures(masked=()).vectors([{text!r}]).tobytes())"
    )

    elsewhere = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", script], capture_output=True, check=True
    ).stdout

    many = features().vectors([f"photo {number}" for number in range(1_500)] + [text])
    assert np.array_equal(np.frombuffer(elsewhere, np.float32), many[-1])


def test_odd_texts_have_vectors_too() -> None:
    vectors = features("cage").vectors(["\ud800", "a", "\0\n\t", "x" * 10_000])

    assert np.isfinite(vectors).all()
    assert vectors[:, -1].tolist() == [0, 0, 0, 0]
    assert features().vectors([]).shape == (0, features().dimension + 1)


def test_texts_are_counted_as_they_were_when_models_and_counts_of_today_were_kept() -> None:
    """Who changes this has to raise ``_COUNTED_AS``, and to tell that models be trained anew."""
    text = "Berber macaques: Gibraltar 🐒 上野動物園, café"

    counts = features("monkey cage", "猿").counts([text])

    assert hashlib.sha256(counts.astype("<i2").tobytes()).hexdigest()[:16] == "78604b5992623d29"
