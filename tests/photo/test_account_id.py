import pytest

from smart_image_scraper.photo.account_id import bare_account, parse_account


@pytest.mark.parametrize(
    ("text", "account"),
    [
        ("12037949754@N01", "12037949754@N01"),
        ("commons:Example", "commons:Example"),
        ("commons:bee_keeper", "commons:Bee keeper"),
        ("commons:  bee  keeper ", "commons:Bee keeper"),
        ("commons:ŠJů", "commons:ŠJů"),
    ],
)
def test_an_account_is_written_in_one_way(text: str, account: str) -> None:
    assert parse_account(text) == account


@pytest.mark.parametrize(
    "text", ["", "jane", "flickr:1@N01", "commons:", "commons:a/b", "commons:a\nb", "1@N1"]
)
def test_what_is_no_account_is_refused_with_the_forms(text: str) -> None:
    with pytest.raises(ValueError, match=r"12037949754@N01 .* commons:Example"):
        parse_account(text)


def test_an_account_without_its_site_is_what_its_owner_is_called_there() -> None:
    assert bare_account("commons:Bee keeper") == "Bee keeper"
    assert bare_account("12037949754@N01") == "12037949754@N01"
