import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smart_image_scraper.export.positions import tells_position, without_positions
from smart_image_scraper.export.texts import _PEOPLE, LEFT_OUT, tags_without_people, without_people
from smart_image_scraper.photo import Coordinates

POINT = Coordinates(latitude=5.8394, longitude=-118.1172)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ('by <a href="http://www.flickr.com/photos/bea/">Bea M</a>, 2016', "by […], 2016"),
        ("see https://www.flickr.com/photos/bea/14/ there", "see […] there"),
        ("flickr.com/people/bea", "[…]"),
        ("more at www.bea-photos.org!", "more at […]!"),
        ("write to bea.m@example.org", "write to […]"),
        ("account 12037949754@N01", "account […]"),
        ("by User:Bea_m, cropped by [[User talk:Jo|Jo]]", "by […] cropped by [[[…]|Jo]]"),
        ("thanks @bea_m for it", "thanks […] for it"),
        ("call +44 20 7946 0958 now", "call […] now"),
        ("call 0917 555 1234, please", "call […], please"),
        ("(0917) 555-1234 or 09175551234", "[…] or […]"),
        ("bea.m (at) example (dot) com", "[…]"),
        ("bea [at] mail.example[dot]org!", "[…]!"),
        ("bea at example dot com", "[…]"),
        ("write to bea (at) example.com", "write to […]"),
        ("A monkey\n© 2016 Bea Miller. All rights.\nIn the wild", "A monkey\n[…]\nIn the wild"),
        ("Photo by Bea Miller", "[…]"),
        ("COPYR\u0130GHT Bea Miller", "[…]"),
        ("&copyright Bea Miller", "&[…]"),
        ("A monkey\nBea Miller Photography", "A monkey\n[…]"),
        ("A monkey\nFacebook -  Bea Miller\nin the wild", "A monkey\n[…]\nin the wild"),
        ("a <b>little</b> monkey", "a […]little[…] monkey"),
    ],
)
def test_what_leads_to_a_person_is_left_out(text: str, left: str) -> None:
    assert without_people(text) == left


@pytest.mark.parametrize("form", _PEOPLE)
@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_whatever_has_one_of_the_forms_is_left_out(form: str, data: st.DataObject) -> None:
    texts = st.from_regex(re.compile(form, re.IGNORECASE | re.DOTALL), fullmatch=True)

    assert LEFT_OUT in without_people(data.draw(texts))


@pytest.mark.parametrize("unseen", ["\u200b", "\xad", "&shy;", "&#8203;"])
def test_what_is_found_beside_a_letter_that_is_not_seen_is_not_told_without_that_letter(
    unseen: str,
) -> None:
    assert without_people(f"Sunset\nAnn{unseen}photography") == "Sunset\n[…]"
    assert without_people(f"ann{unseen}@example.com") == "[…]"


@pytest.mark.parametrize(
    "text",
    [
        "Little monkey No. 5, e.g. at f/2.8 and 1/250 s.",
        "2016-12-19 08:31, ISO 100 (24-120 mm)",
        "野生のサル。とても速い!",
        "5 < 7 and 9 > 8",
        "Mr. Chips vs. 3 others",
        "Seen (at) the zoo at 5.8 N, at 08:31:05, in 2016 or 2017; 007, 0.123456789, 1 000 000",
        "05/12/2016, 05.12.2016, 05-12-2016, a mobile home, IMG_0123 and a telephoto 500",
        "Of all wildlife photography that I have seen, this blog has the best.",
    ],
)
def test_a_text_that_leads_to_nobody_stays_as_it_is(text: str) -> None:
    assert without_people(text, names=["Bea Miller"]) == text


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("taken for BEA  miller's book", "Bea Miller"),
        ("bea_miller", "Bea Miller"),
        ("写真は田中さんです", "田中"),
        ("Zoë's monkey", "Zoë"),
    ],
)
def test_a_known_name_is_left_out_however_it_is_written(text: str, name: str) -> None:
    first = name.split(maxsplit=1)[0]

    assert first.casefold() not in without_people(text, names=[name]).casefold()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("by O&#39;Brien", "O'Brien"),
        ("by O\u2019Brien", "O'Brien"),
        ("by Tom &amp; Jerry", "Tom & Jerry"),
        ("by &quot;Bea&quot; M", '"Bea" M'),
        ("by Jose\u0301 Nu\u0301n\u0303ez", "José Núñez"),
        ("by José Núñez", "Jose\u0301 Nu\u0301n\u0303ez"),
        ("by Jose Nunez", "José Núñez"),
        ("by JOSÉ NÚÑEZ", "Jose Nunez"),
        ("by Jos&eacute; N&#250;&#xF1;ez", "José Núñez"),
        ("by Jos%C3%A9%20N%c3%ba%c3%b1ez", "José Núñez"),
        ("by jose+nunez", "José Núñez"),
        ("by Nunez, Jose", "José Núñez"),
        ("by Jo\u00adse\u200b Nunez", "José Núñez"),
        ("by \uff22\uff45\uff41 Miller", "Bea Miller"),
        ("by SØREN STRASSE", "Søren Straße"),
        ("by 71234567%40N03", "71234567@N03"),
        ("by 71234567&#64;n03", "71234567@N03"),
    ],
)
def test_a_known_name_is_found_in_every_encoding(text: str, name: str) -> None:
    assert without_people(text, names=[name]) == "by […]"


@pytest.mark.parametrize(
    "tag", ["josénúñez", "josenunez", "JOSENUNEZ", "nunezjose", "jose%20nunez", "byjosenunez2016"]
)
def test_a_tag_is_a_name_in_every_encoding(tag: str) -> None:
    assert tags_without_people((tag, "monkey"), names=["Jose\u0301 Nu\u0301n\u0303ez"]) == (
        "monkey",
    )


def test_what_is_encoded_and_leads_to_a_person_is_left_out() -> None:
    text = "see https&#58;//a.org/bea%20miller, 71234567%40N03 or write to bea&#64;example.org"

    assert without_people(text) == "see […] […] or write to […]"


@pytest.mark.parametrize(
    "text", ["R&amp;D at 50%25", "&lt;3 &quot;monkey&quot;", "100%", "\u200bサル"]
)
def test_what_is_encoded_and_leads_to_nobody_stays_encoded(text: str) -> None:
    assert without_positions(without_people(text, names=["Bea Miller"]), POINT) == text


@pytest.mark.parametrize(
    "text",
    [
        "Serial number: 4711-0815",
        "BodySerialNumber=SN-4711",
        "Serial No. SN4711",
        "serial #4711",
        "S/N 4711",
    ],
)
def test_the_number_of_a_camera_is_left_out(text: str) -> None:
    assert without_people(f"Camera, {text}, lens") == "Camera, […], lens"


def test_a_machine_tag_that_names_a_person_is_left_out() -> None:
    tags = ("dc:creator=hansmeier", "Flickr:User=bea", "taxonomy:genus=macaca", "a:b")

    assert tags_without_people(tags) == ("taxonomy:genus=macaca", "a:b")


def test_a_short_name_stays_since_it_is_in_every_other_word() -> None:
    assert without_people("Jo is joyful", names=["Jo", ""]) == "Jo is joyful"


def test_a_name_within_a_longer_word_is_none() -> None:
    assert without_people("a beautiful beach", names=["Bea"]) == "a beautiful beach"


def test_tags_that_name_a_person_are_left_out_whole() -> None:
    tags = ("monkey", "beamiller", "photosbybeamiller", "bea", "beach", "www.bea.org", "1489@N01")

    assert tags_without_people(tags, names=["Bea Miller", "bea"]) == ("monkey", "beach")


@pytest.mark.parametrize(
    "text",
    [
        "5.8394",
        "at 5.84",
        "5.839",
        "118,117",
        "N 5.8394 W 118.1172",
        "5°50'21.8\"N 118°7'1.9\"W",
        "5° 50\u2032 N",
        "51.5007, -0.1246",
        "geo:lat=51.5",
        "latitude: 51.50",
        "9C3XGV4C+XV",
        "50N NK 12345 67890",
        "///filled.count.soap",
        "5 deg 50' 21.8\" N",
        "5 degrees 50 minutes 21 seconds N",
        "5d50m21.8s N",
        "N 5°50.364",
        "5 50 21.8 N, 118 7 1.9 W",
        "N 5 50 21 W 118:07:01",
        "5 50.364 N",
        "latitude 5 50 21",
        "5&deg;50&#39;21&quot;N",
        "5%C2%B050%2721%22N",
        "50N 622345 645432",
        "\uff15.\uff18\uff13\uff19\uff14",
    ],
)
def test_a_position_is_left_out_in_every_form(text: str) -> None:
    assert not any(letter.isdigit() for letter in without_positions(f"here {text}", POINT))
    assert "filled" not in without_positions(text, POINT)


@pytest.mark.parametrize(
    "text",
    [
        *("f/2.83 at 1.618 s", "200.5 mm, 12.5 EV", "v1.25 and 3.75", "in 2016, 12 of 30"),
        *("50mm f1.8", "at 12 30 on 5 May", "20 S, 3d animation of 12 min", "30° and 5 monkeys"),
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert without_positions(text, POINT) == text


@pytest.mark.parametrize("tag", ["58394", "lat58394", "5839", "1181172", "5.8394", "5&#46;8394"])
def test_a_tag_that_has_the_digits_of_the_place_tells_it(tag: str) -> None:
    assert tells_position(tag, POINT)


@pytest.mark.parametrize("tag", ["monkey", "2016", "583", "118", "100058394", "", "d750"])
def test_a_tag_of_other_digits_tells_no_place(tag: str) -> None:
    assert not tells_position(tag, POINT)


@given(digits=st.integers(2, 6), latitude=st.floats(-89, 89), longitude=st.floats(-179, 179))
def test_a_photos_own_numbers_are_left_out_however_they_are_rounded(
    digits: int, latitude: float, longitude: float
) -> None:
    point = Coordinates(latitude=latitude, longitude=longitude)
    number = f"{abs(latitude):.{digits}f}"

    assert number not in without_positions(f"It was at {number}.", point)


@given(text=st.text(max_size=60), number=st.sampled_from(["5.8394", "118.1172"]))
def test_a_name_and_a_position_are_left_out_of_any_text(text: str, number: str) -> None:
    written = f"{text} {number} Bea Miller {text}"

    told = without_people(without_positions(written, POINT), names=["Bea Miller"])

    assert "Bea Miller" not in told
    assert number not in told


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "part",
    [
        "a",
        "a-",
        "a.",
        "<a ",
        "<",
        "@",
        "1 ",
        "5.123 ",
        "12°",
        "/",
        " ",
        "09 ",
        "(at)",
        "a (at) ",
        " dot ",
        "a at b ",
    ],
)
def test_a_text_that_is_made_to_be_slow_is_not(part: str) -> None:
    text = (part * 65_535)[:65_535]

    without_people(without_positions(text, POINT), names=["Bea Miller"])
