"""The lines that say what came of training."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smart_image_scraper.pipeline.train import Trained


def trained_lines(trained: "Trained") -> list[str]:
    """Return the lines that say what came of training one concept."""
    from smart_image_scraper.train.report import figures_sentence, gain_sentence

    measured = trained.evaluation
    weak = ", ".join(trained.weak_terms) or "none"
    counts = (
        f"{trained.concept}: {trained.yes:,} yes, {trained.no:,} no, "
        f"{trained.reviewed:,} of them reviewed; weak terms: {weak}"
    )
    lines = [counts, f"  {figures_sentence(measured)}"]
    if measured is None:
        return lines
    if trained.gain is not None:
        lines.append(f"  {gain_sentence(trained.gain, against=measured.against)}")
    return [
        *lines,
        *(
            f"  from {each.threshold:.1f} on: precision "
            f"{'-' if each.precision is None else f'{each.precision:.3f}'}, "
            f"recall {each.recall:.3f}"
            for each in measured.thresholds
        ),
        f"  most wrong: {', '.join(trained.most_wrong[:5])}",
    ]
