import html
import subprocess
import sys
from collections import Counter

import pytest

from smart_image_scraper.demo import MEMBERS, Catalogue, MadePhoto
from smart_image_scraper.demo.making import made_photos, normalised
from smart_image_scraper.demo.words import CONCEPTS, SYNONYMS, WORDS


@pytest.fixture(scope="module")
def photos() -> tuple[MadePhoto, ...]:
    return tuple(made_photos(4_000, seed=3))


def test_another_process_makes_the_same_photos() -> None:
    program = (
        "from smart_image_scraper.demo.making import made_photos\n"
        "import sys; sys.stdout.reconfigure(encoding='utf-8')\n"
        "print(list(made_photos(20, seed=7)))"
    )

    other = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, encoding="utf-8"
    )

    assert other.stdout.strip() == str(list(made_photos(20, seed=7)))


def test_fewer_photos_are_the_first_of_more() -> None:
    assert list(made_photos(10, seed=1)) == list(made_photos(50, seed=1))[:10]


def test_another_seed_makes_other_photos() -> None:
    first = {photo.id for photo in made_photos(50, seed=1)}

    assert not first & {photo.id for photo in made_photos(50, seed=2)}


def test_no_two_photos_share_an_id(photos: tuple[MadePhoto, ...]) -> None:
    assert len({photo.id for photo in photos}) == len(photos)


def test_members_occur_in_no_text_of_a_photo(photos: tuple[MadePhoto, ...]) -> None:
    texts = "\n".join(f"{p.title}\n{p.description}\n{' '.join(p.tags)}" for p in photos)
    texts += str(WORDS) + str(SYNONYMS)

    for member in MEMBERS:
        for name in (member.nsid, member.name, member.alias, member.real_name):
            assert not name or name.casefold() not in texts.casefold()


def test_members_differ_in_what_they_tell() -> None:
    assert len({member.nsid for member in MEMBERS}) == len({m.name for m in MEMBERS}) == 40
    assert {bool(member.alias) for member in MEMBERS} == {True, False}
    assert {bool(member.real_name) for member in MEMBERS} == {True, False}
    assert {member.opted_out for member in MEMBERS} == {True, False}
    assert not all(member.name.isascii() for member in MEMBERS)


def test_every_concept_has_a_word_in_every_language() -> None:
    assert {len(words.split()) for words in WORDS.values()} == {13}


def test_words_agree_with_the_drawing_but_for_some_noise(photos: tuple[MadePhoto, ...]) -> None:
    wrong = 0
    for photo in photos:
        concept = CONCEPTS[photo.scene][0]
        words = {normalised(word) for word in WORDS[concept].split()}
        text = f"{photo.title} {photo.description}".casefold()
        wrong += not (words & set(photo.tags) or any(word in text for word in words))

    assert 0.03 < wrong / len(photos) < 0.12


def test_titles_hold_what_real_ones_hold(photos: tuple[MadePhoto, ...]) -> None:
    titles = "\n".join(photo.title for photo in photos)

    for piece in ("&", "<", '"', "'", "🐒", "サル", "قرد", "קוף", "IMG_"):
        assert piece in titles
    assert any(photo.title == "" for photo in photos)
    assert any(photo.description == "" for photo in photos)


def test_titles_are_plain_text_and_descriptions_html_as_recorded_ones_are(
    photos: tuple[MadePhoto, ...],
) -> None:
    assert not [photo.title for photo in photos if html.unescape(photo.title) != photo.title]
    assert any(html.unescape(photo.description) != photo.description for photo in photos)


def test_tags_hold_machine_tags(photos: tuple[MadePhoto, ...]) -> None:
    tags = {tag.partition("=")[0] for photo in photos for tag in photo.machine_tags}

    assert tags == {"taxonomy:binomial", "geo:lat", "geo:lon"}
    assert not any(" " in tag or "." in tag for photo in photos for tag in photo.tags)


def test_dates_are_as_inexact_as_real_ones(photos: tuple[MadePhoto, ...]) -> None:
    assert {photo.granularity for photo in photos} == {0, 4, 6, 8}
    assert any(photo.taken == "0000-00-00 00:00:00" for photo in photos)
    assert 0.015 < sum(photo.taken_unknown for photo in photos) / len(photos) < 0.05
    assert all(len(photo.taken) == 19 for photo in photos)


def test_uploads_are_uneven(photos: tuple[MadePhoto, ...]) -> None:
    seconds = Counter(photo.uploaded for photo in photos)

    assert seconds.most_common(1)[0][1] > 10


def test_some_geotags_are_worthless(photos: tuple[MadePhoto, ...]) -> None:
    without = [photo for photo in photos if not photo.is_geotagged]
    at_zero = [photo for photo in photos if photo.accuracy == 16 and photo.latitude == 0]
    inexact = [photo for photo in photos if photo.accuracy == 0 and photo.latitude]

    assert 0.4 < len(without) / len(photos) < 0.5
    assert all(photo.longitude == photo.accuracy == photo.context == 0 for photo in without)
    assert 0 < len(at_zero) < 0.03 * len(photos)
    assert 0 < len(inexact) < 0.03 * len(photos)


def test_places_lie_on_both_sides_of_the_180th_meridian(photos: tuple[MadePhoto, ...]) -> None:
    longitudes = [photo.longitude for photo in photos]

    assert max(longitudes) > 179
    assert min(longitudes) < -179
    assert any(
        abs(photo.latitude - 5.8394) < 0.2 and abs(photo.longitude - 118.1172) < 0.2
        for photo in photos
    )


def test_licences_are_of_every_kind_and_half_free(photos: tuple[MadePhoto, ...]) -> None:
    reserved = sum(photo.license == 0 for photo in photos)

    assert {photo.license for photo in photos} == set(range(17))
    assert 0.4 < reserved / len(photos) < 0.6


def test_some_originals_are_not_offered_and_some_are_no_jpegs() -> None:
    photos = Catalogue.made(2_000).photos

    assert {photo.original_offered for photo in photos} == {True, False}
    assert {photo.original_format for photo in photos} == {"jpg", "png"}
    assert {photo.media for photo in photos} == {"photo", "video"}
    assert {photo.safety for photo in photos} == {0, 1, 2}
    assert {photo.content_type for photo in photos} == {0, 1, 2, 3}


def test_a_tag_is_shown_without_spaces_and_points() -> None:
    assert normalised("Puerto Princesa") == "puertoprincesa"
    assert normalised("geo:lat=45.788389") == "geo:lat=45788389"
