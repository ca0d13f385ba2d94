"""The commands that tell how sure a model is that something is in a photo."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from smart_image_scraper.cli.options import with_filter, with_json, with_workspace
from smart_image_scraper.cli.session import Session, progress, session, tell
from smart_image_scraper.cli.summary import Report
from smart_image_scraper.errors import UsageError
from smart_image_scraper.photo import Filter

if TYPE_CHECKING:
    from smart_image_scraper.pipeline import EmbeddingScorer, EmbedSummary, ScoreSummary
    from smart_image_scraper.score import Backbone, Concept

F = TypeVar("F", bound=Callable[..., Any])

_BINS = 20
_BAR_WIDTH = 50
_MODEL_OPTIONS = (
    click.option(
        "--model",
        help="siglip2-b16-224, fast, siglip2-so400m-384 or dinov2-s14.  [default: SIS_MODEL, else "
        "siglip2-b16-224]",
    ),
    click.option(
        "--model-path",
        type=click.Path(exists=True, file_okay=False),
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
        done = embed_pending(opened, where, again=again)
    report = Report(as_json=as_json)
    report.add(done)
    report.end()


@click.command()
@click.argument("concepts", nargs=-1, metavar="[CONCEPT]...")
@with_filter
@click.option("--again", is_flag=True, help="Try once more what has failed for good, too.")
@click.option("--histogram", is_flag=True, help="Show how the scores are spread.")
@with_model
@with_json
@with_workspace
def score(
    *,
    concepts: tuple[str, ...],
    where: Filter,
    again: bool,
    histogram: bool,
    as_json: bool,
    **settings: Any,
) -> None:
    """Score photos for CONCEPTs: how sure is the model that these are in the picture?

    A concept is a word or phrase, best in English: monkey. Synonyms follow after =, what is easily
    taken for it and is not after !: "monkey=macaque,mandrill!toy monkey". Without a concept, new
    photos are scored for those that the model has scored before.

    \b
    Example:
      sis score monkey cage
      sis score "cage=fence,mesh" --model fast --histogram
      sis list --score "monkey>=0.5,cage<0.2"
    """
    with session(reading=True, **settings) as opened:
        done = score_pending(opened, concepts, where=where, again=again)
        report = Report(as_json=as_json)
        report.add(done)
        if done.uncalibrated and not as_json:
            tell(
                f"the probabilities of {', '.join(done.uncalibrated)} are uncalibrated: trust "
                "their order; 30 reviews of a concept calibrate it"
            )
        if histogram:
            _show_histograms(opened, done, as_json=as_json)
    report.end()


def embed_pending(opened: Session, where: Filter, *, again: bool = False) -> "EmbedSummary":
    """Embed what is pending by the backbone of the settings."""
    from smart_image_scraper import pipeline

    return pipeline.embed(
        opened.store,
        _backbone(opened),
        workspace=opened.workspace,
        where=where,
        again=again,
        progress=progress(),
    )


def score_pending(
    opened: Session, words: Sequence[str], *, where: Filter, again: bool = False
) -> "ScoreSummary":
    """Score what is pending by the model of the settings."""
    from smart_image_scraper import pipeline

    scorer = _scorer(opened)
    return pipeline.score(
        opened.store,
        scorer,
        _concepts(opened, words, scorer=scorer),
        workspace=opened.workspace,
        where=where,
        again=again,
        progress=progress(),
    )


def _backbone(opened: Session) -> "Backbone":
    from smart_image_scraper.score import open_backbone

    settings = opened.settings
    return open_backbone(settings.model, models=settings.models_dir, model_path=settings.model_path)


def _scorer(opened: Session) -> "EmbeddingScorer":
    from smart_image_scraper.score import TextBackbone, ZeroShot

    trained = _trained(opened)
    if trained is not None:
        return trained

    backbone = _backbone(opened)
    if not isinstance(backbone, TextBackbone):
        raise UsageError(
            f"{backbone.name} knows no words; train it on photos of yours with `sis train`, or "
            "name an image-text model with --model"
        )
    return ZeroShot(backbone, folder=opened.settings.models_dir / "prompts")


def _trained(opened: Session) -> "EmbeddingScorer | None":
    """Return the trained model that the settings name; ``None`` if they name another one."""
    from smart_image_scraper.pipeline import TrainedScorer
    from smart_image_scraper.score import open_backbone
    from smart_image_scraper.score.classifier import Classifier

    word, models = opened.settings.model, opened.workspace / "models"
    if not (models / word.partition("@")[0]).is_dir():
        return None
    classifier = Classifier.load(models, word)
    backbone = open_backbone(
        classifier.backbone.partition("@")[0], models=opened.settings.models_dir
    )
    return TrainedScorer(classifier, backbone=backbone)


def _concepts(
    opened: Session, words: Sequence[str], *, scorer: "EmbeddingScorer"
) -> list["Concept"]:
    from smart_image_scraper.score import Concept

    known = [each.given for each in opened.store.scores.scorings() if each.model == scorer.model]
    try:
        concepts = [Concept.parse(word) for word in words or sorted(known)]
    except ValueError as error:
        raise UsageError(str(error)) from error
    if not concepts:
        raise UsageError(
            f"{scorer.model} has scored nothing yet; say what to look for, as in `sis score monkey`"
        )
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
