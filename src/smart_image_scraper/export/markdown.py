"""Export: texts that others wrote, in Markdown that shows them as they are."""

from collections.abc import Iterable, Sequence

_ESCAPES = str.maketrans({letter: f"\\{letter}" for letter in r"\`*_[]()<>#|!~&"})


def escaped(text: str) -> str:
    """Return a text, on one line, that is no link, markup or HTML."""
    return " ".join(text.split()).translate(_ESCAPES)


def table(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table; numbers stand on the right, and everything else is escaped."""
    lines = [heading, ["---"] * len(heading), *([_cell(cell) for cell in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _cell(value: object) -> str:
    if value is None:
        return "unknown"
    return f"{value:,}" if isinstance(value, int) else escaped(str(value))
