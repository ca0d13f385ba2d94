"""The screencast: a film of this tab."""

import json
import re
import shutil
import subprocess
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

pytestmark = pytest.mark.asyncio(loop_scope="session")

Visit = Callable[..., Awaitable[Any]]

# The sentence is the same at every size.
once = pytest.mark.parametrize("size", ["wide"], indirect=True)

# A second may pass while nobody looks.
AFTER_A_SECOND, AFTER_THREE = (re.compile(rf":0[{least}-9]|:[1-5]|^[1-9]") for least in (1, 3))


def probed(film: Path) -> dict[str, Any]:
    command = ("ffprobe", "-v", "error", "-count_frames", "-show_streams", "-of", "json", film)
    said = subprocess.run(command, check=True, capture_output=True)
    (stream,) = json.loads(said.stdout)["streams"]
    return dict(stream)


@pytest.mark.skipif(shutil.which("ffprobe") is None, reason="needs ffprobe, of the package ffmpeg")
async def test_a_button_records_the_tab_and_saves_the_film(
    visit: Visit, demo: Any, tmp_path: Path
) -> None:
    # Chromium looks for cameras when it captures a tab, and logs that it may not use them.
    window = await visit(demo, forgiving=("camera is not allowed",))
    await window.shows(demo.read("/api/state")["photos"])
    await window.keep_notes()

    await window.get_by_role("button", name="Record this tab").click()
    stop = window.get_by_role("button", name="Stop recording")
    await expect(window.locator(".record-time")).to_have_text(AFTER_A_SECOND)
    await window.chosen("Charts")  # something moves
    await expect(window.locator(".record-time")).to_have_text(AFTER_THREE)
    async with window.expect_download() as saving:
        await stop.click()
    name = (await saving.value).suggested_filename
    await expect(window.get_by_text(f"Saved as {name}.")).to_be_visible()
    film = tmp_path / name
    await (await saving.value).save_as(film)

    assert film.name.startswith("screencast-20")
    stream = probed(film)
    assert (stream["codec_type"], film.suffix in {".mp4", ".webm"}) == ("video", True)
    assert int(stream["nb_read_frames"]) >= 2  # more than a picture; how many, the machine decides
    assert stream["width"] >= 300
    await expect(window.get_by_role("button", name="Record this tab")).to_be_visible()


@once
async def test_a_browser_that_cannot_says_so(visit: Visit, demo: Any) -> None:
    window = await visit(demo)
    await window.shows(demo.read("/api/state")["photos"])
    await window.keep_notes()

    await window.evaluate("delete MediaDevices.prototype.getDisplayMedia")  # as on phones
    await window.get_by_role("button", name="Record this tab").click()

    await expect(window.locator(".note")).to_contain_text("This browser cannot record a tab")
