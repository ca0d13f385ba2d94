"""`sis embed` and `sis score`, by a made image-text model that scores colours."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from smart_image_scraper.demo import FlickrSite

Sis = Callable[..., Any]


@pytest.fixture
def colours(tmp_path: Path, sis: Sis, environment: dict[str, str], made_model: Path) -> Sis:
    """The command line, with three photos of one colour each and a model that knows colours."""
    folder = tmp_path / "colours"
    folder.mkdir()
    for colour in ("red", "green", "blue"):
        Image.new("RGB", (40, 30), colour).save(folder / f"{colour}.png")
    environment["SIS_MODEL_PATH"] = str(made_model)
    environment["SIS_MODELS_DIR"] = str(tmp_path / "models")
    assert sis("import", "folder", str(folder)).code == 0
    return sis


def test_photos_are_scored_for_a_concept_and_can_be_selected_by_it(colours: Sis) -> None:
    done = colours("score", "red", "green")

    assert done.code == 0, done.err
    assert done.out.startswith("score: 3 for red, 3 for green by siglip2-b16-224@")
    assert "the probabilities of red, green are uncalibrated" in done.err
    listed = colours("list", "--json", "--score", "red>=0.5,green<0.5")
    (photo,) = [json.loads(line) for line in listed.out.splitlines()]
    assert photo["title"] == "red"
    assert {each["concept"]: round(each["value"], 3) for each in photo["scores"]} == {
        "red": 1.0,
        "green": 0.0,
    }


def test_scoring_again_says_that_nothing_is_new(colours: Sis) -> None:
    colours("score", "red")

    again = colours("score", "red")

    assert again.code == 0
    assert again.out.startswith("score: nothing new for red by siglip2-b16-224@")


def test_without_a_concept_new_photos_are_scored_for_what_was_asked_before(
    colours: Sis, tmp_path: Path
) -> None:
    nothing = colours("score")
    colours("score", "red=green!blue")
    Image.new("RGB", (41, 30), "lime").save(tmp_path / "colours" / "lime.png")
    colours("import", "folder", str(tmp_path / "colours"))

    done = colours("score")

    assert (nothing.code, done.code) == (2, 0)
    assert "say what to look for, as in `sis score monkey`" in nothing.err
    assert done.out.startswith("score: 1 for red by")
    assert len(colours("list", "--score", "red>0.5").out.splitlines()) == 3


def test_a_scrape_looks_in_new_photos_for_what_was_looked_for_before(
    sis: Sis, at_flickr: FlickrSite, environment: dict[str, str], made_model: Path
) -> None:
    environment["SIS_MODEL_PATH"] = str(made_model)
    before = sis("scrape", "monkey", "-n", "3")
    sis("score", "red")

    after = sis("scrape", "parrot", "-n", "3")

    assert not [line for line in before.out.splitlines() if line.startswith("score")]
    assert after.out.splitlines()[-1].startswith("score: ")
    assert " for red by siglip2-b16-224@" in after.out


def test_a_scrape_goes_on_where_the_model_of_before_cannot_be_had(
    sis: Sis, at_flickr: FlickrSite, environment: dict[str, str], made_model: Path
) -> None:
    sis("scrape", "monkey", "-n", "3")
    scored = sis("score", "red", "--model-path", str(made_model))

    after = sis("scrape", "parrot", "-n", "3", "--places", SIS_MODEL_PATH="")

    assert (scored.code, after.code) == (0, 0), after.err
    assert "as those before were: here is siglip2-b16-224@" in after.err
    assert after.out.splitlines()[-1].startswith("places: ")


def test_a_histogram_shows_how_the_scores_are_spread(colours: Sis) -> None:
    drawn = colours("score", "red", "--histogram").out.splitlines()
    machine = colours("score", "red", "--histogram", "--json").out.splitlines()

    assert drawn[1] == "red: 3 photos"
    assert drawn[2].split() == ["0.00-0.05", "█" * 50, "2"]
    assert drawn[-1].split() == ["0.95-1.00", "█" * 25, "1"]
    assert json.loads(machine[1])["counts"] == [2, *[0] * 18, 1]


def test_the_status_says_what_was_scored_and_whether_it_is_calibrated(colours: Sis) -> None:
    colours("score", "red")

    said = colours("status").out
    (scoring,) = json.loads(colours("status", "--json").out)["scorings"]

    assert "scored red: by siglip2-b16-224@" in said
    assert said.splitlines()[-1].startswith("run ") or "uncalibrated" in said
    assert (scoring["concept"], scoring["calibrated"]) == ("red", False)


def test_embedding_alone_is_said_and_done_once(colours: Sis) -> None:
    first, second = colours("embed"), colours("embed", "--json")

    assert first.out.startswith("embed: 3 photos by siglip2-b16-224@")
    assert json.loads(second.out)["known"] == 3


def test_a_photo_that_cannot_be_decoded_is_listed_and_the_exit_code_says_so(
    colours: Sis, workspace: Path
) -> None:
    broken = next(workspace.glob("files/*/*/*.png"))
    broken.write_bytes(broken.read_bytes()[:60])

    done = colours("score", "red")

    assert done.code == 3
    assert "2 for red" in done.out
    assert "1 failed (1 damaged)" in done.out
    assert "`sis list --failed score` shows them" in done.err
    assert "damaged, for good" in colours("list", "--failed", "score").out
    assert "; 1 had failed for good before (--again)" in colours("score", "red").out


def test_a_model_that_knows_no_words_says_what_to_do(colours: Sis) -> None:
    done = colours("score", "red", "--model", "dinov2-s14")

    assert done.code == 2
    assert "dinov2-s14 knows no words; train it" in done.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["score", "red", "--model", "clip"],
            "'clip' is no model; there are fast, siglip2-b16-224",
        ),
        (["score", "a|b"], "'a|b' cannot name a concept"),
        (["embed", "--model", "google-vision"], "google-vision makes no embeddings; name a"),
        (["list", "--score", "red"], "'red' is no condition on a score"),
        (["list", "--score", "red>0.5"], "no photo has been scored for 'red>0.5'"),
        (["score", "red", "--model-path", "nowhere"], "'nowhere' does not exist"),
    ],
)
def test_wrong_use_is_said(colours: Sis, arguments: list[str], said: str) -> None:
    done = colours(*arguments)

    assert done.code == 2
    assert said in done.err


def test_a_folder_without_dinov2_is_refused_when_it_is_named_and_passed_over_in_the_settings(
    colours: Sis, made_model: Path
) -> None:
    named = colours("embed", "--model", "dinov2-s14", "--model-path", str(made_model))
    in_settings = colours("embed", "--model", "dinov2-s14")

    assert named.code == 1
    assert "there is no DINOv2 here; it should hold onnx/model.onnx" in named.err
    assert in_settings.code == 0
    assert in_settings.out.startswith("embed: 3 photos by dinov2-s14@198644e3b")


@pytest.fixture
def titled(colours: Sis, tmp_path: Path) -> Sis:
    """Photos whose titles fit (red, green, blue), one with a wrong title, one without words."""
    Image.new("RGB", (44, 30), "blue").save(tmp_path / "colours" / "Yellow, yellow!.png")
    Image.new("RGB", (45, 30), "red").save(tmp_path / "colours" / "---.png")
    colours("import", "folder", str(tmp_path / "colours"))
    return colours


def titles_of(listed: Any) -> list[str]:
    return sorted(json.loads(line)["title"] for line in listed.out.splitlines())


def test_titles_that_describe_their_photos_are_told_from_those_that_do_not(titled: Sis) -> None:
    done = titled("score", "--titles")

    assert done.code == 0, done.err
    assert done.out.startswith("score: 4 for fits-title by siglip2-b16-224@")
    fitting = titled("list", "--json", "--score", "fits-title>=0.5")
    others = titled("list", "--json", "--score", "fits-title<0.5")
    assert titles_of(fitting) == ["blue", "green", "red"]
    assert titles_of(others) == ["Yellow, yellow!"]


def test_titles_are_compared_once_and_beside_concepts(titled: Sis) -> None:
    first = titled("score", "red", "--titles", "--json")
    again = titled("score", "--titles")
    anew = titled("score", "--titles", "--again")
    concepts = titled("score")

    assert [json.loads(line)["scored"] for line in first.out.splitlines()] == [
        {"red": 5},
        {"fits-title": 4},
    ]
    assert again.out.startswith("score: nothing new for fits-title by")
    assert "the probabilities of fits-title are uncalibrated: trust their order\n" in again.err
    assert anew.out.startswith("score: 4 for fits-title by")
    assert concepts.out.startswith("score: nothing new for red by")


def test_the_word_for_titles_is_no_concept(colours: Sis) -> None:
    done = colours("score", "fits-title")

    assert done.code == 2
    assert "fits-title is what `sis score --titles` scores; use another word" in done.err
