"""Store: what a mongod that did not start says of the reason."""

import json
import re
from pathlib import Path
from typing import Any

_TAIL_BYTES = 64 << 10
_LINES = 3
# "Fatal assertion" and "aborting after fassert() failure": the reason stands before them.
_NOISE = {23091, 23092}
_ADVICE = {
    r"featureCompatibilityVersion|WiredTiger file version|downgrade|unknown storage engine": (
        "the data was written by another version of MongoDB: use that version"
    ),
    r"No space left on device": "the disk is full: free some space",
    r"error while loading shared libraries|Library not loaded|GLIBC": (
        "this mongod does not fit the system: install another one"
    ),
    r"Exec format error|Bad CPU type": "this mongod is for another kind of machine",
    r"unrecognised option|Error parsing command line": "this mongod is too old: use 6.0 or newer",
    r"Too many open files": "raise the limit of open files (ulimit -n)",
    r"DBPathInUse": "another mongod uses the folder: stop it",
}


def explain(log: Path, output: Path, *, since: int) -> str:
    """Say why mongod ended, in one line: what it printed and logged last, and what to do.

    Args:
        log: MongoDB's log; may be absent.
        output: What the start printed; may be absent.
        since: Where in the log the start began, in bytes.
    """
    text = "; ".join(_printed(output) + _complaints(log, since)) or "it left no message"
    for pattern, advice in _ADVICE.items():
        if re.search(pattern, text):
            return f"{text} ({advice})"
    return text


def _printed(output: Path) -> list[str]:
    lines = output.read_bytes().splitlines() if output.exists() else []
    # What mongod prints before it opens its log is in the log's form, and only tells of options.
    texts = [line.decode(errors="replace") for line in lines if line and _entry(line) is None]
    return [text for text in texts if not text.startswith("try '")][-_LINES:]


def _complaints(log: Path, since: int) -> list[str]:
    entries = _entries(log, since)
    serious = [entry for entry in entries if entry.get("s") in {"E", "F"}]
    chosen = [entry for entry in serious if entry.get("id") not in _NOISE] or serious or entries
    return list(dict.fromkeys(_sentence(entry) for entry in chosen))[-_LINES:]


def _entries(log: Path, since: int) -> list[dict[str, Any]]:
    if not log.exists():
        return []
    with log.open("rb") as file:
        file.seek(max(since, log.stat().st_size - _TAIL_BYTES))
        lines = file.read().splitlines()
    return [entry for line in lines if (entry := _entry(line))]


def _entry(line: bytes) -> dict[str, Any] | None:
    try:
        entry = json.loads(line)
    except ValueError:  # the first line of the tail may be half a line
        return None
    return entry if isinstance(entry, dict) and "msg" in entry else None


def _sentence(entry: dict[str, Any]) -> str:
    """Put an entry's message and the reason among its attributes into one line."""
    attributes = entry.get("attr", {})
    reasons = [attributes.get(name) for name in ("message", "error", "reason", "errmsg")]
    texts = [entry["msg"], *(_text(reason) for reason in reasons)]
    return ": ".join(" ".join(text.split()) for text in texts if text)


def _text(reason: object) -> str:
    """Return an attribute's words: WiredTiger and MongoDB nest theirs in objects of their own."""
    if isinstance(reason, str):
        return reason
    if not isinstance(reason, dict):
        return ""
    words = [reason.get(name) for name in ("msg", "errmsg", "error_str")]
    return ": ".join(word for word in words if isinstance(word, str))
