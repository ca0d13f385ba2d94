"""`sis train` and `sis review`, by the backbone that comes with a package."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from smart_image_scraper.demo import FlickrSite

Sis = Callable[..., Any]


@pytest.fixture
def searched(tmp_path: Path, sis: Sis) -> Sis:
    """The command line, with photos found by two terms: striped and plain ones."""
    for term in ("bars", "sky"):
        folder = tmp_path / "found" / term
        folder.mkdir(parents=True)
        for number in range(6):
            random = np.random.default_rng([number, term == "sky"])
            pixels = np.full((64, 64, 3), random.integers(60, 200, 3), np.uint8)
            if term == "bars":
                pixels[:, :: 6 + number] = 0
            pixels += random.integers(0, 20, pixels.shape, dtype=np.uint8)
            Image.fromarray(pixels).save(folder / f"{term}{number}.png")
    assert sis("import", "folder", str(tmp_path / "found")).code == 0
    return sis


def ids(sis: Sis, term: str) -> list[str]:
    return [line.split("\t")[0] for line in sis("list", "--term", term).out.splitlines()]


def test_photos_are_learned_from_their_terms_scored_and_reviewed(searched: Sis) -> None:
    embedded = searched("embed", "--model", "dinov2-s14")
    trained = searched("train", "bars", "--json")
    scored = searched("score", "bars", "--model", "mine")
    following = searched("review", "next", "-n", "3", "--concept", "bars", "--json")
    refused = searched("embed", "--model", "mine")

    assert embedded.code == 0, embedded.err
    assert trained.code == 0, trained.err
    done = json.loads(trained.out)
    assert done["model"] == "mine@1"
    assert done["concepts"][0]["evaluation"]["roc_auc"] > 0.9
    assert scored.out.startswith("score: 12 for bars by mine@1,"), scored.err
    chosen = [json.loads(line) for line in following.out.splitlines()]
    assert len({each["photo"] for each in chosen}) == 3
    assert {each["concept"] for each in chosen} == {"bars"}
    assert "reviews of a concept calibrate it when `sis train` is run again" in scored.err
    assert (refused.code, "mine makes no embeddings; name a model" in refused.err) == (2, True)


def test_a_scrape_goes_on_with_the_version_that_scored_before(
    searched: Sis, at_flickr: FlickrSite
) -> None:
    searched("embed", "--model", "dinov2-s14")
    searched("train", "bars")
    searched("score", "bars", "--model", "mine")
    searched("train", "bars")

    scraped = searched("scrape", "monkey", "-n", "2")
    older = searched("list", "--score", "mine@1:bars>=0")

    assert "score: 2 for bars by mine@1, none failed" in scraped.out, scraped.err
    assert len(older.out.splitlines()) == 12 + 2


def test_training_with_text_says_what_texts_add_and_how_far_to_trust_it(searched: Sis) -> None:
    searched("embed", "--model", "dinov2-s14")

    trained = searched("train", "bars", "--with-text")
    scored = searched("score", "bars", "--model", "mine")

    assert trained.code == 0, trained.err
    assert "texts add +0.000 to the ROC AUC of images" in trained.out
    assert "against weak labels that is no evidence" in trained.out
    assert scored.out.startswith("score: 12 for bars by mine@1,"), scored.err


def test_what_was_said_of_photos_is_listed(searched: Sis) -> None:
    first, second, *_ = ids(searched, "bars")

    said = searched("review", "accept", first, second, "--concept", "bars")
    one = searched("review", "reject", second, "--concept", "bars")

    listed = [json.loads(line) for line in searched("review", "list", "--json").out.splitlines()]
    lines = searched("review", "list").out.splitlines()
    assert all(re.fullmatch(r"\S+\t\w+\tbars\t.+\t[-\d]{10}T[:\d]{8}Z", each) for each in lines)
    assert said.out == "review: 2 photos, accept bars\n"
    assert one.out == "review: 1 photo, reject bars\n"
    assert {each["photo"]: each["verdict"] for each in listed} == {
        first: "accept",
        second: "reject",
    }


def test_what_was_withdrawn_counts_as_not_said(searched: Sis) -> None:
    first, second, *_ = ids(searched, "bars")
    searched("review", "accept", first, second)

    outcome = searched("review", "withdraw", first)

    accepted = searched("list", "--review", "accept", "--json").out.splitlines()
    assert outcome.out == "review: 1 photo, withdraw as a whole\n"
    assert [json.loads(line)["id"] for line in accepted] == [second]


def test_when_all_is_reviewed_no_photo_is_shown_and_that_is_said(searched: Sis) -> None:
    searched("embed", "--model", "dinov2-s14")
    searched("train", "bars")
    searched("review", "accept", *ids(searched, "bars"), "--concept", "bars")
    searched("review", "reject", *ids(searched, "sky"), "--concept", "bars")

    following = searched("review", "next", "--concept", "bars")

    assert (following.code, following.out) == (0, "")
    assert "every photo that mine@1 could learn from is reviewed for bars" in following.err


def test_a_photo_that_is_not_there_is_an_error_and_nothing_is_noted(searched: Sis) -> None:
    known, *_ = ids(searched, "bars")

    outcome = searched("review", "accept", known, "flickr:1", "--concept", "bars")

    assert outcome.code == 2
    assert "there is no photo flickr:1 here; nothing was noted" in outcome.err
    listed = searched("review", "list")
    assert listed.out == ""
    assert "nothing was said of any photo yet; `sis review accept`" in listed.err


def test_before_any_embedding_training_says_how_to_make_them(searched: Sis) -> None:
    outcome = searched("train", "bars")

    assert outcome.code == 1
    assert "no photo has an embedding by dinov2-s14" in outcome.err


@pytest.mark.parametrize("weak", ["bars", "bars=", "sky=sky"])
def test_a_weak_term_that_is_none_is_an_error(searched: Sis, weak: str) -> None:
    outcome = searched("train", "bars", "--weak", weak)

    assert outcome.code == 2
    assert "write a concept that is to be trained, =, and a search term" in outcome.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("train", "a|b", "--weak", "a|b=bars"),
        ("review", "accept", "flickr:1", "--concept", "a|b.c"),
        ("review", "reject", "flickr:1", "--concept", ""),
        ("review", "next", "--concept", "a.b"),
    ],
)
def test_what_cannot_name_a_concept_is_an_error(sis: Sis, arguments: tuple[str, ...]) -> None:
    outcome = sis(*arguments)

    assert outcome.code == 2
    assert "cannot name a concept" in outcome.err


def test_the_name_of_another_model_is_refused_before_labels_are_taken_in(
    searched: Sis, tmp_path: Path
) -> None:
    labels = tmp_path / "truth.csv"
    labels.write_text("filename,bars\nbars1.png,true\nsky1.png,false\n")

    refused = searched("train", "bars", "--labels", str(labels), "--name", "google-vision")
    after_that = searched("review", "list").out
    searched("train", "bars", "--labels", str(labels))

    assert refused.code == 1
    assert "'google-vision' cannot name a trained model" in refused.err
    assert after_that == ""
    assert len(searched("review", "list").out.splitlines()) == 2


def test_a_model_that_was_never_trained_says_so(searched: Sis) -> None:
    outcome = searched("review", "next", "--concept", "bars")

    assert outcome.code == 1
    assert "there is no such trained model" in outcome.err
    assert "train one with `sis train`" in outcome.err
