"""`sis score --model google-vision`, against an imitation of the service."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

Sis = Callable[..., Any]


@pytest.fixture
def score(sis: Sis, environment: dict[str, str], vision_service: Any, tmp_path: Path) -> Sis:
    """The command, with a red and a green photo, and settings that let it ask the imitation."""
    environment["PATH"] = str(tmp_path / "nothing")  # exiftool takes half a second to start
    environment["SIS_GOOGLE_VISION_URL"] = vision_service.url
    environment["SIS_GOOGLE_VISION_KEY"] = vision_service.KEY
    folder = tmp_path / "pictures"
    folder.mkdir()
    for name in ("RED", "GREEN"):
        Image.new("RGB", (640, 480), getattr(vision_service, name)).save(folder / f"{name}.png")
    sis("import", "folder", str(folder))
    return lambda *arguments, **changed: sis(
        "score", "--model", "google-vision", *arguments, **changed
    )


def test_photos_are_scored_and_the_cost_is_said_before(
    score: Sis, sis: Sis, vision_service: Any
) -> None:
    done = score("monkey", "cage", "--yes")

    assert done.code == 0, done.err
    assert done.out == "label: 2 photos by google-vision@stable, 2 scored, none failed\n"
    assert (
        "2 photos go to Google Vision, scaled down and without metadata; it takes $0.00 to $0.00 "
        "for them ($1.50 per 1,000, the first 1,000 of a month free; cloud.google.com/vision/"
        "pricing, May 2026)"
    ) in done.err
    assert vision_service.KEY not in done.err + done.out
    assert len(sis("list", "--score", "google-vision:monkey>=0.9,cage<0.5").out.splitlines()) == 1


def test_without_consent_nothing_is_sent(score: Sis, vision_service: Any) -> None:
    done = score("monkey")

    assert done.code == 2
    assert "photos are sent and paid for only if you say so; add --yes" in done.err
    assert vision_service.requests == []


def test_a_further_concept_takes_neither_key_nor_consent(score: Sis, vision_service: Any) -> None:
    score("monkey", "--yes")

    done = score("cage", "--json", SIS_GOOGLE_VISION_KEY="")

    assert json.loads(done.out) == {
        "stage": "label",
        "model": "google-vision@stable",
        "labelled": 0,
        "scored": 2,
        "failed": {},
    }
    assert "Google" not in done.err
    assert vision_service.requests == [2]


def test_scoring_again_says_that_nothing_is_new(score: Sis) -> None:
    score("monkey", "--yes")

    assert score("monkey").out == "label: nothing new by google-vision@stable\n"
    assert score().out == "label: nothing new by google-vision@stable\n"


def test_a_missing_client_is_said_with_what_installs_it(
    score: Sis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "google.cloud.vision", None)

    done = score("monkey", "--yes")

    assert done.code == 2
    assert "install smart-image-scraper[google-vision]" in done.err


def test_a_missing_key_is_said_before_the_cost(score: Sis) -> None:
    done = score("monkey", "--yes", SIS_GOOGLE_VISION_KEY="")

    assert done.code == 2
    assert "there is none; set SIS_GOOGLE_VISION_KEY" in done.err
    assert "$" not in done.err


def test_a_photo_that_google_refuses_is_listed_as_failed(
    score: Sis, sis: Sis, vision_service: Any
) -> None:
    vision_service.image_errors[vision_service.GREEN] = [3, 3]

    done = score("monkey", "--yes")

    assert done.code == 3
    assert done.out.endswith("1 scored, 1 failed (1 refused)\n")
    assert "`sis list --failed score` shows them" in done.err
    assert "error 3 (code 3)" in sis("list", "--failed", "score", "--json").out


def test_own_words_are_used(score: Sis, sis: Sis, tmp_path: Path) -> None:
    words = tmp_path / "words.toml"
    words.write_text('animal = ["macaque"]', encoding="utf-8")

    score("animal", "--yes", SIS_LABEL_WORDS=str(words))

    assert sis("list", "--json").out.count('"value": 0.93') == 1


def test_what_is_not_for_a_service_is_refused(score: Sis) -> None:
    assert "--titles and --histogram are not for google-vision" in score("x", "--titles").err


def test_a_run_that_is_killed_loses_no_more_than_what_was_on_its_way(
    score: Sis, sis: Sis, environment: dict[str, str], vision_service: Any, tmp_path: Path
) -> None:
    for number in range(80):
        picture = Image.new("RGB", (40 + number, 30), vision_service.RED)
        picture.save(tmp_path / "pictures" / f"{number}.png")
    sis("import", "folder", str(tmp_path / "pictures"))
    vision_service.latency_s = 0.2
    command = [sys.executable, "-m", "smart_image_scraper", "score", "monkey", "--yes"]

    with subprocess.Popen(
        [*command, "--model", "google-vision"], env={**os.environ, **environment}
    ) as broken:
        while len(vision_service.requests) < 5 and broken.poll() is None:
            time.sleep(0.01)
        broken.kill()
    before = sum(vision_service.requests)
    done = score("monkey", "--yes", "--json")

    labelled = json.loads(done.out)["labelled"]
    assert 0 < 82 - labelled <= before
    assert before + labelled <= 82 + 64
    assert len(sis("list", "--score", "monkey>=0.9").out.splitlines()) == 81
