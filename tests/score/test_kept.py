"""Files that are made once and kept."""

from pathlib import Path

import pytest

from smart_image_scraper.errors import WorkspaceError
from smart_image_scraper.score.kept import IN_MODELS, IN_WORKSPACE, kept_file


@pytest.mark.parametrize("advice", [IN_WORKSPACE, IN_MODELS])
def test_a_folder_that_cannot_be_written_is_named_with_the_advice_of_its_place(
    tmp_path: Path, advice: str
) -> None:
    (tmp_path / "file").touch()
    path = tmp_path / "file" / "kept"

    with pytest.raises(WorkspaceError) as caught:
        kept_file(path, make=Path.touch, otherwise=advice)

    assert str(caught.value) == f"{path.parent} cannot be written (File exists); {advice}"


def test_what_fails_while_it_is_made_leaves_nothing(tmp_path: Path) -> None:
    def make(path: Path) -> None:
        path.write_text("half")
        raise OSError(28, "No space left on device")

    with pytest.raises(WorkspaceError, match=r"\(No space left on device\)"):
        kept_file(tmp_path / "kept", make=make, otherwise=IN_WORKSPACE)

    assert list(tmp_path.iterdir()) == []
