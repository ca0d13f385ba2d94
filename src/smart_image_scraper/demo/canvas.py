"""Demo: what the drawings of made photos are painted with."""

import colorsys
import random
from itertools import pairwise
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageOps


class Shade(NamedTuple):
    """A colour.

    Attributes:
        hue: 0..1 from red over green and blue to red again; others go around.
        saturation: 0..1; what is outside is clipped.
        value: 0..1, how bright; likewise.
    """

    hue: float
    saturation: float
    value: float

    @property
    def rgb(self) -> tuple[int, int, int]:
        """Red, green and blue, each 0..255."""
        saturation, value = (min(max(part, 0), 1) for part in (self.saturation, self.value))
        red, green, blue = colorsys.hsv_to_rgb(self.hue % 1, saturation, value)
        return round(red * 255), round(green * 255), round(blue * 255)


class Canvas:
    """A picture being painted, in pixels from its upper left corner.

    Args:
        size: Width and height.
        rng: Where all that varies comes from.

    Attributes:
        width: In pixels; likewise ``height`` and the shorter of them, ``unit``.
    """

    def __init__(self, size: tuple[int, int], rng: random.Random) -> None:
        self.image = Image.new("RGB", size)
        self.rng = rng
        self.width, self.height = size
        self.unit = min(size)
        self._pen = ImageDraw.Draw(self.image)

    def between(self, low: float, high: float) -> float:
        """Return some number from one to the other."""
        return self.rng.uniform(low, high)

    def chance(self, probability: float) -> bool:
        """Return whether something happens that has a probability in 0..1."""
        return self.rng.random() < probability

    def gradient(self, top: Shade, bottom: Shade, *, span: tuple[float, float] = (0, 1)) -> None:
        """Fill a band, given as shares of the height, from one colour to another."""
        start, end = (round(share * self.height) for share in span)
        ramp = ImageOps.colorize(
            Image.linear_gradient("L").crop((0, 0, 1, 256)), top.rgb, bottom.rgb
        )
        # Tall first, wide by copying columns: a smooth resize in both ways takes ten times as long.
        column = ramp.resize((1, max(end - start, 1)))
        wide = column.resize((self.width, column.height), Image.Resampling.NEAREST)
        self.image.paste(wide, (0, start))

    def disc(
        self, center: tuple[float, float], radius: float, *, color: Shade, flat: float = 1
    ) -> None:
        """Fill an ellipse; ``flat`` is its height as a share of its width."""
        x, y = center
        box = (x - radius, y - radius * flat, x + radius, y + radius * flat)
        self._pen.ellipse(box, fill=color.rgb)

    def shape(self, points: list[tuple[float, float]], *, color: Shade) -> None:
        """Fill a polygon."""
        self._pen.polygon(points, fill=color.rgb)

    def stroke(self, points: list[tuple[float, float]], *, color: Shade, width: float) -> None:
        """Draw a line through points."""
        self._pen.line(points, fill=color.rgb, width=max(round(width), 1), joint="curve")

    def limb(self, points: list[tuple[float, float]], *, color: Shade, width: float) -> None:
        """Draw a soft curve that begins and ends at the outer points and leans to the others."""
        curve = [_on_curve(points, step / 24) for step in range(25)]
        self.stroke(curve, color=color, width=width)
        for point in curve:
            self.disc(point, width / 2, color=color)

    def smile(self, center: tuple[float, float], radius: float, *, color: Shade) -> None:
        """Draw the lower arc of a circle."""
        x, y = center
        box = (x - radius, y - radius, x + radius, y + radius)
        self._pen.arc(box, 25, 155, fill=color.rgb, width=max(round(radius * 0.12), 1))


def _on_curve(points: list[tuple[float, float]], share: float) -> tuple[float, float]:
    # De Casteljau's way to a point of a Bézier curve.
    while len(points) > 1:
        points = [
            (x1 + (x2 - x1) * share, y1 + (y2 - y1) * share)
            for (x1, y1), (x2, y2) in pairwise(points)
        ]
    return points[0]
