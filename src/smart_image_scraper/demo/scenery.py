"""Demo: what lies behind a made photo: forest, beach, mountains, a city, a cage's wall."""

from smart_image_scraper.demo.canvas import Canvas, Shade


def forest(canvas: Canvas) -> None:
    """Paint trunks between light and undergrowth."""
    hue, light = canvas.between(0.22, 0.38), canvas.between(0.55, 0.95)
    canvas.gradient(Shade(hue - 0.05, 0.35, light), Shade(hue, 0.6, 0.25))
    for depth in (0.45, 0.7, 1.0):
        for _ in range(canvas.rng.randint(3, 6)):
            _trunk(canvas, depth=depth, light=light)
    for _ in range(26):
        at = (canvas.between(0, canvas.width), canvas.between(-0.1, 0.28) * canvas.height)
        color = Shade(hue + canvas.between(-0.04, 0.04), 0.65, canvas.between(0.2, 0.6))
        canvas.disc(at, canvas.unit * canvas.between(0.05, 0.13), color=color, flat=0.7)
    for _ in range(18):
        at = (canvas.between(0, canvas.width), canvas.between(0.88, 1.05) * canvas.height)
        color = Shade(hue + canvas.between(-0.04, 0.04), 0.7, canvas.between(0.15, 0.4))
        canvas.disc(at, canvas.unit * canvas.between(0.05, 0.12), color=color, flat=0.6)


def _trunk(canvas: Canvas, *, depth: float, light: float) -> None:
    x = canvas.between(0, canvas.width)
    lean = canvas.between(-0.05, 0.05) * canvas.width
    half = canvas.unit * canvas.between(0.012, 0.035) * depth
    color = Shade(0.08, 0.25 + 0.25 * depth, light * (1 - 0.75 * depth) + 0.12)
    foot = canvas.height * (0.75 + 0.25 * depth)
    top = [(x + lean + half * 0.7, 0.0), (x + lean - half * 0.7, 0.0)]
    canvas.shape([*top, (x - half, foot), (x + half, foot)], color=color)


def beach(canvas: Canvas) -> None:
    """Paint sky, sea, sand and a palm."""
    horizon = canvas.between(0.3, 0.52)
    shore = horizon + canvas.between(0.14, 0.3)
    evening = canvas.chance(0.4)
    hue, value = (0.06, 0.95) if evening else (0.56, 0.95)
    canvas.gradient(Shade(hue, 0.6, value * 0.8), Shade(hue - 0.02, 0.2, value), span=(0, horizon))
    sun = (canvas.between(0.15, 0.85) * canvas.width, canvas.between(0.12, 0.36) * canvas.height)
    canvas.disc(sun, canvas.unit * 0.06, color=Shade(0.13, 0.25, 1))
    _clouds(canvas, lowest=horizon - 0.06)
    sea = canvas.between(0.46, 0.6)
    canvas.gradient(Shade(sea, 0.75, 0.55), Shade(sea - 0.04, 0.5, 0.85), span=(horizon, shore))
    canvas.gradient(Shade(0.11, 0.3, 0.95), Shade(0.1, 0.45, 0.75), span=(shore, 1))
    foam = [
        (canvas.width * n / 8, canvas.height * (shore + canvas.between(-0.01, 0.012)))
        for n in range(9)
    ]
    canvas.stroke(foam, color=Shade(0.16, 0.01, 0.98), width=canvas.unit * 0.014)
    for side in canvas.rng.sample((0.1, 0.24, 0.78, 0.9), k=canvas.rng.choice((0, 1, 1, 2))):
        _palm(canvas, side=side)


def _clouds(canvas: Canvas, *, lowest: float) -> None:
    for _ in range(canvas.rng.randint(0, 4)):
        x, y = canvas.between(0, canvas.width), canvas.between(0.05, lowest) * canvas.height
        puff = canvas.unit * canvas.between(0.03, 0.06)
        for step in range(-2, 3):
            at = (x + step * puff * 0.9, y + canvas.between(-0.2, 0.2) * puff)
            canvas.disc(at, puff * (1.3 - 0.25 * abs(step)), color=Shade(0, 0.01, 0.97), flat=0.6)


def _palm(canvas: Canvas, *, side: float) -> None:
    x, y = side * canvas.width, canvas.between(0.2, 0.3) * canvas.height
    lean = (0.5 - side) * 0.3 * canvas.width
    crown = (x + lean, y)
    bend = (x + lean * 0.3, canvas.height * 0.6)
    canvas.stroke(
        [crown, bend, (x, canvas.height * 0.97)],
        color=Shade(0.08, 0.5, 0.38),
        width=canvas.unit * 0.03,
    )
    reach = canvas.unit * canvas.between(0.2, 0.27)
    for dx, dy in (
        (-1, 0.1),
        (-0.8, 0.6),
        (-0.6, -0.45),
        (0.6, -0.45),
        (0.8, 0.6),
        (1, 0.1),
        (0.1, 0.8),
    ):
        tip = (crown[0] + dx * reach, crown[1] + dy * reach)
        middle = (crown[0] + dx * reach * 0.55, crown[1] + (dy - 0.35) * reach * 0.6)
        lower = (crown[0] + dx * reach * 0.5, crown[1] + (dy + 0.05) * reach * 0.6)
        canvas.shape([crown, middle, tip, lower], color=Shade(0.33, 0.65, canvas.between(0.3, 0.5)))


def mountain(canvas: Canvas) -> None:
    """Paint ridges, the far ones pale, one peak with snow."""
    hue = canvas.between(0.55, 0.68)
    glow = Shade(canvas.between(0.02, 0.12), 0.45, 0.98)
    haze = glow if canvas.chance(0.4) else Shade(hue - 0.05, 0.08, 0.98)
    canvas.gradient(Shade(hue, 0.5, canvas.between(0.45, 0.85)), haze)
    _clouds(canvas, lowest=0.35)
    peak = (canvas.between(0.3, 0.7) * canvas.width, canvas.between(0.12, 0.25) * canvas.height)
    spread, foot = canvas.between(0.28, 0.6) * canvas.width, 0.85 * canvas.height
    base = [(peak[0] - spread, foot), (peak[0] + spread, foot)]
    canvas.shape([peak, *base], color=Shade(hue, 0.3, 0.5))
    canvas.shape([peak, (peak[0], foot), base[1]], color=Shade(hue, 0.35, 0.4))
    snow = [(peak[0] + spread * dx, peak[1] + (foot - peak[1]) * dy) for dx, dy in _SNOW]
    canvas.shape([peak, *snow], color=Shade(0.58, 0.02, 0.98))
    for level, value in ((0.6, 0.5), (0.75, 0.36), (0.88, 0.24)):
        steps = [
            (canvas.width * n / 10, canvas.height * (level + canvas.between(-0.07, 0.05)))
            for n in range(11)
        ]
        corners = [(canvas.width, canvas.height), (0, canvas.height)]
        canvas.shape([*steps, *corners], color=Shade(canvas.between(0.3, 0.42), 0.4, value))


_SNOW = ((-0.33, 0.33), (-0.16, 0.27), (-0.06, 0.37), (0.08, 0.27), (0.2, 0.38), (0.32, 0.32))


def city(canvas: Canvas) -> None:
    """Paint houses with windows, at dusk or by day."""
    night = canvas.chance(0.5)
    hue = canvas.between(0.6, 0.72) if night else 0.56
    canvas.gradient(
        Shade(hue, 0.6, 0.25 if night else 0.85), Shade(0.07 if night else hue, 0.35, 0.85)
    )
    for depth in (0.4, 1.0):
        x = -canvas.unit * 0.05
        while x < canvas.width:
            wide = canvas.unit * canvas.between(0.09, 0.19)
            _house(canvas, left=x, wide=wide, depth=depth, night=night)
            x += wide * canvas.between(1.0, 1.15)


def _house(canvas: Canvas, *, left: float, wide: float, depth: float, night: bool) -> None:
    top = canvas.height * (canvas.between(0.25, 0.62) + 0.12 * (depth - 0.6))
    value = (0.34 if night else 0.75) - 0.16 * depth
    color = Shade(canvas.between(0.55, 0.75) if night else canvas.between(0.02, 0.12), 0.22, value)
    right = left + wide
    canvas.shape(
        [(left, top), (right, top), (right, canvas.height), (left, canvas.height)], color=color
    )
    lit, dim = Shade(0.13, 0.5, 0.98), Shade(0.6, 0.25, value * 0.7)
    step = canvas.unit * 0.042
    y = top + step * 0.6
    while y < canvas.height and depth == 1.0:
        for column in range(1, int(wide / step)):
            x = left + column * step - step * 0.1
            glow = lit if night and canvas.chance(0.55) else dim
            canvas.shape(
                [(x, y), (x + step / 2, y), (x + step / 2, y + step / 2), (x, y + step / 2)],
                color=glow,
            )
        y += step


def wall(canvas: Canvas) -> None:
    """Paint the dull inside of a cage: a wall, a floor, a beam to sit on."""
    hue, value = canvas.between(0.05, 0.15), canvas.between(0.3, 0.55)
    floor = canvas.between(0.7, 0.85)
    canvas.gradient(Shade(hue, 0.2, value * 0.6), Shade(hue, 0.25, value), span=(0, floor))
    canvas.gradient(Shade(hue, 0.35, value * 0.5), Shade(hue, 0.3, value * 0.9), span=(floor, 1))
    for _ in range(14):
        at = (canvas.between(0, canvas.width), canvas.between(0, 1) * canvas.height)
        color = Shade(hue, 0.25, value * canvas.between(0.6, 1))
        canvas.disc(at, canvas.unit * canvas.between(0.03, 0.1), color=color, flat=0.4)
    beam = canvas.between(0.72, 0.85) * canvas.height
    canvas.stroke(
        [(0, beam), (canvas.width, beam + canvas.between(-0.05, 0.05) * canvas.height)],
        color=Shade(0.08, 0.45, value * 0.55),
        width=canvas.unit * 0.05,
    )


def meadow(canvas: Canvas) -> None:
    """Paint a green out of focus."""
    hue = canvas.between(0.2, 0.36)
    canvas.gradient(Shade(hue, 0.4, 0.75), Shade(hue + 0.05, 0.6, 0.3))
    for _ in range(22):
        at = (canvas.between(0, canvas.width), canvas.between(0, canvas.height))
        color = Shade(hue + canvas.between(-0.08, 0.08), 0.5, canvas.between(0.3, 0.8))
        canvas.disc(at, canvas.unit * canvas.between(0.04, 0.14), color=color)
