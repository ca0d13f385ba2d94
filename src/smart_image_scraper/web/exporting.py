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
        open_vault: Callable[[], Vault],
        with_personal: bool,
    ) -> Path:
        """Write photos, and return the file, which is alone in its folder.

        It is as ``sis export`` writes it, but has what the page shows, whatever the licence and
        whatever a review said: places and texts tell no more than they should, and photos that
        their owners took away are left out unless the filter asks for them.

        Args:
            store: Has them.
            where: Which.
            form: One of ``export.FORMATS``, of one file.
            open_vault: Returns what opens personal fields; raises ``KeyRingError`` without keys.
                It also finds owners' names in what people wrote, where they are taken out.
            with_personal: Whether to write personal fields.

        Raises:
            KeyRingError: Personal fields are asked for, and there are no keys, or the wrong ones.
            WorkspaceError: It cannot be written.
        """
        vault = open_vault() if with_personal else _vault_if_there(open_vault)
        with self._own_folder() as folder:
            export_file(
                store,
                where,
                to=folder / "photos",
                form=FORMATS[form],
                options=ExportOptions(
                    leave=Leave(all_rights_reserved=True),
                    with_rejected=True,
                    with_personal=with_personal,
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


def _vault_if_there(open_vault: Callable[[], Vault]) -> Vault | None:
    try:
        return open_vault()
    except KeyRingError:
        return None


def remove_sent(path: Path) -> None:
    """Remove an export that was sent, with its folder."""
    shutil.rmtree(path.parent, ignore_errors=True)
