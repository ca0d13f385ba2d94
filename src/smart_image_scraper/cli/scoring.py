"""The commands that tell how sure a model is that something is in a photo."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from smart_image_scraper.cli.groups import Command
from smart_image_scraper.cli.histograms import show_histograms
from smart_image_scraper.cli.models import (
    is_trained,
    named_backbone,
    named_scorer,
    named_text_backbone,
)
from smart_image_scraper.cli.options import with_filter, with_json, with_workspace
from smart_image_scraper.cli.selecting import tell_if_none
from smart_image_scraper.cli.session import Session, progress, session, tell
from smart_image_scraper.cli.summary import Report
from smart_image_scraper.cli.vision import VISION, vision_pending
from smart_image_scraper.errors import ModelError, UsageError
from smart_image_scraper.photo import Filter
from smart_image_scraper.photo.scoring import ENOUGH_REVIEWS

if TYPE_CHECKING:
    from smart_image_scraper.pipeline import EmbedSummary, ScoreSummary, TrainedScorer
    from smart_image_scraper.score import Concept, ZeroShot

F = TypeVar("F", bound=Callable[..., Any])

_MODEL_OPTIONS = (
    click.option(
        "--model",
        help="siglip2-b16-224, fast, siglip2-so400m-384, dinov2-s14, one that `sis train` made, "
        "or the service google-vision.  [default: SIS_MODEL, else siglip2-b16-224]",
    ),
    click.option(
        "--model-path",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        help="A folder with the model, where there is no internet.",
    ),
)


def with_model(command: F) -> F:
    """Add ``--model`` and ``--model-path``."""
    for option in reversed(_MODEL_OPTIONS):
        command = option(command)
    return command


@click.command(cls=Command)
@with_filter
@click.option("--again", is_flag=True, help="Try once more what has failed for good, too.")
@with_model
@with_json
@with_workspace
def embed(*, where: Filter, again: bool, as_json: bool, **settings: Any) -> None:
    """Have a model look at the photos once; scores are made from what it saw.

    `sis score` does this, too, for what it needs.

    \b
    Example:
      sis embed
      sis embed --model dinov2-s14
    """
    with session(reading=True, **settings) as opened:
        tell_if_none(opened, where)
        done = embed_pending(opened, where, model=opened.settings.model, again=again)
    report = Report(as_json=as_json)
    report.add(done)
    report.end()


@click.command(cls=Command)
@click.argument("concepts", nargs=-1, metavar="[CONCEPT]...")
@with_filter
@click.option("--again", is_flag=True, help="Try once more what has failed for good, too.")
@click.option("--titles", is_flag=True, help="Score how well titles fit, too: fits-title.")
@click.option("--histogram", is_flag=True, help="Show how the scores are spread.")
@click.option("--yes", is_flag=True, help="Have a service paid for without being asked.")
@with_model
@with_json
@with_workspace
def score(
    *,
    concepts: tuple[str, ...],
    where: Filter,
    again: bool,
    titles: bool,
    histogram: bool,
    yes: bool,
    as_json: bool,
    **settings: Any,
) -> None:
    """Score photos for CONCEPTs: how sure is the model that these are in the picture?

    A concept is a word or phrase, best in English: monkey. Synonyms follow after =, what is easily
    taken for it and is not after !: "monkey=macaque,mandrill!toy monkey". Without a concept, new
    photos are scored for those that the model has scored before. --model google-vision sends
    photos to Google, after it has said what that costs.

    \b
    Example:
      sis score monkey cage
      sis score "cage=fence,mesh" --model fast --histogram
      sis list --score "monkey>=0.5,cage<0.2"
    """
    report = Report(as_json=as_json)
    with session(reading=True, **settings) as opened:
        tell_if_none(opened, where)
        if opened.settings.model == VISION:
            if titles or histogram:
                raise UsageError(f"--titles and --histogram are not for {VISION}")
            known = _concepts(opened, concepts, model=VISION)
            report.add(vision_pending(opened, where, concepts=known, again=again, yes=yes))
        if opened.settings.model != VISION and (concepts or not titles):
            model = opened.settings.model
            done = score_pending(opened, concepts, model=model, where=where, again=again)
            _add(done, report, opened=opened, histogram=histogram, as_json=as_json)
        if titles:
            done = titles_pending(opened, where, again=again)
            _add(done, report, opened=opened, histogram=histogram, as_json=as_json)
    report.end()


def _add(
    done: "ScoreSummary", report: Report, *, opened: Session, histogram: bool, as_json: bool
) -> None:
    report.add(done)
    if done.uncalibrated and not as_json:
        tell(
            f"the probabilities of {', '.join(done.uncalibrated)} are uncalibrated: trust "
            f"their order{_calibrated_by(opened, done)}"
        )
    if histogram:
        show_histograms(opened, done, as_json=as_json)


def _calibrated_by(opened: Session, done: "ScoreSummary") -> str:
    from smart_image_scraper.pipeline.titles import FITS_TITLE

    if FITS_TITLE in done.uncalibrated:
        return ""
    if is_trained(opened, done.model.partition("@")[0]):
        return f"; {ENOUGH_REVIEWS} reviews of a concept calibrate it when `sis train` is run again"
    return f"; {ENOUGH_REVIEWS} reviews of a concept calibrate it"


def embed_pending(
    opened: Session, where: Filter, *, model: str, again: bool = False
) -> "EmbedSummary":
    """Embed what is pending by a backbone."""
    from smart_image_scraper import pipeline

    return pipeline.embed(
        opened.store,
        named_backbone(opened, model),
        workspace=opened.workspace,
        where=where,
        again=again,
        progress=progress(),
    )


def score_pending(
    opened: Session, words: Sequence[str], *, model: str, where: Filter, again: bool = False
) -> "ScoreSummary":
    """Score what is pending by a model: a trained one of that name, else one that knows words."""
    return _score(opened, words, scorer=named_scorer(opened, model), where=where, again=again)


def score_as_before(opened: Session, where: Filter) -> "ScoreSummary | None":
    """Score what is pending by the model that scored last; ``None`` if none has, or a service.

    ``None``, too, if it cannot be had any more, or only in another revision: that is told, and no
    reason not to go on.
    """
    asked = next((each for each in opened.store.scores.scorings() if each.given), None)
    if asked is None or not asked.derived:
        return None
    name = asked.model.partition("@")[0]
    try:
        scorer = named_scorer(opened, asked.model if is_trained(opened, name) else name)
        if scorer.model == asked.model:
            return _score(opened, [], scorer=scorer, where=where)
        reason = (
            f"here is {scorer.model}; `sis score` with the concepts that you want goes on by it"
        )
    except (ModelError, UsageError) as error:
        reason = str(error)
    tell(f"new photos are not scored by {asked.model}, as those before were: {reason}")
    return None


def titles_pending(opened: Session, where: Filter, *, again: bool = False) -> "ScoreSummary":
    """Score how well titles fit what is pending, by the model of the settings."""
    from smart_image_scraper.pipeline.titles import score_titles

    return score_titles(
        opened.store,
        named_text_backbone(opened, opened.settings.model),
        workspace=opened.workspace,
        where=where,
        again=again,
        progress=progress(),
    )


def _score(
    opened: Session,
    words: Sequence[str],
    *,
    scorer: "TrainedScorer | ZeroShot",
    where: Filter,
    again: bool = False,
) -> "ScoreSummary":
    from smart_image_scraper import pipeline

    trained = scorer.words if isinstance(scorer, pipeline.TrainedScorer) else ()
    return pipeline.score(
        opened.store,
        scorer,
        concepts=_concepts(opened, words, model=scorer.model, trained=trained),
        workspace=opened.workspace,
        where=where,
        again=again,
        progress=progress(),
    )


def _concepts(
    opened: Session, words: Sequence[str], *, model: str, trained: Sequence[str] = ()
) -> list["Concept"]:
    """Return what to look for: what was named, else what a model was trained or asked for."""
    from smart_image_scraper.pipeline.titles import FITS_TITLE
    from smart_image_scraper.score import Concept

    known = [
        each.given
        for each in opened.store.scores.scorings()
        if each.given and model in {each.model, each.model.partition("@")[0]}
    ]
    try:
        concepts = [Concept.parse(word) for word in words or trained or sorted(known)]
    except ValueError as error:
        raise UsageError(str(error)) from error
    if not concepts:
        raise UsageError(
            f"{model} has scored nothing yet; say what to look for, as in `sis score monkey`"
        )
    if any(concept.word == FITS_TITLE for concept in concepts):
        raise UsageError(f"{FITS_TITLE} is what `sis score --titles` scores; use another word")
    return concepts
