"""Pipeline: read photos' files, and tell one that is not there from one that cannot be read."""

from pathlib import Path

from smart_image_scraper.errors import ScoreError, WorkspaceError
from smart_image_scraper.photo import PhotoId


def check_files_are_here(folder: Path) -> None:
    """See that a workspace has its folder of files, before files that are not in it are forgotten.

    Args:
        folder: The workspace's ``files``.

    Raises:
        WorkspaceError: It is not there: it is another workspace's, or its disk is not.
    """
    if not folder.is_dir():
        raise WorkspaceError(
            f"{folder}: the photos' files are not here; name the workspace that has them with "
            "--workspace, or see that its disk is there; if they are to be downloaded again, make "
            "an empty folder of that name"
        )


def read_to_score(folder: Path, path: str, *, of: PhotoId) -> bytes:
    """Read a file that is to be scored.

    Args:
        folder: The workspace's ``files``.
        path: Relative to it.
        of: Whose file it is.

    Raises:
        ScoreError: It is not there, ``missing``, or cannot be read, ``unreadable``.
    """
    try:
        return (folder / path).read_bytes()
    except FileNotFoundError as error:
        raise ScoreError(
            f"{of}: the file is not there any more; `sis download` fetches it again if its site "
            "has it, or put it back and import it",
            reason="missing",
            retryable=True,
        ) from error
    except OSError as error:
        raise ScoreError(
            f"{of}: the file cannot be read ({error.strerror}); see that its disk is well and that "
            "you may read it, then run the same again",
            reason="unreadable",
            retryable=True,
        ) from error
