"""Export: photos of a store become a data set, or a single file, whole or not at all."""

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from smart_image_scraper.disk import flush
from smart_image_scraper.encrypt import Vault
from smart_image_scraper.errors import UsageError
from smart_image_scraper.export import attribution, runs
from smart_image_scraper.export.columns import columns
from smart_image_scraper.export.describing import describe
from smart_image_scraper.export.entries import STRIPPED, Departure, Departures
from smart_image_scraper.export.entry import Entry
from smart_image_scraper.export.facts import Facts
from smart_image_scraper.export.file import folder_for_one_file
from smart_image_scraper.export.folder import folder_written_whole
from smart_image_scraper.export.format import Format, WriteOptions, Written
from smart_image_scraper.export.labels import Labeller
from smart_image_scraper.export.leaving import LeftOut, nothing_left
from smart_image_scraper.export.options import ExportOptions, check_line
from smart_image_scraper.export.rows import whole_text
from smart_image_scraper.export.splitting import Split
from smart_image_scraper.export.tally import Tally
from smart_image_scraper.photo import Filter, PhotoId
from smart_image_scraper.store import Store

if TYPE_CHECKING:  # the pipeline brings along every stage
    from smart_image_scraper.pipeline import Progress

# A bar takes longer to be drawn than a photo to be written.
_TOLD_EACH = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What an export wrote.

    Attributes:
        path: The data set's folder, or the file.
        photos: How many photos are in it.
        left_out: By reason, how many of the photos that were meant are not.
        failed: The first of those that should have left and could not, and why.
        gone: How many more are not, since their owners took them away.
        names_unknown: Photos in whose texts their owner's names could not be looked for.
        split: How the photos are split; ``None`` if they are not.
        splits: How many photos are in each part.
    """

    path: Path
    photos: int
    left_out: Mapping[LeftOut, int]
    failed: Mapping[PhotoId, LeftOut]
    gone: int
    names_unknown: int
    split: Split | None
    splits: Mapping[str, int]


def export_data_set(
    store: Store,
    where: Filter,
    *,
    to: Path,
    form: Format,
    workspace: Path,
    options: ExportOptions,
    vault: Vault | None = None,
    instead: bool = False,
    progress: "Progress | None" = None,
) -> Exported:
    """Write photos as a data set: a folder with the photos, their licences, a card and digests.

    The folder appears whole, at the end, or not at all. Memory does not grow with the number of
    photos, but for some 200 bytes each if they are split.

    Args:
        store: Where the photos are.
        where: Which are meant; those that their owners took away only if it says so.
        to: The folder. It is not there yet, or empty.
        form: The format, one of ``FORMATS``.
        workspace: Has the photos' ``files``.
        options: What of the photos to write.
        vault: Opens personal fields: to write them, if they are asked for, and else to find the
            owners' names in titles and descriptions, which without keys stay there.
        instead: Whether to replace a data set of ours that is there.
        progress: Is told of every photo; ``None`` if nobody looks.

    Raises:
        UsageError: The folder cannot be made there, its name cannot be a data set's, or a label is
            about what nobody has scored, or no photo leaves.
        KeyRingError: Personal fields are asked for, and no key opens them.
        TokenError: Personal fields are asked for, and one is damaged.
        WorkspaceError: A file cannot be read, or writing failed, as on a full disk.
        StoreError: The database does not answer.
    """
    work = _Work(store, where, form=form, options=options, vault=vault, progress=progress)
    name = _name_of(options, to=to)
    with folder_written_whole(to, private=options.with_personal, instead=instead) as folder:
        with (folder / attribution.FILE).open("w", encoding="utf-8", errors="replace") as file:
            attribution.begin_attribution(file)
            written = work.write(
                folder,
                workspace=workspace,
                name=name,
                each=lambda entry: file.write(attribution.attribution_line(entry)),
            )
        describe(work.facts(written, name=name), folder=folder)
    return work.exported(to)


def export_file(
    store: Store,
    where: Filter,
    *,
    to: Path,
    form: Format,
    options: ExportOptions,
    vault: Vault | None = None,
    progress: "Progress | None" = None,
) -> Exported:
    """Write what is known of photos as one file, of a format that has one.

    It has the photos that a data set of this format would have, and tells as much of them. It
    appears whole, at the end, or not at all; one that is there is replaced.

    Args:
        store: Where the photos are.
        where: Which are meant; those that their owners took away only if it says so.
        to: The file.
        form: The format, one of ``FORMATS`` that has a ``file``.
        options: What of the photos to write.
        vault: Opens personal fields, as for a data set.
        progress: Is told of every photo; ``None`` if nobody looks.

    Raises:
        UsageError: The format takes a folder, the file's folder is not there or cannot be written
            to, a label is about what nobody has scored, or no photo leaves.
        KeyRingError: Personal fields are asked for, and no key opens them.
        TokenError: Personal fields are asked for, and one is damaged.
        WorkspaceError: Writing failed, as on a full disk.
        StoreError: The database does not answer.
    """
    if form.file is None:
        raise UsageError(f"{to}: {form.name} is no format of one file; name a folder instead")
    work = _Work(store, where, form=form, options=options, vault=vault, progress=progress)
    with folder_for_one_file(to) as folder:
        work.write(folder, workspace=None, name=whole_text(options.name or to.stem))
        written = folder / form.file
        if options.with_personal:
            written.chmod(0o600)
        flush(written)
        written.replace(to)
    return work.exported(to)


class _Work:
    """One export under way."""

    def __init__(
        self,
        store: Store,
        where: Filter,
        *,
        form: Format,
        options: ExportOptions,
        vault: Vault | None,
        progress: "Progress | None",
    ) -> None:
        self._store = store
        self._where = where if where.gone is not None else replace(where, gone=False)
        self._asked = where
        self._form = form
        self._options = options
        self._vault = vault
        self._progress = progress
        self._labeller = Labeller.of(store, concepts=options.concepts, thresholds=options.labels)
        self._tally = Tally(concepts=self._labeller.concepts)
        self._split: Split | None = None

    def write(
        self,
        folder: Path,
        *,
        workspace: Path | None,
        name: str,
        each: Callable[[Entry], object] = lambda _: None,
    ) -> Written:
        """Write the photos into a folder, and count them while they pass."""
        with_files = workspace is not None and self._form.needs_files
        departures = Departures(
            self._store,
            self._where,
            options=self._options,
            labeller=self._labeller,
            vault=self._vault,
            files=workspace / "files" if workspace is not None and with_files else None,
            folder=folder,
        )
        with self._stage() as advance:
            self._split = departures.split()
            entries = self._counted(departures.all(self._split), advance=advance, each=each)
            written = self._form.write(
                entries,
                folder=folder,
                options=WriteOptions(
                    name=name,
                    concepts=self._labeller.concepts,
                    splits=self._split.names if self._split else (),
                    personal=self._options.with_personal,
                    shard_size=self._options.shard_size,
                ),
            )
        shutil.rmtree(folder / STRIPPED, ignore_errors=True)
        if not written.photos:
            raise nothing_left(self._tally.left_out, gone=self._gone())
        return written

    def _stage(self) -> AbstractContextManager[Callable[[int], None]]:
        if self._progress is None:
            return nullcontext(lambda _: None)
        return self._progress.stage("export", total=self._store.count(self._where))

    def facts(self, written: Written, *, name: str) -> Facts:
        """Return all that is known of what was written."""
        return Facts(
            name=name,
            form=self._form.name,
            made_at=datetime.now(UTC),
            where=self._where,
            options=self._options,
            labellings=self._labeller.labellings,
            split=self._split,
            tally=self._tally,
            runs=runs.runs_of(self._store, self._where, precision=self._options.of_boxes),
            written=written,
            columns=columns(self._labeller.concepts, personal=self._options.with_personal),
        )

    def exported(self, path: Path) -> Exported:
        """Return what came of it."""
        tally = self._tally
        return Exported(
            path=path,
            photos=tally.photos,
            left_out=dict(tally.left_out),
            failed=dict(tally.failed),
            gone=self._gone(),
            names_unknown=0 if self._options.with_personal else tally.names_unknown,
            split=self._split,
            splits={
                name: tally.splits[name] for name in (self._split.names if self._split else ())
            },
        )

    def _gone(self) -> int:
        if self._asked.gone is not None:
            return 0
        return self._store.count(replace(self._asked, gone=True))

    def _counted(
        self,
        departures: Iterable[Departure],
        *,
        advance: Callable[[int], None],
        each: Callable[[Entry], object],
    ) -> Iterator[Entry]:
        for number, departure in enumerate(departures, start=1):
            self._tally.add(departure)
            if departure.entry is not None:
                each(departure.entry)
                yield departure.entry
            if number % _TOLD_EACH == 0:
                advance(_TOLD_EACH)
        advance(self._tally.seen % _TOLD_EACH)


def _name_of(options: ExportOptions, *, to: Path) -> str:
    name = whole_text(options.name or to.name)
    check_line(name, what="the data set's name")
    return name
