"""How numbers are said to a person."""

import math
import unicodedata


def counted(count: int, noun: str, *, plural: str | None = None) -> str:
    """Say how many there are of something: ``1 photo``, ``2,000 photos``."""
    return f"{count:,} {noun if count == 1 else plural or f'{noun}s'}"


def duration(hours: float) -> str:
    """Say how long something takes."""
    return f"{hours:,.1f} hours" if hours >= 1 else counted(math.ceil(hours * 60), "minute")


def in_one_line(text: str) -> str:
    """Return what others wrote as it can stand in a line: a terminal obeys control characters."""
    plain = "".join(" " if unicodedata.category(each) == "Cc" else each for each in text)
    return " ".join(plain.split())
