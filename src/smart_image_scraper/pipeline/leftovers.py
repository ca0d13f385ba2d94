"""Pipeline: remove the files that no photo's record names.

A scrape that is killed between keeping a file and recording it leaves one behind. Normally the next
run records it, since files are named by their content; but a photo that was erased meanwhile has no
next run.
"""

from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from smart_image_scraper.download import is_in_use, kept_digests, remove_all_sizes
from smart_image_scraper.errors import WorkspaceError
from smart_image_scraper.pipeline.erasing import PurgeSummary
from smart_image_scraper.pipeline.progress import Progress
from smart_image_scraper.store import Store

BATCH_SIZE = 1_000


def purge_leftovers(
    store: Store, *, workspace: Path, rehearse: bool = False, progress: Progress
) -> PurgeSummary:
    """Remove every file and thumbnail of which no photo's record knows.

    Args:
        store: Knows the files.
        workspace: Has them.
        rehearse: Whether only to count what would be removed.
        progress: Is told of every file that was looked at.

    Raises:
        WorkspaceError: Another process is at work there, whose files may not be recorded yet; or
            no file at all is recorded, as if the database were that of another workspace.
    """
    folders = (workspace / "files", workspace / "thumbs")
    # First the files, then who is at work: whoever ends between the two has recorded them.
    digests = sorted(set().union(*map(kept_digests, folders)))
    if any(map(is_in_use, folders)):
        raise WorkspaceError(
            f"{workspace}: another command is at work there, and its files may not be recorded "
            "yet; run this again when it has ended"
        )
    left = _unrecorded(store, digests, progress=progress)
    if digests and len(left) == len(digests):
        raise WorkspaceError(
            f"{workspace}: the database names none of the {len(digests):,} files there; see that "
            "SIS_DB is this workspace's database. Nothing was removed"
        )
    if not rehearse:
        for digest in left:
            for folder in folders:
                remove_all_sizes(folder, digest)
    return PurgeSummary(photos=0, files=len(left), is_rehearsal=rehearse)


def _unrecorded(store: Store, digests: Sequence[str], *, progress: Progress) -> list[str]:
    replaced = {
        PurePosixPath(stored.photo.file.replaces).stem
        for stored in store.with_replaced_file()
        if stored.photo.file is not None and stored.photo.file.replaces is not None
    }
    left: list[str] = []
    with progress.stage("leftovers", total=len(digests)) as advance:
        for start in range(0, len(digests), BATCH_SIZE):
            batch = digests[start : start + BATCH_SIZE]
            recorded = store.erasure.recorded(batch) | replaced
            left += [digest for digest in batch if digest not in recorded]
            advance(len(batch))
    return left
