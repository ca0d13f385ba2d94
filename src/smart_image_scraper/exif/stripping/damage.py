"""Inspect: what stops a file from being rewritten."""


class DamageError(ValueError):
    """A file's structure is not what its format demands."""


class UnsupportedError(ValueError):
    """A file's format, or a rare variant of it, is not rewritten."""
