r"""JSON as text: the members of an object verbatim, and values as pandas' ``to_json`` writes them.

The text of a value is kept, not only the value, because many texts stand for one value
(``1.50`` and ``1.5``, ``"\/"`` and ``"/"``) and a file must be able to come back as it was.
"""

import json
import math
import re

_DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)
_SEPARATORS = re.compile(r"[ \t\n\r,:]*")


def members(text: str) -> list[tuple[str, str]]:
    """Return the names and values of a JSON object, each as it is written, in their order.

    Raises:
        ValueError: The text is no JSON, or no object.
    """
    if not isinstance(decode(text), dict):
        raise ValueError("not a JSON object")  # noqa: TRY004 — the text is wrong, not its type
    pairs = []
    at = _after_separators(text, text.index("{") + 1)
    while text[at] != "}":
        name_end = _DECODER.raw_decode(text, at)[1]
        value_at = _after_separators(text, name_end)
        value_end = _DECODER.raw_decode(text, value_at)[1]
        pairs.append((text[at:name_end], text[value_at:value_end]))
        at = _after_separators(text, value_end)
    return pairs


def decode(text: str) -> object:
    """Read a JSON value; its numbers, of any length, stay the texts that they are written as.

    Raises:
        ValueError: The text is no JSON.
    """
    try:
        return _DECODER.decode(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def encode(value: float | str | None) -> str:
    """Write a value as ``pandas.DataFrame.to_json`` does by default.

    Text is ASCII with ``/`` escaped; a float has a point, at most ten decimals and no exponent.
    """
    if isinstance(value, float):
        return _encode_float(value)
    return json.dumps(value).replace("/", "\\/")


def _encode_float(value: float) -> str:
    if not math.isfinite(value):
        return "null"
    digits = f"{value:.10f}".rstrip("0")
    return f"{digits}0" if digits.endswith(".") else digits


def _after_separators(text: str, at: int) -> int:
    match = _SEPARATORS.match(text, at)
    return match.end() if match else at
