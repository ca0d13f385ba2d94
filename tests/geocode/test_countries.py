import pytest
from hypothesis import given
from hypothesis import strategies as st

from smart_image_scraper.errors import CountryError
from smart_image_scraper.geocode import country_name, resolve_country
from smart_image_scraper.geocode.countries import Countries, fold


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("PH", "PH"),
        (" ph ", "PH"),
        ("phl", "PH"),
        ("Philippines", "PH"),
        ("the PHILIPPINES", "PH"),
        ("Filipinas", "PH"),
        ("フィリピン", "PH"),
        ("ฟิลิปปินส์", "PH"),
        ("日本", "JP"),
        ("Россия", "RU"),
        ("NA", "NA"),
        ("Namibia", "NA"),
        ("UK", "GB"),
        ("U.S.A.", "US"),
        ("xkx", "XK"),
        ("Kosovo", "XK"),
        ("Niger", "NE"),
        ("Guinea", "GN"),
    ],
)
def test_a_country_is_found_by_code_and_by_name_in_any_language(word: str, code: str) -> None:
    assert resolve_country(word) == code


@pytest.mark.parametrize(
    ("older", "code"),
    [
        ("Turkey", "TR"),
        ("Czech Republic", "CZ"),
        ("Macedonia", "MK"),
        ("Swaziland", "SZ"),
        ("Cape Verde", "CV"),
        ("Burma", "MM"),
        ("Vatican City", "VA"),
        ("Ivory Coast", "CI"),
        ("Cote d'Ivoire", "CI"),
        ("DR Congo", "CD"),
        ("Russian Federation", "RU"),
        ("Hong Kong", "HK"),
        ("Viet Nam", "VN"),
        ("Curacao", "CW"),
        ("Congo", "CG"),
        ("Saint Bartelemey", "BL"),
        ("Libyan Arab Jamahiriya", "LY"),
        ("United States Minor Outlying Islands", "US"),
    ],
)
def test_older_spellings_mean_the_same_country(older: str, code: str) -> None:
    assert resolve_country(older) == code


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("Filipinia", "no one country is called 'Filipinia'; did you mean Philippines (PH)?"),
        ("Sandakan", "no one country is called 'Sandakan'; give its ISO 3166 code, such as PH"),
        ("", "no one country is called ''; give its ISO 3166 code, such as PH"),
        ("Korea", "did you mean South Korea (KR) or North Korea (KP)?"),
    ],
)
def test_what_is_no_country_is_never_guessed(word: str, message: str) -> None:
    with pytest.raises(CountryError) as caught:
        resolve_country(word)

    assert message in str(caught.value)


def test_a_country_has_one_english_name() -> None:
    assert [country_name(code) for code in ("PH", "TR", "CZ")] == [
        "Philippines",
        "Türkiye",
        "Czechia",
    ]


def test_a_code_that_does_not_exist_has_no_name() -> None:
    with pytest.raises(CountryError, match="'ZZ' is no country's ISO 3166 code"):
        country_name("ZZ")


def test_every_country_is_found_by_its_own_name_and_code() -> None:
    names = Countries.load().names

    assert {resolve_country(name) for name in names.values()} == set(names)
    assert {resolve_country(code.lower()) for code in names} == set(names)


@given(name=st.text())
def test_folding_twice_changes_nothing_more(name: str) -> None:
    assert fold(fold(name)) == fold(name)
