"""Demo: what stands in front of a made photo: a monkey, a parrot, a flower, bars."""

import math

from smart_image_scraper.demo.canvas import Canvas, Shade

_WHITE = Shade(0.12, 0.03, 0.96)
_BLACK = Shade(0.06, 0.25, 0.08)

Point = tuple[float, float]
"""Pixels from the left and from the top."""


def monkey(canvas: Canvas, center: Point, *, radius: float) -> None:
    """Draw a monkey whose head has the given centre and radius."""
    x, y = center
    hue, value = canvas.between(0.04, 0.1), canvas.between(0.28, 0.62)
    saturation = canvas.between(0.2, 0.62)
    fur, dark = Shade(hue, saturation, value), Shade(hue, saturation, value * 0.7)
    skin = Shade(hue, canvas.between(0.2, 0.42), min(value + 0.34, 0.95))
    side = canvas.rng.choice((-1, 1))
    tail = [(0.9, 3.0), (2.9, 3.2), (2.6, 1.2), (0.9, 1.2), (2.3, 0.2)]
    points = [(x + side * dx * radius, y + dy * radius) for dx, dy in tail]
    canvas.limb(points, color=dark, width=radius * 0.24)
    canvas.disc((x, y + 2.1 * radius), radius * 1.2, color=dark, flat=1.25)
    canvas.disc((x, y + 2.2 * radius), radius * 0.75, color=skin, flat=1.35)
    for way in (-1, 1):
        arm = [(0.85, 1.25), (1.9, 2.3), (0.45, 2.75)]
        points = [(x + way * dx * radius, y + dy * radius) for dx, dy in arm]
        canvas.limb(points, color=fur, width=radius * 0.42)
        ear = (x + way * 0.98 * radius, y - 0.05 * radius)
        canvas.disc(ear, radius * 0.38, color=dark)
        canvas.disc(ear, radius * 0.23, color=skin)
    canvas.disc(center, radius, color=fur)
    _monkey_face(canvas, center, radius=radius, skin=skin)


def _monkey_face(canvas: Canvas, center: Point, *, radius: float, skin: Shade) -> None:
    x, y = center
    iris = Shade(canvas.between(0.05, 0.1), 0.6, 0.3)
    look = canvas.between(-0.04, 0.04) * radius
    for way in (-1, 1):
        canvas.disc((x + way * 0.34 * radius, y - 0.17 * radius), radius * 0.43, color=skin)
    canvas.disc((x, y + 0.38 * radius), radius * 0.62, color=skin, flat=0.82)
    for way in (-1, 1):
        eye = (x + way * 0.32 * radius, y - 0.15 * radius)
        canvas.disc(eye, radius * 0.17, color=_WHITE)
        canvas.disc((eye[0] + look, eye[1]), radius * 0.12, color=iris)
        canvas.disc((eye[0] + look, eye[1]), radius * 0.07, color=_BLACK)
        canvas.disc(
            (eye[0] + look + 0.04 * radius, eye[1] - 0.05 * radius), radius * 0.03, color=_WHITE
        )
        canvas.disc((x + way * 0.09 * radius, y + 0.24 * radius), radius * 0.05, color=_BLACK)
    canvas.smile((x, y + 0.36 * radius), radius * 0.3, color=_BLACK)


def parrot(canvas: Canvas, center: Point, *, radius: float) -> None:
    """Draw a parrot on a branch; its head has the given centre and radius."""
    x, y = center
    hue = canvas.rng.choice((0.0, 0.33, 0.58, 0.13))
    body, wing = Shade(hue, 0.8, 0.72), Shade(hue + canvas.between(0.2, 0.5), 0.8, 0.7)
    bark = Shade(0.07, 0.5, 0.3)
    canvas.shape(
        [
            (x - 0.5 * radius, y + 3 * radius),
            (x + 0.5 * radius, y + 3 * radius),
            (x, y + 6 * radius),
        ],
        color=wing,
    )
    canvas.disc((x, y + 2 * radius), radius * 1.15, color=body, flat=1.6)
    canvas.disc((x + 0.6 * radius, y + 2.2 * radius), radius * 0.62, color=wing, flat=2.1)
    canvas.disc(center, radius, color=body)
    canvas.disc((x - 0.35 * radius, y), radius * 0.5, color=_WHITE)
    canvas.disc((x - 0.3 * radius, y - 0.12 * radius), radius * 0.17, color=_BLACK)
    canvas.shape(
        [
            (x - 0.7 * radius, y - 0.3 * radius),
            (x - 1.5 * radius, y + 0.15 * radius),
            (x - 1.15 * radius, y + 0.75 * radius),
            (x - 0.6 * radius, y + 0.4 * radius),
        ],
        color=_BLACK,
    )
    branch = y + 3.7 * radius
    canvas.stroke(
        [(0, branch + radius * 0.3), (canvas.width, branch)], color=bark, width=radius * 0.5
    )
    for way in (-0.45, 0.35):
        canvas.disc((x + way * radius, branch), radius * 0.22, color=_BLACK)


def flower(canvas: Canvas, center: Point, *, radius: float) -> None:
    """Draw a flower with the given centre and radius, on its stem."""
    x, y = center
    hue, petals = canvas.between(0.78, 1.18), canvas.rng.choice((5, 6, 8))
    foot = (x + canvas.between(-0.5, 0.5) * radius, float(canvas.height))
    canvas.stroke([center, foot], color=Shade(0.3, 0.6, 0.4), width=radius * 0.16)
    for ring, value in ((1.0, 0.75), (0.7, 0.92)):
        for number in range(petals):
            turn = (number + ring) / petals
            offset = _around(turn, 0.62 * radius * ring)
            color = Shade(hue, 0.5 + 0.3 * ring, value)
            canvas.disc((x + offset[0], y + offset[1]), radius * 0.42 * ring, color=color)
    canvas.disc(center, radius * 0.28, color=Shade(0.13, 0.9, 0.9))
    for number in range(9):
        offset = _around(number / 9, 0.17 * radius)
        canvas.disc((x + offset[0], y + offset[1]), radius * 0.05, color=Shade(0.09, 0.9, 0.55))


def _around(turn: float, distance: float) -> Point:
    angle = turn * 2 * math.pi
    return distance * math.cos(angle), distance * math.sin(angle)


def bars(canvas: Canvas) -> None:
    """Draw a cage's bars over everything."""
    hue, saturation = canvas.rng.choice(((0.58, 0.08), (0.05, 0.5), (0.35, 0.35)))
    value = canvas.between(0.35, 0.6)
    color, light = Shade(hue, saturation, value), Shade(hue, saturation * 0.6, value + 0.25)
    thick = canvas.unit * canvas.between(0.014, 0.024)
    gap = canvas.unit * canvas.between(0.1, 0.15)
    for level in (0.06, canvas.between(0.45, 0.6), 0.95):
        y = level * canvas.height
        canvas.stroke([(0, y), (canvas.width, y)], color=color, width=thick * 1.5)
        canvas.stroke(
            [(0, y - thick / 2), (canvas.width, y - thick / 2)], color=light, width=thick / 4
        )
    x = canvas.between(0, gap)
    while x < canvas.width:
        canvas.stroke([(x, 0), (x, canvas.height)], color=color, width=thick)
        canvas.stroke(
            [(x - thick / 4, 0), (x - thick / 4, canvas.height)], color=light, width=thick / 4
        )
        x += gap
