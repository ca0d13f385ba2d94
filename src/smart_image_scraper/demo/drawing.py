"""Demo: draws a made photo so that a person sees what is on it."""

import random
from collections.abc import Callable

from PIL import Image, ImageChops

from smart_image_scraper.demo import scenery, subjects
from smart_image_scraper.demo.canvas import Canvas
from smart_image_scraper.demo.record import MadePhoto, Scene

LONG_EDGE = 1024
"""Of every drawing, in pixels; other sizes are resized from it."""

_BACKGROUNDS: dict[Scene, tuple[Callable[[Canvas], None], ...]] = {
    Scene.MONKEY: (scenery.forest, scenery.forest, scenery.beach, scenery.mountain),
    Scene.CAGED_MONKEY: (scenery.wall, scenery.wall, scenery.forest),
    Scene.PARROT: (scenery.forest, scenery.meadow),
    Scene.CAGED_PARROT: (scenery.wall, scenery.meadow),
    Scene.FOREST: (scenery.forest,),
    Scene.BEACH: (scenery.beach,),
    Scene.MOUNTAIN: (scenery.mountain,),
    Scene.CITY: (scenery.city,),
    Scene.FLOWER: (scenery.meadow,),
}
_CAGED = frozenset({Scene.CAGED_MONKEY, Scene.CAGED_PARROT})
_PAINTED_EDGE = 768


def draw(photo: MadePhoto) -> Image.Image:
    """Draw a photo's scene, in the proportions of the photo: equal ids, equal pixels.

    Args:
        photo: Its id is the seed.

    Returns:
        RGB, the longer edge ``LONG_EDGE``.
    """
    rng = random.Random(f"drawing {photo.id}")  # noqa: S311 — made photos need no secrets
    longest = max(photo.width, photo.height)
    width, height = (round(edge * LONG_EDGE / longest) for edge in (photo.width, photo.height))
    canvas = Canvas((width * _PAINTED_EDGE // LONG_EDGE, height * _PAINTED_EDGE // LONG_EDGE), rng)
    rng.choice(_BACKGROUNDS[photo.scene])(canvas)
    if photo.scene in _FOREGROUNDS:
        # What is behind is a little out of focus.
        small = canvas.image.reduce(rng.randint(3, 8))
        canvas.image.paste(small.resize(canvas.image.size, Image.Resampling.BILINEAR))
        _FOREGROUNDS[photo.scene](canvas)
    if photo.scene in _CAGED:
        subjects.bars(canvas)
    _add_grain(canvas)
    # Enlarging smooths the edges, which Pillow's brush leaves jagged.
    return canvas.image.resize((width, height), Image.Resampling.BILINEAR)


def _monkeys(canvas: Canvas) -> None:
    troop = canvas.rng.choices((1, 2, 3), weights=(75, 18, 7))[0]
    for place in range(troop):
        radius = canvas.unit * canvas.between(0.11, 0.26) / (1 + 0.3 * (troop - 1))
        x = canvas.width * (place + canvas.between(0.35, 0.65)) / troop
        subjects.monkey(canvas, (x, canvas.height * canvas.between(0.3, 0.5)), radius=radius)


def _parrot(canvas: Canvas) -> None:
    radius = canvas.unit * canvas.between(0.07, 0.13)
    x = canvas.width * canvas.between(0.35, 0.65)
    subjects.parrot(canvas, (x, canvas.height * canvas.between(0.2, 0.35)), radius=radius)


def _flower(canvas: Canvas) -> None:
    radius = canvas.unit * canvas.between(0.18, 0.34)
    x, y = canvas.width * canvas.between(0.35, 0.65), canvas.height * canvas.between(0.35, 0.55)
    subjects.flower(canvas, (x, y), radius=radius)


_FOREGROUNDS: dict[Scene, Callable[[Canvas], None]] = {
    Scene.MONKEY: _monkeys,
    Scene.CAGED_MONKEY: _monkeys,
    Scene.PARROT: _parrot,
    Scene.CAGED_PARROT: _parrot,
    Scene.FLOWER: _flower,
}


def _add_grain(canvas: Canvas) -> None:
    # As a sensor's; it also makes the files about as large as real ones.
    size = canvas.image.size
    strength = canvas.between(0.06, 0.2)
    noise = Image.frombytes("L", size, canvas.rng.randbytes(size[0] * size[1]))
    grain = noise.point([round(value * strength) for value in range(256)])
    middle = round(128 * strength)
    bands = [ImageChops.add(band, grain, offset=-middle) for band in canvas.image.split()]
    canvas.image.paste(Image.merge("RGB", bands))
