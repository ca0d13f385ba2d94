"""Build the countries' file: one English name for each code, and what else people call them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from babel import Locale
from babel.localedata import locale_identifiers

from smart_image_scraper.geocode.archive import Archive, Source
from smart_image_scraper.geocode.countries import fold

# Common and older names that neither CLDR nor GeoNames have, or have for two countries.
BY_HAND = {
    "AE": ["UAE", "Emirates"],
    "BL": ["Saint Bartelemey"],
    "BN": ["Brunei Darussalam"],
    "BO": ["Plurinational State of Bolivia"],
    "BQ": ["Caribbean Netherlands", "Bonaire, Saint Eustatius and Saba"],
    "CD": ["DR Congo", "DRC", "Democratic Republic of the Congo", "Congo-Kinshasa", "Zaire"],
    "CF": ["CAR"],
    "CG": ["Congo", "Republic of the Congo", "Congo-Brazzaville"],
    "CI": ["Ivory Coast", "Côte d'Ivoire"],
    "CV": ["Cape Verde", "Cabo Verde"],
    "CZ": ["Czech Republic", "Czechia"],
    "FK": ["Falkland Islands", "Falklands"],
    "FM": ["Micronesia", "Federated States of Micronesia"],
    "GB": ["UK", "Great Britain", "Britain"],
    "HK": ["Hong Kong", "Hong Kong SAR"],
    "IR": ["Islamic Republic of Iran"],
    "KP": ["North Korea", "DPRK", "Democratic People's Republic of Korea"],
    "KR": ["South Korea", "Republic of Korea"],
    "LA": ["Laos", "Lao People's Democratic Republic"],
    "LY": ["Libyan Arab Jamahiriya"],
    "MD": ["Republic of Moldova"],
    "MF": ["Saint Martin", "Saint Martin (French part)"],
    "MK": ["Macedonia", "North Macedonia", "FYROM"],
    "MM": ["Burma", "Myanmar"],
    "MO": ["Macao", "Macau"],
    "NL": ["Holland", "The Netherlands"],
    "PS": ["Palestine", "State of Palestine", "Palestinian Territory"],
    "RE": ["Reunion"],
    "RU": ["Russian Federation"],
    "SH": ["Saint Helena"],
    "SJ": ["Svalbard and Jan Mayen", "Svalbard"],
    "SX": ["Sint Maarten", "Sint Maarten (Dutch part)"],
    "SY": ["Syrian Arab Republic"],
    "SZ": ["Swaziland", "Eswatini"],
    "TL": ["East Timor", "Timor-Leste"],
    "TR": ["Turkey", "Türkiye"],
    "TW": ["Taiwan, Province of China"],
    "TZ": ["United Republic of Tanzania"],
    # The borders have the outlying islands as a part of the United States.
    "US": ["USA", "United States of America", "United States Minor Outlying Islands", "UM", "UMI"],
    "VA": ["Vatican", "Vatican City", "Holy See"],
    "VE": ["Bolivarian Republic of Venezuela"],
    "VG": ["British Virgin Islands"],
    "VI": ["U.S. Virgin Islands", "US Virgin Islands"],
    "VN": ["Viet Nam"],
    "XK": ["Kosovo", "XKX"],
}


def build(
    rows: Sequence[Sequence[str]], countries: Sequence[str], *, sources: tuple[Source, ...]
) -> Archive:
    """Return the archive: it has no arrays, only names."""
    english = Locale("en").territories
    names = {code: english[code] for code in countries}
    facts = {"names": names, "aliases": aliases(rows, names)}
    return Archive(form="countries", sources=sources, facts=facts, arrays={})


def aliases(rows: Sequence[Sequence[str]], names: dict[str, str]) -> dict[str, str]:
    """Return codes by folded names; one that means two countries is left out.

    Of the lists, the first that has a name decides: English names and alpha-3 codes are not put
    in doubt by what another language calls another country.
    """
    decided: dict[str, str] = {}
    by_hand = ((name, code) for code, more in BY_HAND.items() for name in more)
    for pairs in (
        ((name, code) for code, name in names.items()),
        ((row[2], row[1]) for row in rows if row[1] in names and not row[9]),
        by_hand,
        in_english(rows, names),
        in_all_languages(names),
    ):
        meant: dict[str, set[str]] = defaultdict(set)
        for name, code in pairs:
            if len(folded := fold(name)) > 1:
                meant[folded].add(code)
        decided |= {
            name: min(codes)
            for name, codes in meant.items()
            if len(codes) == 1 and name not in decided and name.upper() not in names
        }
    return dict(sorted(decided.items()))


def in_english(rows: Sequence[Sequence[str]], names: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the names of ISO 3166 and GeoNames: name, official and common name, others."""
    for row in rows:
        if row[1] in names and not row[9]:
            for name in (row[0], *row[4:6], *row[6].split("|")):
                yield name, row[1]


def in_all_languages(names: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the names in every language of the CLDR."""
    for identifier in sorted(locale_identifiers()):
        territories = Locale.parse(identifier).territories
        for code in names:
            if name := territories.get(code):
                yield name, code
