"""Inspect: a file's metadata as groups of named tags, in exiftool's names."""

from collections.abc import Mapping
from dataclasses import dataclass

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

Tags = Mapping[str, Mapping[str, "Tag"]]
"""By group, such as ``IFD0``, ``ExifIFD``, ``GPS``, ``XMP-dc``, ``IPTC``; then by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """One value, without loss.

    Attributes:
        value: As a machine reads it: 1, 0.0125, ``"Canon"``. Bytes, and text that is no UTF-8,
            are ``base64:`` and their base64.
        text: As a person reads it, where that differs: ``"Horizontal (normal)"``, ``"1/80"``.
        rational: The fractions as the file has them, ``["10/800"]``; ``None`` if it has none.
    """

    value: Json
    text: Json = None
    rational: tuple[str, ...] | None = None

    def as_json(self) -> dict[str, Json]:
        """Return the tag as JSON, without the parts that it does not have."""
        parts: dict[str, Json] = {"value": self.value}
        if self.text is not None:
            parts["text"] = self.text
        if self.rational is not None:
            parts["rational"] = list(self.rational)
        return parts
