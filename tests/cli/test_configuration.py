import json
from collections.abc import Callable

from smart_image_scraper.config import Settings


def test_config_shows_every_setting_with_its_origin(sis: Callable) -> None:
    outcome = sis("config", SIS_SIZE="original", SIS_FLICKR_KEY="abc123")

    lines = outcome.out.splitlines()
    assert [line.split()[0] for line in lines] == list(Settings.model_fields)
    assert next(line for line in lines if line.startswith("size ")).split()[1:] == [
        "original",
        "environment",
    ]
    assert "abc123" not in outcome.out


def test_a_long_value_is_parted_from_its_origin(sis: Callable) -> None:
    place = "/a/place/whose/name/is/longer/than/the/column/that/others/fit"

    lines = sis("config", SIS_MODELS_DIR=place).out.splitlines()

    assert any(line.split() == ["models_dir", place, "environment"] for line in lines)


def test_config_for_machines_is_one_object_a_line(sis: Callable) -> None:
    lines = sis("config", "--json").out.splitlines()

    shown = {entry["name"]: entry for entry in map(json.loads, lines)}
    assert shown["size"] == {"name": "size", "value": "1024", "origin": "default"}
