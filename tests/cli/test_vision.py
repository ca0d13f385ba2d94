from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from smart_image_scraper.cli.session import session
from smart_image_scraper.cli.vision import vision_pending
from smart_image_scraper.errors import CredentialsError, UsageError
from smart_image_scraper.photo import Filter


@pytest.fixture
def imported(
    sis: Callable[..., Any], environment: dict[str, str], vision_service: Any, tmp_path: Path
) -> None:
    """A workspace of a red and a green photo, and settings that let commands ask the imitation."""
    environment["PATH"] = str(tmp_path / "nothing")  # exiftool takes half a second to start
    environment["SIS_GOOGLE_VISION_URL"] = vision_service.url
    environment["SIS_GOOGLE_VISION_KEY"] = vision_service.KEY
    folder = tmp_path / "pictures"
    folder.mkdir()
    for name in ("RED", "GREEN"):
        Image.new("RGB", (640, 480), getattr(vision_service, name)).save(folder / f"{name}.png")
    sis("import", "folder", str(folder))


@pytest.fixture
def score(
    imported: None, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Any]:
    def call(*concepts: str, **options: Any) -> Any:
        with monkeypatch.context() as patch:
            for name, value in environment.items():
                patch.setenv(name, value)
            with session(reading=True) as opened:
                return vision_pending(opened, Filter(), concepts=concepts, **options)

    return call


def test_the_cost_is_said_before_photos_are_sent(
    score: Callable[..., Any], vision_service: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    summary = score("monkey", yes=True)

    assert (summary.labelled, summary.scored) == (2, 2)
    said = capsys.readouterr().err
    assert (
        "2 photos go to Google Vision, scaled down and without metadata; it takes $0.00 to" in said
    )
    assert (
        "$1.50 per 1,000, the first 1,000 of a month free; cloud.google.com/vision/pricing" in said
    )
    assert vision_service.KEY not in said


def test_without_an_answer_nothing_is_sent(score: Callable[..., Any], vision_service: Any) -> None:
    with pytest.raises(UsageError, match="only if you say so; add --yes"):
        score("monkey")

    assert vision_service.requests == []


def test_a_further_concept_takes_neither_key_nor_consent(
    score: Callable[..., Any], environment: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    score("monkey", yes=True)
    del environment["SIS_GOOGLE_VISION_KEY"]
    capsys.readouterr()

    summary = score("cage")

    assert (summary.labelled, summary.scored) == (0, 2)
    assert "Google" not in capsys.readouterr().err


def test_a_missing_key_is_said_before_the_cost(
    score: Callable[..., Any], environment: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    del environment["SIS_GOOGLE_VISION_KEY"]

    with pytest.raises(CredentialsError, match="set SIS_GOOGLE_VISION_KEY"):
        score("monkey", yes=True)

    assert "$" not in capsys.readouterr().err


def test_own_words_are_used(
    score: Callable[..., Any], environment: dict[str, str], tmp_path: Path, sis: Callable[..., Any]
) -> None:
    words = tmp_path / "words.toml"
    words.write_text('animal = ["macaque"]', encoding="utf-8")
    environment["SIS_LABEL_WORDS"] = str(words)

    score("animal", yes=True)

    listed = sis("list", "--json").out
    assert listed.count('"value": 0.93') == 1
