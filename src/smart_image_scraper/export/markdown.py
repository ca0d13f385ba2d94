"""Export: texts that others wrote, in Markdown that shows them as they are."""

from collections.abc import Iterable, Sequence

_ESCAPES = str.maketrans({letter: f"\\{letter}" for letter in r"\`*_[]()<>#|!~&"})
# Control characters, and those that turn the direction of what follows: of a licence, here.
_UNSEEN = dict.fromkeys(
    (*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A))
)
_CHANGES = _ESCAPES | _UNSEEN


def on_one_line(text: str) -> str:
    """Return a text on one line that turns no text around it."""
    return " ".join(text.split()).translate(_UNSEEN)


def escaped(text: str) -> str:
    """Return a text, on one line, that is no link, markup or HTML, and turns no text around it."""
    return " ".join(text.split()).translate(_CHANGES)


def table(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table; numbers stand on the right, and everything else is escaped."""
    lines = [heading, ["---"] * len(heading), *([_cell(cell) for cell in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _cell(value: object) -> str:
    if value is None:
        return "unknown"
    return f"{value:,}" if isinstance(value, int) else escaped(str(value))
