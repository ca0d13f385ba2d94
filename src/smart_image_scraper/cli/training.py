"""The commands that train a model on one's own photos, and that say what is in photos."""

import getpass
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import click

from smart_image_scraper.cli.groups import Group
from smart_image_scraper.cli.models import named_backbone
from smart_image_scraper.cli.options import with_json, with_workspace
from smart_image_scraper.cli.session import Session, say, session, tell
from smart_image_scraper.cli.trained_lines import trained_lines
from smart_image_scraper.cli.wording import counted
from smart_image_scraper.errors import ModelError, UsageError
from smart_image_scraper.photo import PhotoId, Verdict

if TYPE_CHECKING:
    from smart_image_scraper.store import Review

BACKBONE = "dinov2-s14"
NAME = "mine"
_name_option = click.option("--name", default=NAME, show_default=True, help="The model's name.")


def _concept(word: str) -> str:
    """Return a concept's word, if it can be one."""
    from smart_image_scraper.score import Concept

    try:
        return Concept(word=word).word
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


_concept_option = click.option(
    "--concept", type=_concept, metavar="CONCEPT", help="Whether this is in the photo."
)


@click.command()
@click.argument("concepts", nargs=-1, required=True, type=_concept, metavar="CONCEPT...")
@click.option(
    "--weak",
    multiple=True,
    metavar="CONCEPT=TERM",
    help="Photos that this search term found, or that have this tag or machine tag, probably show "
    "the concept (repeatable).  [default: the terms and tags that name it]",
)
@click.option(
    "--labels",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A CSV file: a column id or filename, and one for each concept with true or false.",
)
@click.option(
    "--backbone", default=BACKBONE, show_default=True, help="Whose embeddings to learn from."
)
@click.option(
    "--with-text",
    is_flag=True,
    help="Learn from title, description and tags, too, without the words of search terms.",
)
@_name_option
@with_json
@with_workspace
def train(
    *,
    concepts: tuple[str, ...],
    weak: tuple[str, ...],
    labels: Path | None,
    backbone: str,
    with_text: bool,
    name: str,
    as_json: bool,
    workspace: Path | None,
) -> None:
    """Train a model of CONCEPTs on your own photos.

    It learns from the search terms, of which it expects many to be wrong, from reviews and from a
    file of labels, which count more. Each training makes a new version, which is measured on
    photos that it has not seen: near-duplicates and photos of one owner are never on both sides.

    \b
    Example:
      sis embed --model dinov2-s14
      sis train monkey cage --weak "cage=monkey cage"
      sis train cage --labels truth.csv --with-text
      sis score cage --model mine
    """
    from smart_image_scraper.score.classifier import check_model_name

    learning = training()
    check_model_name(name)
    now = datetime.now(UTC)
    terms = _weak_terms(weak, concepts=concepts)
    with session(reading=True, workspace=workspace) as opened:
        if labels is not None:
            _take_labels(opened, labels, concepts=concepts, now=now)
        done = learning.train(
            opened.store,
            named_backbone(opened, backbone),
            concepts=tuple(dict.fromkeys(concepts)),
            weak_terms=terms,
            with_text=with_text,
            name=name,
            workspace=opened.workspace,
            now=now,
        )
    if as_json:
        say(json.dumps({"stage": "train"} | asdict(done), ensure_ascii=False))
        return
    say(f"train: {done.model}, in {done.path}; report: {done.report}")
    for each in done.concepts:
        say("\n".join(trained_lines(each)))


@click.group(cls=Group)
def review() -> None:
    """Say what is in photos, and find out which to look at.

    \b
    Example:
      sis review next -n 10 --concept cage
      sis review accept flickr:1489 --concept cage
      sis train cage
    """


@review.command("next")
@click.option(
    "-n", "--number", default=10, show_default=True, type=click.IntRange(min=1), help="How many."
)
@click.option(
    "--concept", required=True, type=_concept, metavar="CONCEPT", help="For which concept."
)
@_name_option
@with_json
@with_workspace
def next_(*, number: int, concept: str, name: str, as_json: bool, workspace: Path | None) -> None:
    """Show the photos whose review would teach the model most.

    Those of which it is least sure, whose search term is probably wrong, that are of a new kind,
    and some at random. All reviews until now are taken into account.

    \b
    Example:
      sis review next -n 10 --concept cage
    """
    from smart_image_scraper.score.classifier import Classifier

    with session(reading=True, workspace=workspace) as opened:
        store = opened.store  # first: a workspace that is not there has no model either
        classifier = Classifier.load(opened.workspace / "models", name)
        chosen = training().suggest_reviews(
            store,
            named_backbone(opened, classifier.backbone.partition("@")[0]),
            classifier=classifier,
            concept=concept,
            workspace=opened.workspace,
            number=number,
        )
        photos = {each.photo.id: each.photo for each in store.get(e.photo for e in chosen)}
    if not chosen:
        tell(f"every photo that {classifier.model} could learn from is reviewed for {concept}")
    for each in chosen:
        file = photos[each.photo].file
        path = file.path if file else "-"
        if as_json:
            say(json.dumps(asdict(each) | {"file": path}, ensure_ascii=False))
        else:
            say(f"{each.photo}\t{each.probability:.2f}\t{each.reason}\t{path}")


@review.command()
@click.argument("ids", nargs=-1, required=True, type=PhotoId, metavar="ID...")
@_concept_option
@with_workspace
def accept(*, ids: tuple[PhotoId, ...], concept: str | None, workspace: Path | None) -> None:
    """Say that a concept is in photos, or, without one, that the photos are wanted.

    \b
    Example:
      sis review accept flickr:1489 flickr:1490 --concept cage
    """
    _say(Verdict.ACCEPT, ids, concept=concept, workspace=workspace)


@review.command()
@click.argument("ids", nargs=-1, required=True, type=PhotoId, metavar="ID...")
@_concept_option
@with_workspace
def reject(*, ids: tuple[PhotoId, ...], concept: str | None, workspace: Path | None) -> None:
    """Say that a concept is not in photos, or, without one, that the photos are not wanted.

    \b
    Example:
      sis review reject flickr:1489 --concept cage
    """
    _say(Verdict.REJECT, ids, concept=concept, workspace=workspace)


@review.command()
@click.argument("ids", nargs=-1, required=True, type=PhotoId, metavar="ID...")
@_concept_option
@with_workspace
def withdraw(*, ids: tuple[PhotoId, ...], concept: str | None, workspace: Path | None) -> None:
    """Take back what was said of photos: they count as not reviewed.

    \b
    Example:
      sis review withdraw flickr:1489 --concept cage
    """
    _say(Verdict.WITHDRAW, ids, concept=concept, workspace=workspace)


@review.command("list")
@with_json
@with_workspace
def list_(*, as_json: bool, workspace: Path | None) -> None:
    """List what was said of photos: the latest word on each photo and concept.

    \b
    Example:
      sis review list --json
    """
    with session(reading=True, workspace=workspace) as opened:
        for each in (latest := opened.store.reviews.latest()):
            say(_json_line(each) if as_json else _line(each))
    if not latest:
        tell("nothing was said of any photo yet; `sis review accept` and `reject` do, and the app")


def _take_labels(
    opened: Session, labels: Path, *, concepts: tuple[str, ...], now: datetime
) -> None:
    from smart_image_scraper.train.label_file import read_labels

    rows = read_labels(labels, concepts=concepts)
    added, unknown = training().take_labels(opened.store, rows, by=f"labels {labels.name}", now=now)
    taken = counted(added, "label")
    tell(f"{labels}: {taken} taken in; rows that name no photo, or several: {unknown:,}")


def _say(
    verdict: Verdict, ids: Sequence[PhotoId], *, concept: str | None, workspace: Path | None
) -> None:
    from smart_image_scraper.store import Review

    with session(reading=True, workspace=workspace) as opened:
        known = {each.photo.id for each in opened.store.get(ids)}
        if unknown := [str(each) for each in ids if each not in known]:
            raise UsageError(f"there is no photo {', '.join(unknown)} here; nothing was noted")
        now, by = datetime.now(UTC), getpass.getuser()
        added = opened.store.reviews.add(
            Review(photo=each, verdict=verdict, concept=concept, by=by, at=now)
            for each in dict.fromkeys(ids)
        )
    say(f"review: {counted(added, 'photo')}, {verdict} {concept or 'as a whole'}")


def training() -> ModuleType:
    """Return the module that trains, whose library is in extras.

    Raises:
        ModelError: It is not installed.
    """
    try:
        from smart_image_scraper.pipeline import train
    except ModuleNotFoundError as error:
        raise ModelError(
            f"training needs {error.name}, which is not installed; install "
            "smart-image-scraper[offline] or smart-image-scraper[score]"
        ) from error
    return train


def _weak_terms(weak: Sequence[str], *, concepts: Sequence[str]) -> dict[str, list[str]]:
    terms: dict[str, list[str]] = {}
    for text in weak:
        concept, separator, term = text.partition("=")
        if not separator or not term.strip() or concept not in concepts:
            raise UsageError(
                f"--weak {text!r}: write a concept that is to be trained, =, and a search term, "
                'as in --weak "cage=monkey cage"'
            )
        terms.setdefault(concept, []).append(term.strip())
    return terms


def _line(said: "Review") -> str:
    return f"{said.photo}\t{said.verdict}\t{said.concept or '-'}\t{said.by}\t{said.at:%FT%TZ}"


def _json_line(review: "Review") -> str:
    return json.dumps(asdict(review) | {"at": review.at.isoformat()}, ensure_ascii=False)
