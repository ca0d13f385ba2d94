import http.client
import json
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from PIL import Image

from smart_image_scraper.demo.__main__ import main

Ready = dict[str, Any]


@contextmanager
def started(*options: str) -> Iterator[tuple[subprocess.Popen[str], Ready]]:
    command = [sys.executable, "-m", "smart_image_scraper.demo", "--photos", "20", *options]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            yield process, json.loads(process.stdout.readline())
        finally:
            process.terminate()


def searched(ready: Ready) -> str:
    query = f"?method=flickr.photos.search&text=monkey&api_key={ready['key']}"
    with urllib.request.urlopen(ready["endpoint"] + query) as reply:
        text: str = reply.read().decode()
        return text


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_is_and_ends_when_told_to(number: signal.Signals) -> None:
    with started() as (process, ready):
        reply = searched(ready)
        process.send_signal(number)

        assert process.wait(60) == 0
    assert 'stat="ok"' in reply
    assert ready["endpoint"] == f"http://{ready['addresses'][0]}/services/rest/"


def test_it_ends_when_its_standard_input_closes() -> None:
    with started("--until-stdin-closes") as (process, _):
        assert process.stdin is not None
        process.stdin.write("what comes before the end does not matter\n")
        process.stdin.close()

        assert process.wait(60) == 0


def test_faults_are_switched_on_by_options() -> None:
    faults = ("--fault", "api:code-105=1", "--fault", "images:429=1", "--retry-after", "3")
    with started(*faults) as (_, ready):
        reply = searched(ready)
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(f"http://{ready['addresses'][1]}/65535/1_a.jpg")
        caught.value.close()

    assert 'code="105"' in reply
    assert caught.value.status == 429
    assert caught.value.headers["Retry-After"] == "3"


def test_an_uneven_catalogue_with_quirks_is_made_by_options(tmp_path: Path) -> None:
    account = tmp_path / "account.json"
    options = ("--uneven", "--burst", "6", "--burst", "4", "--total-error", "0", "--strays", "0.5")
    with started(*options, "--plain-files", "--account", str(account)) as (process, ready):
        query = f"?method=flickr.photos.search&tags=fieldtrip&api_key={ready['key']}"
        with urllib.request.urlopen(ready["endpoint"] + query) as reply:
            body = reply.read().decode()
        process.terminate()
        process.wait(60)

    assert 'total="20"' in body
    assert json.loads(account.read_text()) == {
        "calls": {"flickr.photos.search": 1},
        "fetches": 0,
        "faults": {},
        "busiest": {"api": 1},
    }


def test_the_full_mix_and_a_throttle_are_switched_on_by_options() -> None:
    limits = ("--image-rate", "0.1", "--image-retry-after", "8")
    with started("--fault-mix", "1", *limits) as (_, ready):
        failures = 0
        for _ in range(3):
            try:
                failures += 'stat="ok"' not in searched(ready)
            except (OSError, http.client.HTTPException):
                failures += 1
        with (
            suppress(OSError, http.client.HTTPException),
            urllib.request.urlopen(f"http://{ready['addresses'][1]}/65535/1_a.jpg"),
        ):
            pass
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(f"http://{ready['addresses'][1]}/65535/1_a.jpg")
        caught.value.close()

    assert failures > 0
    assert (caught.value.status, caught.value.headers["Retry-After"]) == (429, "8")


def test_it_serves_recorded_replies_and_real_files(tmp_path: Path) -> None:
    (tmp_path / "page.xml").write_text('<rsp stat="ok"><photos total="77"/></rsp>')
    files = tmp_path / "files"
    files.mkdir()
    Image.new("RGB", (8, 8)).save(files / "a.jpg")

    with started("--replies", str(tmp_path), "--files", str(files)) as (_, ready):
        reply = searched(ready)
        with urllib.request.urlopen(f"http://{ready['addresses'][1]}/65535/1_a.jpg") as image:
            body = image.read()

    assert 'total="77"' in reply
    assert body == (files / "a.jpg").read_bytes()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--fault", "images:often"), "'images:often' is no fault; write it as in images:429=0.05"),
        (("--fault-mix", "0.1", "--vanished", "0.5"), "--fault-mix says all; leave out --fault"),
        (("--burst", "5"), "--burst is for --uneven"),
        (
            ("--uneven", "--photos", "9", "--burst", "10"),
            "bursts of 10 do not fit into 9 photos",
        ),
        (("--photos", "1", "--strays", "2"), "strays is a share, from 0 to 1, not 2.0"),
        (("--photos", "1", "--fault-mix", "2"), "the probabilities of api faults are over 1"),
        (("--photos", "1", "--image-rate", "0"), "a rate of 0.0 per second lets nothing through"),
    ],
)
def test_options_that_make_no_sense_are_refused(options: tuple[str, ...], message: str) -> None:
    done = CliRunner().invoke(main, options)

    assert done.exit_code == 2
    assert message in done.stderr
