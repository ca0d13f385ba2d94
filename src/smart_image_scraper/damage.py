"""What reading a damaged image raises, for every stage that reads one."""

import struct

from PIL import Image

PILLOW_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    LookupError,
    ArithmeticError,
    TypeError,
    AttributeError,
    RuntimeError,
    MemoryError,
    struct.error,
    Image.DecompressionBombError,
    Warning,
)
"""What Pillow's readers raise on damaged files, found by damaging some. Warnings are raised where
Python was told to (``-W error``)."""
