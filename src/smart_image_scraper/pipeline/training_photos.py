"""Pipeline: the photos that a model learns from, with what is known of them."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from smart_image_scraper.errors import TrainError
from smart_image_scraper.photo import (
    DuplicateGroup,
    EncryptedPhoto,
    Photo,
    PhotoId,
    picture_of,
)
from smart_image_scraper.photo.json_text import decode
from smart_image_scraper.photo.older_record import OlderRow
from smart_image_scraper.pipeline.duplicates import group_likenesses
from smart_image_scraper.pipeline.embed import open_embeddings
from smart_image_scraper.score import Backbone, model_name
from smart_image_scraper.store import Store, Verdict
from smart_image_scraper.train.grouping import group_by_marks
from smart_image_scraper.train.labels import Labels, Numbers

WeakTerms = Mapping[str, Sequence[str]]
"""By concept, the search terms or tags whose photos are taken to show it."""

Answers = Callable[[Sequence[PhotoId]], Numbers]
"""Tells of photos whether a concept is in them: 1 or 0, and NaN where nobody has said so yet."""

_OWNER = "owner"
# Sites leave out what has a word with a minus: "zoo -monkey" finds no monkeys.
_EXCLUDED = re.compile(r'(?:^|(?<=\s))-(?:"[^"]*"|\S+)')
_OTHER_ENDINGS = MappingProxyType({".jpg": (".jpeg",), ".tif": (".tiff",)})


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingPhotos:
    """Photos with their embeddings; the arrays are in the order of the photos.

    Attributes:
        ids: The photos.
        words: What each was found by, and its tags and machine tags, in small letters.
        terms: What any of them was found by.
        vectors: Shape (N, D).
        groups: Shape (N,): equal for photos of one owner, and for near-duplicates.
        alike: Shape (N,): equal for near-duplicates.
    """

    ids: tuple[PhotoId, ...]
    words: tuple[frozenset[str], ...]
    terms: frozenset[str]
    vectors: NDArray[np.float32]
    groups: NDArray[np.int64]
    alike: NDArray[np.int64]

    def labels(self, *, weak_terms: Sequence[str], answers: Answers) -> Labels:
        """Return what is known of a concept.

        Args:
            weak_terms: A photo that was found by one of these, or has it as a tag or machine tag,
                is weakly taken to show it, and any other not to; with none, nothing is.
            answers: What people said of it.
        """
        wanted = {term.casefold() for term in weak_terms}
        weak = np.array([bool(words & wanted) for words in self.words], dtype=np.float64)
        if not wanted:
            weak[:] = np.nan
        return Labels(weak=weak, sure=answers(self.ids))

    def check_terms(self, terms: Sequence[str]) -> None:
        """See that each term has found a photo, or is a tag.

        Raises:
            TrainError: One has not: it is mistyped.
        """
        known = frozenset().union(*self.words)
        for term in terms:
            if term.casefold() not in known:
                found_by = ", ".join(sorted(self.terms)) or "no search"
                raise TrainError(
                    f"no photo was found by {term!r}, or has it as a tag; the photos that are "
                    f"embedded were found by {found_by}"
                )

    def default_terms(self, concept: str) -> tuple[str, ...]:
        """Return the words that photos were found by, or tagged with, that name a concept."""
        pattern = re.compile(rf"\b{re.escape(concept.casefold())}\b")
        words = frozenset().union(*self.words)
        return tuple(sorted(word for word in words if pattern.search(_EXCLUDED.sub(" ", word))))


def read_training_photos(store: Store, backbone: Backbone, *, workspace: Path) -> TrainingPhotos:
    """Read all photos that a backbone has embedded.

    100,000 photos take 461 MB with embeddings of 1,152 numbers.

    Raises:
        TrainError: No photo is embedded.
    """
    ids: list[PhotoId] = []
    blocks = []
    with open_embeddings(workspace, backbone) as embeddings:
        for of_block, vectors in embeddings.blocks():
            ids += of_block
            blocks.append(vectors.astype(np.float32))
    if not ids:
        raise TrainError(
            f"no photo has an embedding by {model_name(backbone)} yet; make them with "
            f"`sis embed --model {backbone.name}`"
        )
    row = {photo_id: number for number, photo_id in enumerate(ids)}
    alike = group_likenesses(list(store.likenesses()))
    terms: set[str] = set()
    found = []
    for each in store.get(ids):
        terms.update(hit.term for hit in each.photo.searches)
        found.append((each.photo.id, _words(each.photo), _marks(each, alike)))
    return TrainingPhotos(
        ids=tuple(photo_id for photo_id, _, _ in found),
        words=tuple(words for _, words, _ in found),
        terms=frozenset(terms),
        vectors=np.concatenate(blocks)[[row[photo_id] for photo_id, _, _ in found]],
        groups=group_by_marks([marks for _, _, marks in found]),
        alike=group_by_marks(
            [[mark for mark in marks if mark[0] != _OWNER] for _, _, marks in found]
        ),
    )


def answers_in(store: Store, concept: str) -> Answers:
    """Return what the reviews in a store say of a concept; they are read once, now."""
    verdicts = store.reviews.verdicts([concept])[concept]

    def answers(ids: Sequence[PhotoId]) -> Numbers:
        return np.array(
            [
                float(verdicts[each] is Verdict.ACCEPT) if each in verdicts else np.nan
                for each in ids
            ]
        )

    return answers


def file_names(photo: Photo) -> frozenset[str]:
    """Return the names by which a file of labels may call a photo, besides its id."""
    rows = (OlderRow.of(hit) for hit in photo.searches)
    names = {decode(row.cells["filename"]) for row in rows if row and "filename" in row.cells}
    return frozenset(
        name
        for name in names | _stored_names(photo) | _names_in_folder(photo)
        if isinstance(name, str)
    )


def _stored_names(photo: Photo) -> set[str]:
    return {Path(photo.file.path).name} if photo.file else set()


def _names_in_folder(photo: Photo) -> set[str]:
    """Return what a file may have been called whose name, less its ending, became the title."""
    if photo.file is None or not photo.id.startswith("folder:"):
        return set()
    stored = Path(photo.file.path).suffix
    endings = (stored, *_OTHER_ENDINGS.get(stored, ()))
    return {f"{photo.title}{case}" for each in endings for case in (each, each.upper())}


def _words(photo: Photo) -> frozenset[str]:
    words = (*(hit.term for hit in photo.searches), *photo.tags, *photo.machine_tags)
    return frozenset(word.casefold() for word in words)


def _marks(
    photo: EncryptedPhoto, alike: Mapping[PhotoId, tuple[DuplicateGroup, ...]]
) -> list[tuple[str, object]]:
    marks: list[tuple[str, object]] = [
        ("alike", (each.kind, each.group)) for each in alike.get(photo.photo.id, ())
    ]
    if photo.owner_index is not None:
        marks.append((_OWNER, photo.owner_index))
    # As it was fetched: equal files may be stripped at different times.
    if (picture := picture_of(photo.photo)) is not None:
        marks.append(("file", picture))
    return marks
