"""The commands that tell how sure a model is that something is in a photo."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from smart_image_scraper.cli.options import with_filter, with_json, with_workspace
from smart_image_scraper.cli.session import Session, progress, session, tell
from smart_image_scraper.cli.summary import Report
from smart_image_scraper.cli.vision import VISION, vision_pending
from smart_image_scraper.errors import UsageError
from smart_image_scraper.photo import Filter

if TYPE_CHECKING:
    from smart_image_scraper.pipeline import EmbedSummary, ScoreSummary, TrainedScorer
    from smart_image_scraper.score import Backbone, Concept, TextBackbone, ZeroShot

F = TypeVar("F", bound=Callable[..., Any])

_BINS = 20
_BAR_WIDTH = 50
_MODEL_OPTIONS = (
    click.option(
        "--model",
        help="siglip2-b16-224, fast, siglip2-so400m-384, dinov2-s14, one that `sis train` made, "
        "or the service google-vision.  [default: SIS_MODEL, else siglip2-b16-224]",
    ),
    click.option(
        "--model-path",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        help="A folder with the image-text model, where there is no internet.",
    ),
)


def with_model(command: F) -> F:
    """Add ``--model`` and ``--model-path``."""
    for option in reversed(_MODEL_OPTIONS):
        command = option(command)
    return command


@click.command()
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
        done = embed_pending(opened, where, model=opened.settings.model, again=again)
    report = Report(as_json=as_json)
    report.add(done)
    report.end()


@click.command()
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
            "their order; 30 reviews of a concept calibrate it"
        )
    if histogram:
        _show_histograms(opened, done, as_json=as_json)


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
    from smart_image_scraper import pipeline

    trained = _trained(opened, model)
    scorer = trained or _zero_shot(opened, model)
    return pipeline.score(
        opened.store,
        scorer,
        concepts=_concepts(
            opened, words, model=scorer.model, trained=trained.words if trained else ()
        ),
        workspace=opened.workspace,
        where=where,
        again=again,
        progress=progress(),
    )


def score_as_before(opened: Session, where: Filter) -> "ScoreSummary | None":
    """Score what is pending by the model that scored last; ``None`` if none has, or a service."""
    asked = next((each for each in opened.store.scores.scorings() if each.given), None)
    if asked is None or not asked.derived:
        return None
    return score_pending(opened, [], model=asked.model.partition("@")[0], where=where)


def titles_pending(opened: Session, where: Filter, *, again: bool = False) -> "ScoreSummary":
    """Score how well titles fit what is pending, by the model of the settings."""
    from smart_image_scraper.pipeline.titles import score_titles

    return score_titles(
        opened.store,
        _text_backbone(opened, opened.settings.model),
        workspace=opened.workspace,
        where=where,
        again=again,
        progress=progress(),
    )


def named_backbone(opened: Session, name: str) -> "Backbone":
    """Return a backbone by its name, with the folders of the settings."""
    from smart_image_scraper.score import open_backbone
    from smart_image_scraper.score.dinov2 import NAME

    settings = opened.settings
    if name == NAME and opened.options.get("model_path"):
        raise UsageError(f"{name} comes with a package, and takes no --model-path")
    return open_backbone(name, models=settings.models_dir, model_path=settings.model_path)


def _zero_shot(opened: Session, model: str) -> "ZeroShot":
    from smart_image_scraper.score import ZeroShot

    return ZeroShot(_text_backbone(opened, model), folder=opened.settings.models_dir / "prompts")


def _text_backbone(opened: Session, model: str) -> "TextBackbone":
    from smart_image_scraper.score import TextBackbone

    found = named_backbone(opened, model)
    if not isinstance(found, TextBackbone):
        raise UsageError(
            f"{found.name} knows no words; train it on photos of yours with `sis train`, or "
            "name an image-text model with --model"
        )
    return found


def _trained(opened: Session, model: str) -> "TrainedScorer | None":
    """Return the trained model of that name; ``None`` if there is none."""
    from smart_image_scraper.pipeline import TrainedScorer
    from smart_image_scraper.score import Classifier

    models = opened.workspace / "models"
    if not (models / model.partition("@")[0]).is_dir():
        return None
    classifier = Classifier.load(models, model)
    seen_by = named_backbone(opened, classifier.backbone.partition("@")[0])
    return TrainedScorer(classifier, backbone=seen_by)


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


def _show_histograms(opened: Session, done: "ScoreSummary", *, as_json: bool) -> None:
    import json

    from smart_image_scraper import pipeline

    for scoring in opened.store.scores.scorings():
        if scoring.model == done.model and scoring.concept in done.scored:
            counts = pipeline.histogram(opened.store, scoring, bins=_BINS)
            if as_json:
                click.echo(json.dumps({"histogram": scoring.concept, "counts": counts}))
            else:
                click.echo(f"{scoring.concept}: {sum(counts):,} photos")
                click.echo("\n".join(_bars(counts)))


def _bars(counts: Sequence[int]) -> list[str]:
    most = max(*counts, 1)
    return [
        f"  {part / len(counts):4.2f}-{(part + 1) / len(counts):4.2f} "
        f"{'█' * round(_BAR_WIDTH * count / most):{_BAR_WIDTH}} {count:,}"
        for part, count in enumerate(counts)
    ]
