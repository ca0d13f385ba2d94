"""The memory that the server gets. The command itself is tested with the real server."""

from pathlib import Path

import pytest

from smart_image_scraper.store.mongod.command import auto_cache_gb, command_line, memory_bytes
from smart_image_scraper.store.mongod.folder import DatabaseFolder

GB = 1 << 30


@pytest.mark.parametrize(("memory", "cache"), [(1, 0.25), (8, 0.8), (64, 2.0)])
def test_the_cache_is_a_tenth_of_the_memory_within_bounds(memory: int, cache: float) -> None:
    assert auto_cache_gb(memory * GB) == pytest.approx(cache)


def test_a_given_cache_is_taken(tmp_path: Path) -> None:
    folder = DatabaseFolder(root=tmp_path)

    command = command_line(folder, binary=Path("/bin/mongod"), cache_gb=0.5)

    assert command[0] == "/bin/mongod"
    assert command[command.index("--wiredTigerCacheSizeGB") + 1] == "0.50"


def test_a_containers_limit_counts_where_it_is_lower(tmp_path: Path) -> None:
    limit = tmp_path / "memory.max"
    unlimited = memory_bytes(limit)

    limit.write_text("max\n")
    without_limit = memory_bytes(limit)
    limit.write_text("1048576\n")
    with_limit = memory_bytes(limit)

    assert without_limit == unlimited
    assert with_limit == 1 << 20
