"""Store: the command that runs mongod for one user of one machine."""

import os
from pathlib import Path

from smart_image_scraper.store.mongod.folder import DatabaseFolder

_CGROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")


def command_line(folder: DatabaseFolder, *, binary: Path, cache_gb: float | None) -> list[str]:
    """Return the server's command: one unix socket, no network, and a quiet log.

    Args:
        folder: Where it keeps its data, socket and log.
        binary: The mongod program.
        cache_gb: The cache, in GiB; ``None`` for a tenth of the memory, 0.25 to 2.
    """
    cache = auto_cache_gb(memory_bytes()) if cache_gb is None else cache_gb
    options = {
        "dbpath": str(folder.data),
        # A path here is a unix socket of its own (--nounixsocket only means the usual one), and
        # without another address there is no TCP.
        "bind_ip": str(folder.socket),
        "filePermissions": "0600",
        "logpath": str(folder.log),
        "logRotate": "reopen",
        # A logged slow query would hold what it asked for or wrote.
        "slowOpSampleRate": "0.0",
        "wiredTigerCacheSizeGB": f"{cache:.2f}",
        # Without it the journal of an empty database takes 300 MB of every workspace.
        "wiredTigerEngineConfigString": "log=(file_max=16MB)",
        # Compression costs time on a socket, and was the way in of CVE-2025-14847.
        "networkMessageCompressors": "disabled",
        "setParameter": "diagnosticDataCollectionEnabled=false",
    }
    pairs = [part for name, value in options.items() for part in (f"--{name}", value)]
    return [str(binary), *pairs, "--nounixsocket", "--logappend", "--quiet"]


def auto_cache_gb(memory: int) -> float:
    """Return the cache for a machine with so many bytes of memory: a tenth, 0.25 to 2 GiB."""
    return min(max(memory / 10 / (1 << 30), 0.25), 2)


def memory_bytes(cgroup_limit: Path = _CGROUP_LIMIT) -> int:
    """Return the memory that this process may use: the machine's, or its container's if less."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    limit = cgroup_limit.read_text().strip() if cgroup_limit.exists() else "max"
    return memory if limit == "max" else min(memory, int(limit))
