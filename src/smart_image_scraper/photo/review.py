"""What a person says of a photo, and the condition that a photo's last review is what it is."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from smart_image_scraper.errors import UsageError
from smart_image_scraper.photo.scoring import check_name


class Verdict(StrEnum):
    """What a person says."""

    ACCEPT = "accept"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    """What was said before counts no longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A condition on what people said last of a photo.

    Attributes:
        verdict: What they said; ``None``: nothing, or nothing that counts.
        concept: Of what; ``None`` for the photo as a whole.
    """

    verdict: Verdict | None
    concept: str | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``accept``, ``none`` or ``monkey=reject``; :meth:`__str__` writes it.

        Raises:
            UsageError: It is not of that form.
        """
        concept, separator, word = text.rpartition("=")
        try:
            if separator:
                check_name(concept.strip())
            return cls(verdict=_SAID[word.strip()], concept=concept.strip() or None)
        except (KeyError, ValueError):
            raise UsageError(
                f"{text!r} is no review; write accept, reject, none, or of a concept monkey=accept"
            ) from None

    def __str__(self) -> str:
        """Return the text that :meth:`parse` reads."""
        word = "none" if self.verdict is None else self.verdict.value
        return word if self.concept is None else f"{self.concept}={word}"


_SAID = {"accept": Verdict.ACCEPT, "reject": Verdict.REJECT, "none": None}


def wanted_verdicts(judgements: Iterable[Judgement]) -> dict[str | None, set[Verdict | None]]:
    """Return what judgements let a concept's last review be, by concept.

    Those on one concept are alternatives; those on several concepts must all be met.
    """
    wanted: dict[str | None, set[Verdict | None]] = defaultdict(set)
    for each in judgements:
        wanted[each.concept].add(each.verdict)
    return dict(wanted)
