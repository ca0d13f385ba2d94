"""Export: what the card says of how the photos are split."""

from smart_image_scraper.export.facts import Facts
from smart_image_scraper.export.markdown import escaped, table


def split_of(facts: Facts, *, where: str) -> str:
    """Return the section on the split; empty if the photos are not split.

    Args:
        facts: What is known of the data set.
        where: How one sees in which part a photo is, if that has to be said.
    """
    split, asked = facts.split, facts.options.split
    if split is None or asked is None:
        return ""
    rows = [(name, facts.tally.splits[name]) for name in split.names]
    return f"""\
## How the photos are split

{asked.text}, with the seed {facts.options.seed}. Photos of one owner, of one file, and
near-duplicates are on one side, and so is whoever is joined to them over others: {split.groups:,}
groups, of which {split.crossing:,} are on two sides. Shares are off by at most
{split.deviation:.1%}.{_why_uneven(facts)}{_lacking(facts)}

Near-duplicates are known of {split.alike:,} photos; of {split.without_owner:,} nobody knows which
other ones their owner has.{where}

{table(("split", "photos"), rows)}"""


def _why_uneven(facts: Facts) -> str:
    split = facts.split
    if split is None or not split.is_uneven:
        return ""
    share = split.largest / max(1, len(split.ids))
    photos = "photo" if split.largest == 1 else "photos"
    return (
        f" **No way to be more even was found that parts no group:** the largest has "
        f"{split.largest:,} {photos}, {share:.0%} of all."
    )


def _lacking(facts: Facts) -> str:
    """Say which parts have no photo that shows a concept, though others have."""
    names = [name for name in facts.split.names if facts.tally.splits[name]] if facts.split else []
    shown = {(concept, part) for (part, concept, label, _) in facts.tally.classes if label}
    lacking = {
        concept: [part for part in names if (concept, part) not in shown]
        for concept in facts.tally.concepts
        if any((concept, part) in shown for part in names)
    }
    return "".join(
        f" **No photo in {' and '.join(parts)} shows {escaped(concept)}:** too few do, or too few "
        "owners have one."
        for concept, parts in lacking.items()
        if parts
    )
