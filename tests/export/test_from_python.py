"""The example of the manual, as it stands there, and what it may be given."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from smart_image_scraper.encrypt import KeyRing, Vault
from smart_image_scraper.errors import UsageError
from smart_image_scraper.export import ExportOptions
from smart_image_scraper.photo import Photo, Place, Stage
from smart_image_scraper.store import Store
from smart_image_scraper.store.mongod import ManagedMongod

MANUAL = Path(__file__).parents[2] / "docs" / "export.md"


def test_the_example_of_the_manual_runs(
    make_photo: Callable[..., Photo],
    keep_file: Callable[..., Photo],
    make_jpeg: Callable[..., bytes],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    workspace = tmp_path / "sis-data"
    workspace.mkdir()
    place = Place(country_code="PH", country="Philippines", gazetteer="made")
    photo = keep_file(make_photo(place=place), make_jpeg(1), workspace=workspace)
    vault = Vault(KeyRing.ensure(workspace / "keys"))
    with ManagedMongod(workspace / "db") as uri, Store.connect(uri) as store:
        store.put([vault.seal(photo)], stages=tuple(Stage))
    [example] = re.findall(r"```python\n(.*?)```", MANUAL.read_text(), re.DOTALL)
    monkeypatch.chdir(tmp_path)

    exec(compile(example, MANUAL.name, "exec"), {})

    assert capsys.readouterr().out == "1 {'train': 1, 'validation': 0, 'test': 0} {}\n"
    assert (tmp_path / "monkeys" / "train" / "00000.tar").is_file()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"shard_size": 0}, "a shard holds at least one photo, not 0"),
        ({"seed": -1}, "the seed is 0 or more, not -1"),
        ({"name": "two\nlines"}, "has a line break or another control character"),
    ],
)
def test_options_that_cannot_be_are_a_wrong_use(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        ExportOptions(**wrong)
