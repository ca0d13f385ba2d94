"""Serve: exports, each written whole as a file and gone when it has been sent."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from smart_image_scraper.download.files import workspace_errors
from smart_image_scraper.encrypt import Vault
from smart_image_scraper.errors import KeyRingError
from smart_image_scraper.export import FORMATS, ExportOptions, Leave, export_file
from smart_image_scraper.photo import Filter
from smart_image_scraper.store import Store


class Exports:
    """A folder for exports under way, which only this user can read.

    What a process that was killed has left there, perhaps with personal fields, is removed first.

    Args:
        workspace: Gets the folder, once there is an export.
    """

    def __init__(self, workspace: Path) -> None:
        self._folder = workspace / "web" / "exports"
        shutil.rmtree(self._folder, ignore_errors=True)

    def write(
        self,
        store: Store,
        where: Filter,
        *,
        form: str,
        personal: bool,
        open_vault: Callable[[], Vault],
    ) -> Path:
        """Write photos, and return the file, which is alone in its folder.

        It has what the page shows, whatever the licence and whatever a review said; but photos that
        their owners took away are left out unless the filter asks for them.

        Args:
            store: Has them.
            where: Which.
            form: One of ``FORMATS`` that is one file.
            personal: Whether to write what is personal.
            open_vault: Returns what opens it; else its names are looked for in texts, and left
                out there, if there are keys.

        Raises:
            KeyRingError: Personal fields are asked for, and no key opens them.
            WorkspaceError: It cannot be written.
        """
        vault = open_vault() if personal else _if_there(open_vault)
        with self._own_folder() as folder:
            export_file(
                store,
                where,
                to=folder / "photos",
                form=FORMATS[form],
                options=ExportOptions(
                    leave=Leave(all_rights_reserved=True),
                    with_rejected=True,
                    with_personal=personal,
                ),
                vault=vault,
            )
        return folder / "photos"

    @contextmanager
    def _own_folder(self) -> Iterator[Path]:
        with workspace_errors(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            folder = Path(mkdtemp(dir=self._folder))
        try:
            yield folder
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise


def remove_sent(path: Path) -> None:
    """Remove an export that was sent, with its folder."""
    shutil.rmtree(path.parent, ignore_errors=True)


def _if_there(open_vault: Callable[[], Vault]) -> Vault | None:
    try:
        return open_vault()
    except KeyRingError:
        return None
