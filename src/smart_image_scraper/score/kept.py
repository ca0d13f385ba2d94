"""Score: files that are made once and kept: whole, or not there."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from smart_image_scraper.disk import flush
from smart_image_scraper.errors import WorkspaceError

REMEDY = "remove the file, and it is made again"
"""What to do about one that is damaged."""


IN_WORKSPACE = "free some space there"
"""What to do where a workspace's file cannot be written."""

IN_MODELS = f"{IN_WORKSPACE}, or choose another folder with SIS_MODELS_DIR"
"""What to do where a file that all workspaces share cannot be."""


def kept_file(path: Path, *, make: Callable[[Path], None], otherwise: str) -> Path:
    """Return a file, made if it is not there yet.

    Args:
        path: Where it is kept. Two processes may make it at once: either is whole.
        make: Writes it to another place, from where it is moved.
        otherwise: What to do if the folder cannot be written, for the message.

    Raises:
        WorkspaceError: The folder cannot be written.
    """
    if path.is_file():
        return path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent) as place:
            made = Path(place) / path.name
            make(made)
            # Before it has its name, and then the name: a power cut leaves no half a file.
            flush(made)
            made.replace(path)
            flush(path.parent)
    except OSError as error:
        raise WorkspaceError(
            f"{path.parent} cannot be written ({error.strerror or error}); {otherwise}"
        ) from error
    return path
