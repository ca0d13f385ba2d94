"""A workspace in which photos are inspected."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from smart_image_scraper.encrypt import Vault
from smart_image_scraper.store import Store
from tests.made.inspecting import Inspection


@pytest.fixture
def inspection(
    store: Store,
    vault: Vault,
    tmp_path: Path,
    progress: Any,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> Inspection:
    """Without exiftool, which takes a second to start, unless a test asks for it by parameter."""
    if getattr(request, "param", "pillow") == "pillow":
        monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    elif shutil.which("exiftool") is None:
        pytest.skip("needs exiftool (Debian's libimage-exiftool-perl)")
    return Inspection(store, vault, workspace=tmp_path, progress=progress)
