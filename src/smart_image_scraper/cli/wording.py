"""How numbers are said to a person."""

import math


def counted(count: int, noun: str, *, plural: str | None = None) -> str:
    """Say how many there are of something: ``1 photo``, ``2,000 photos``."""
    return f"{count:,} {noun if count == 1 else plural or f'{noun}s'}"


def duration(hours: float) -> str:
    """Say how long something takes."""
    return f"{hours:,.1f} hours" if hours >= 1 else counted(math.ceil(hours * 60), "minute")
