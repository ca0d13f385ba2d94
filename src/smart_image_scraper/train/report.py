"""Train: the report of a training, one page without scripts, its curves drawn as SVG."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from smart_image_scraper.errors import WorkspaceError
from smart_image_scraper.photo import PhotoId
from smart_image_scraper.train.evaluation import Evaluation
from smart_image_scraper.train.gain import Gain

_SIDE = 240
_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem }
table { border-collapse: collapse } td, th { padding: .2rem .8rem; text-align: right }
figure { display: inline-block; margin: 1rem 2rem 1rem 0 } svg { overflow: visible }
.axis { fill: none; stroke: #888 } .even { stroke: #bbb; stroke-dasharray: 4 }
.curve { fill: none; stroke: #06c; stroke-width: 2 } circle { fill: #06c }
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConceptReport:
    """What a report says of a concept.

    Attributes:
        concept: The concept's word.
        evaluation: Its figures.
        gain: What reading texts brings; ``None`` if it does not.
        most_wrong: The photos that it got most wrong, the worst first.
    """

    concept: str
    evaluation: Evaluation
    gain: Gain | None = None
    most_wrong: Sequence[PhotoId]


def write_report(path: Path, sections: Sequence[ConceptReport], *, model: str) -> None:
    """Write the report of a training.

    Raises:
        WorkspaceError: The file cannot be written.
    """
    page = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(model)}</title>'
        f"<style>{_STYLE}</style><h1>{escape(model)}</h1>"
        f"{''.join(map(_section, sections))}</html>\n"
    )
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise WorkspaceError(
            f"{path}: the report cannot be written: {error.strerror}; free some space there"
        ) from error


def _section(section: ConceptReport) -> str:
    measured = section.evaluation
    low, high = measured.roc_auc_interval
    wrong = "".join(f"<li>{escape(each)}</li>" for each in section.most_wrong)
    return (
        f"<h2>{escape(section.concept)}</h2>"
        f"<p>Measured on {measured.photos:,} photos that the model has not seen, "
        f"{measured.present:,} of them with it, against {measured.against}: ROC AUC "
        f"{measured.roc_auc:.3f} (95 %: {low:.3f} to {high:.3f}), average precision "
        f"{measured.average_precision:.3f}, Brier score {measured.brier:.3f}.</p>"
        f"{_gain(section)}"
        f"{_figure(_roc(measured), 'Recall against false positive rate')}"
        f"{_figure(_reliability(measured), 'Share that shows it against probability')}"
        f"{_thresholds(measured)}<h3>Most wrong</h3><ol>{wrong}</ol>"
    )


def _gain(section: ConceptReport) -> str:
    if section.gain is None:
        return ""
    return f"<p>{gain_sentence(section.gain, against=section.evaluation.against)}</p>"


def gain_sentence(gain: Gain, *, against: str) -> str:
    """Say what texts bring, and how far that can be trusted."""
    low, high = gain.roc_auc_interval
    caution = (
        "; against weak labels that is no evidence: texts tell how a photo was found"
        if against == "weak labels"
        else ""
    )
    return (
        f"images alone: ROC AUC {gain.image_roc_auc:.3f}, average precision "
        f"{gain.image_average_precision:.3f}; texts alone: {gain.text_roc_auc:.3f}, "
        f"{gain.text_average_precision:.3f}; texts add {gain.roc_auc:+.3f} to the ROC AUC of "
        f"images (95 %: {low:+.3f} to {high:+.3f}){caution}"
    )


def _figure(inside: str, caption: str) -> str:
    return (
        f'<figure><svg width="{_SIDE}" height="{_SIDE}" role="img" aria-label="{caption}">'
        f'<rect class="axis" width="{_SIDE}" height="{_SIDE}"/>'
        f'<line class="even" x1="0" y1="{_SIDE}" x2="{_SIDE}" y2="0"/>{inside}</svg>'
        f"<figcaption>{caption}</figcaption></figure>"
    )


def _roc(measured: Evaluation) -> str:
    points = " ".join(f"{_SIDE * x:.1f},{_SIDE * (1 - y):.1f}" for x, y in measured.curve)
    return f'<polyline class="curve" points="{points}"/>'


def _reliability(measured: Evaluation) -> str:
    return "".join(
        f'<circle cx="{_SIDE * each.expected:.1f}" cy="{_SIDE * (1 - each.found):.1f}" r="4">'
        f"<title>{each.photos:,} photos</title></circle>"
        for each in measured.reliability
    )


def _thresholds(measured: Evaluation) -> str:
    rows = "".join(
        f"<tr><td>{each.threshold:.1f}<td>"
        f"{'-' if each.precision is None else f'{each.precision:.3f}'}<td>{each.recall:.3f}"
        for each in measured.thresholds
    )
    return f"<table><tr><th>from<th>precision<th>recall{rows}</table>"
