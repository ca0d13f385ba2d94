"""Store: photos in MongoDB, encrypted; and the records of runs and keys."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import partial
from itertools import islice
from typing import Self

from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import InvalidName

from smart_image_scraper.errors import StoreError
from smart_image_scraper.photo import DuplicateGroup, EncryptedPhoto, Filter, Photo, PhotoId, Stage
from smart_image_scraper.store.connection import connect
from smart_image_scraper.store.duplicates import Likeness, read_likenesses, write_groups
from smart_image_scraper.store.erasing import Erasure
from smart_image_scraper.store.fingerprints import read_fingerprints, write_fingerprints
from smart_image_scraper.store.forms import TOUCHED, Document
from smart_image_scraper.store.labels import Labels
from smart_image_scraper.store.outlines import Overview
from smart_image_scraper.store.queries import HAS_REPLACED_FILE, Order, Position, both, pending
from smart_image_scraper.store.reading import read_by_id, read_photos, read_sealed_with_other_key
from smart_image_scraper.store.reviews import Reviews
from smart_image_scraper.store.runs import Runs
from smart_image_scraper.store.schema import ensure_schema
from smart_image_scraper.store.scores import Scores
from smart_image_scraper.store.selection import merged, selected
from smart_image_scraper.store.totals import Totals, count_totals, note_asked, read_asked
from smart_image_scraper.store.translation import translated
from smart_image_scraper.store.writing import Counts, forget_files, put_photos, replace_tokens


class Store:
    """Photos in MongoDB. It takes encrypted photos alone, and the server refuses anything else.

    Every write is an idempotent change of single documents, on the disk before it returns: a run
    that is killed at any moment and started again ends as if it had not been killed. Several
    processes may use one database at once. Every method raises ``StoreError`` if the database
    does not answer or refuses, and ``WorkspaceError`` if its disk is full; readers are lazy, and
    raise when they are read. A filter for scores of what nobody has scored is a ``UsageError``.

    Make one with :meth:`connect`, in a ``with`` statement.
    """

    def __init__(self, client: MongoClient[Document], *, database: Database[Document]) -> None:
        self._client = client
        self._database = database
        self.reviews = Reviews(database["reviews"])

    @classmethod
    def connect(cls, uri: str, *, database: str | None = None, timeout_s: float = 5) -> Self:
        """Connect to a MongoDB, and create or update the collections there.

        Args:
            uri: ``mongodb://…`` or ``mongodb+srv://…``.
            database: The name of the database; ``None`` for the one in the path of ``uri``, or
                ``sis`` if that names none.
            timeout_s: How long to wait for a server, now and at each later request.

        Raises:
            SettingsError: The address cannot be read.
            StoreError: Nobody answers there, or the user may not in.
            SchemaError: A newer version of the program has written the database.
        """
        client: MongoClient[Document] = connect(uri, timeout_s=timeout_s)
        try:
            named = client[database] if database else client.get_default_database("sis")
            store = cls(client, database=named)
            ensure_schema(named)
        except InvalidName as error:
            client.close()
            raise StoreError(f"{database!r} cannot name a database: {error}") from error
        except StoreError:
            client.close()
            raise
        return store

    @property
    def scores(self) -> Scores:
        """What models computed of the photos."""
        return Scores(self._database)

    @property
    def overview(self) -> Overview:
        """What of all photos at once is filtered by and shown."""
        return Overview(self._database)

    @property
    def labels(self) -> Labels:
        """What services have said that they see in the photos."""
        return Labels(self._database)

    def close(self) -> None:
        """Close the connection. Idempotent."""
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def put(
        self,
        photos: Iterable[EncryptedPhoto],
        *,
        stages: Collection[Stage] = (Stage.SEARCH,),
    ) -> Counts:
        """Write what some stages own of photos, and nothing else of them. Idempotent.

        The search's fields become what the photo says, so what its source no longer states goes;
        search hits are added; an owner is replaced, but never removed, and never by tokens that
        were sealed elsewhere. A refresh writes what a site tells of a single photo, and nothing
        else of the search's. A later stage's fields are only ever filled, a score at a time, and
        its failure is noted or, when it has succeeded, removed. What is the same already is not
        written: the document and its ``updated_at`` stay as they are.

        Args:
            photos: The photos; taken lazily, in batches. An id may come more than once.
            stages: Whose fields to write. Without the search, photos that are not in the store
                are left out.

        Returns:
            How many photos were new, known, or left out because they have been erased.
        """
        return put_photos(self._database, photos, stages=stages)

    def get(self, ids: Iterable[PhotoId], *, whole: bool = False) -> Iterator[EncryptedPhoto]:
        """Read the photos with these ids, lazily, in this order; unknown ids are left out.

        Args:
            ids: Which photos.
            whole: Whether what is stored apart comes, too: EXIF, comments, notes; it is long.
        """
        return read_by_id(self._database, ids, whole=whole)

    def find(
        self,
        where: Filter,
        *,
        order: Order = Order.ID,
        after: Position | None = None,
        limit: int | None = None,
        whole: bool = False,
        ahead: bool = False,
    ) -> Iterator[EncryptedPhoto]:
        """Read the photos that a filter means, lazily, as the store is when each page is read.

        Args:
            where: Which photos.
            order: Which come first.
            after: Begin behind this position, ``Position.of`` the last photo of the page before.
            limit: At most so many; ``None`` for all.
            whole: Whether what is stored apart comes, too: EXIF, comments, notes; it is long.
            ahead: Whether to read a page while the one before is at work, for who never stops.
        """
        how = partial(read_photos, order=order, after=after, limit=limit, whole=whole, ahead=ahead)
        readers = [how(self._database, query) for query in selected(self._database, where)]
        return islice(merged(readers, order=order), limit)

    def pending(
        self,
        stage: Stage,
        where: Filter = Filter(),  # noqa: B008 — a filter is frozen
        *,
        again: bool = False,
    ) -> Iterator[EncryptedPhoto]:
        """Read the photos that a stage has still to do, by id, lazily, each at most once.

        These have what the stage needs (a file, a geotag; nothing to download), lack what it fills,
        and have no failure of it or one that may be tried again. A reader may write results while
        it reads, for as long as it likes.

        Args:
            stage: Download, inspect or geocode.
            where: Only of these photos.
            again: Whether photos whose failure is for good come, too.

        Raises:
            ValueError: The stage is another one.
        """
        left = pending(stage, again=again)
        queries = [both(query, left) for query in selected(self._database, where)]
        readers = [read_photos(self._database, query) for query in queries]
        return merged(readers, order=Order.ID)

    def count_pending(
        self,
        stage: Stage,
        where: Filter = Filter(),  # noqa: B008 — a filter is frozen
        *,
        again: bool = False,
    ) -> int:
        """Return how many photos :meth:`pending` reads."""
        with translated("count photos"):
            left = pending(stage, again=again)
            queries = [both(query, left) for query in selected(self._database, where)]
            return sum(map(self._database["photos"].count_documents, queries))

    def count(self, where: Filter) -> int:
        """Return how many photos a filter means."""
        with translated("count photos"):
            return sum(
                map(self._database["photos"].count_documents, selected(self._database, where))
            )

    def totals(self) -> Totals:
        """Return how many photos there are, and how far they have come."""
        with translated("count photos"):
            return count_totals(self._database["photos"], asked=read_asked(self._database["meta"]))

    def note_asked(self, details: Iterable[Stage]) -> None:
        """Note that these details were asked for: from now on, the totals tell what is pending."""
        with translated("note what was asked for"):
            note_asked(self._database["meta"], details)

    def key_fingerprints(self) -> dict[str, str] | None:
        """Return the fingerprint of each key of the database, by key id; ``None`` before any."""
        with translated("read the key fingerprints"):
            return read_fingerprints(self._database["meta"])

    def save_key_fingerprints(
        self, fingerprints: Mapping[str, str], *, instead_of: Mapping[str, str] | None = None
    ) -> None:
        """Note the keys of the database. Idempotent.

        Args:
            fingerprints: The fingerprint of each key, by key id.
            instead_of: The ones to replace, as they were read; ``None`` if there were none.

        Raises:
            StoreError: Meanwhile another process has noted other keys; nothing was changed.
        """
        with translated("note the key fingerprints"):
            write_fingerprints(self._database["meta"], fingerprints, instead_of=instead_of)

    @property
    def runs(self) -> Runs:
        """The records of runs."""
        return Runs(self._database)

    @property
    def erasure(self) -> Erasure:
        """What erases photos for good, and keeps them from coming back."""
        return Erasure(self._database)

    def forget_files(self, photos: Iterable[Photo]) -> None:
        """Take the files that are not there any more out of the records, so that they are pending.

        Args:
            photos: As they were read; one that has another file by now keeps it.
        """
        forget_files(self._database["photos"], photos)

    def forget_sizes(self, ids: Iterable[PhotoId]) -> None:
        """Take the addresses of the files out of the records of photos, so that none is fetched."""
        with translated("write photos"):
            query = {"_id": {"$in": [str(photo_id) for photo_id in ids]}}
            self._database["photos"].update_many(query, {"$unset": {"sizes": True}, **TOUCHED})

    def with_replaced_file(self) -> Iterator[EncryptedPhoto]:
        """Read the photos whose file as it was fetched has still to be removed, lazily."""
        return read_photos(self._database, HAS_REPLACED_FILE)

    def likenesses(self) -> Iterator[Likeness]:
        """Read what tells whether photos are alike, of every inspected photo, by id, lazily."""
        return read_likenesses(self._database["photos"])

    def save_duplicates(self, groups: Mapping[PhotoId, tuple[DuplicateGroup, ...]]) -> int:
        """Make every photo's groups of near-duplicates what a mapping says.

        Args:
            groups: By photo; a photo that is not in it is in no group.

        Returns:
            How many photos' groups changed.
        """
        return write_groups(self._database["photos"], groups)

    def sealed_with_other_key(self, key_id: str) -> Iterator[EncryptedPhoto]:
        """Read whatever is sealed with another key than this one, lazily.

        What is stored apart comes apart, in a photo of which only the id is known: it can be sealed
        anew and handed to :meth:`replace_tokens` by itself.
        """
        return read_sealed_with_other_key(self._database, key_id)

    def replace_tokens(self, old: EncryptedPhoto, new: EncryptedPhoto) -> bool:
        """Put tokens of the same values, sealed anew, where the old ones still are.

        An owner index or digest that was unknown is filled in; nothing else changes, not even
        ``updated_at`` where there was an owner index. So an old key can be given up while others
        write.

        Returns:
            Whether all old tokens were still there; those that were not stay as they are.
        """
        with translated("write photos"):
            return replace_tokens(self._database, old, new=new)
