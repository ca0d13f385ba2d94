import io

from rich.console import Console

from smart_image_scraper.cli.progress import BarProgress, LineProgress


def test_lines_come_every_ten_seconds_and_at_the_end() -> None:
    lines: list[str] = []
    seconds = iter([0.0, 4.0, 10.0, 10.0, 20.0])
    progress = LineProgress(lines.append, clock=lambda: next(seconds))

    with progress.stage("download", total=40) as advance:
        advance(10)
        advance(10)

    assert lines == [
        "download: 20 of 40 photos, 2.0/s, 10 s left",
        "download: 20 photos in 20.0 s, 1.0/s",
    ]


def test_a_stage_that_does_nothing_says_nothing() -> None:
    lines: list[str] = []

    with LineProgress(lines.append).stage("download", total=0):
        pass

    assert lines == []


def test_a_total_that_nobody_knows_is_left_out() -> None:
    lines: list[str] = []
    seconds = iter([0.0, 12.0, 12.0, 12.0])

    with LineProgress(lines.append, clock=lambda: next(seconds)).stage("rotate", total=None) as go:
        go(3)

    assert lines == ["rotate: 3 photos, 0.2/s", "rotate: 3 photos in 12.0 s, 0.2/s"]


def test_a_bar_shows_count_and_rate() -> None:
    screen = Console(file=io.StringIO(), force_terminal=True, width=100)

    with BarProgress(screen).stage("download", total=3) as advance:
        advance(3)

    assert isinstance(screen.file, io.StringIO)
    assert "3/3" in screen.file.getvalue()


def test_a_note_stands_beside_the_photos() -> None:
    lines: list[str] = []
    seconds = iter([0.0, 12.0, 12.0, 12.0])
    progress = LineProgress(lines.append, clock=lambda: next(seconds))
    screen = Console(file=io.StringIO(), force_terminal=True, width=120)

    with progress.stage("search", total=9, note=lambda: "2 windows") as advance:
        advance(3)
    with BarProgress(screen).stage("search", total=9, note=lambda: "2 windows") as advance:
        advance(3)

    assert lines[0] == "search: 3 of 9 photos, 0.2/s, 24 s left, 2 windows"
    assert isinstance(screen.file, io.StringIO)
    assert "2 windows" in screen.file.getvalue()


def test_what_was_done_before_is_in_the_count_and_not_in_the_rate() -> None:
    lines: list[str] = []
    seconds = iter([0.0, 10.0, 10.0, 10.0])
    progress = LineProgress(lines.append, clock=lambda: next(seconds))

    with progress.stage("search", total=200, done=100) as advance:
        advance(50)

    assert lines == [
        "search: 150 of 200 photos, 5.0/s, 10 s left",
        "search: 50 photos in 10.0 s, 5.0/s",
    ]
