"""The lines that say what came of training."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smart_image_scraper.pipeline.train import Trained


def trained_lines(trained: "Trained") -> list[str]:
    """Return the lines that say what came of training one concept."""
    measured = trained.evaluation
    low, high = measured.roc_auc_interval
    weak = ", ".join(trained.weak_terms) or "none"
    counts = (
        f"{trained.concept}: {trained.yes:,} yes, {trained.no:,} no, "
        f"{trained.reviewed:,} of them reviewed; weak terms: {weak}"
    )
    quality = (
        f"  on {measured.photos:,} unseen photos, against {measured.against}: "
        f"ROC AUC {measured.roc_auc:.3f} (95 %: {low:.3f} to {high:.3f}), "
        f"average precision {measured.average_precision:.3f}, "
        f"Brier score {measured.brier:.3f}"
    )
    return [
        counts,
        quality,
        *_gain_lines(trained),
        *(
            f"  from {each.threshold:.1f} on: precision "
            f"{'-' if each.precision is None else f'{each.precision:.3f}'}, "
            f"recall {each.recall:.3f}"
            for each in measured.thresholds
        ),
        f"  most wrong: {', '.join(trained.most_wrong[:5])}",
    ]


def _gain_lines(trained: "Trained") -> list[str]:
    from smart_image_scraper.train.report import gain_sentence

    if trained.gain is None:
        return []
    return [f"  {gain_sentence(trained.gain, against=trained.evaluation.against)}"]
