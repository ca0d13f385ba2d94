import pytest

from smart_image_scraper.download.opt_out import wish


@pytest.mark.parametrize(
    ("headers", "rule"),
    [
        (["noai"], "noai"),
        (["NoImageAI"], "noimageai"),
        (["noindex, nofollow"], "noindex"),
        (["nofollow,  noimageindex"], "noimageindex"),
        (["nofollow", "noml"], "noml"),
        (["sis: noai"], "noai"),
        (["Smart-Image-Scraper: noindex"], "noindex"),
        (["otherbot: nofollow, sis: noai"], "noai"),
        (["unavailable_after: 25 Jun 2010 15:00:00 PST, noai"], "noai"),
        (["max-image-preview: large, noai"], "noai"),
    ],
)
def test_a_rule_against_our_use_is_found(headers: list[str], rule: str) -> None:
    assert wish(headers) == rule


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [""],
        ["all"],
        ["nofollow, noarchive"],
        ["otherbot: noai"],
        ["otherbot: nofollow, noai"],
        ["sis: nofollow, otherbot: noai, noindex"],
        ["unavailable_after: 25 Jun 2010 15:00:00 PST"],
        ["max-snippet: 50"],
        ["noaim"],
    ],
)
def test_a_rule_that_is_none_or_for_somebody_else_is_not_found(headers: list[str]) -> None:
    assert wish(headers) is None


def test_a_rule_for_somebody_else_ends_with_its_header() -> None:
    assert wish(["otherbot: noindex", "noai"]) == "noai"
