"""What Flickr tells of one photo, where its values are odd; whole ones are in the recordings."""

from datetime import UTC, datetime
from xml.etree.ElementTree import Element, fromstring

import pytest

from smart_image_scraper.errors import TransientError
from smart_image_scraper.photo import Comment, License, Note, StatedName, StatedPlace
from smart_image_scraper.search.flickr.comments import read_comments
from smart_image_scraper.search.flickr.exif_tags import ShownTag, read_exif
from smart_image_scraper.search.flickr.info import read_info
from smart_image_scraper.search.flickr.licenses import (
    LicenseChange,
    license_named,
    read_license_history,
)


def reply(content: str) -> Element:
    return fromstring(f'<rsp stat="ok">{content}</rsp>')


WHOLE = """<photo id="7" license="4" dateuploaded="1687469849" views="120" media="photo">
<owner nsid="1@N06" username="Ada" realname="" path_alias="" /><title /><description>A &lt;b&gt;
</description><visibility ispublic="1" /><usage candownload="0" canprint="1" />
<dates posted="1687469850" taken="2021-05-16 12:16:36" takengranularity="0" takenunknown="0" />
<comments>3</comments><notes><note id="9" author="2@N00" authorname="Bo" authorisdeleted="1"
x="-4" y="14" w="29" h="" >Here</note></notes>
<tags><tag raw="Wild Monkey" machine_tag="0">wildmonkey</tag><tag raw="a:b=c" machine_tag="1">a:b=c
</tag><tag raw="" machine_tag="0" /></tags>
<location latitude="9.1" longitude="40.0" accuracy="16" context="0" woeid="12"><locality
woeid="13" place_id="x">Galoch</locality><neighbourhood woeid="0" /><country woeid="0">Ethiopia
</country></location></photo>""".replace("\n</", "</")


def test_a_photo_is_read_as_from_a_search_and_with_what_a_search_does_not_tell() -> None:
    info = read_info(reply(WHOLE))

    photo = info.photo
    assert (photo.id, photo.title, photo.license) == ("flickr:7", "", License("cc-by-2.0"))
    assert photo.owner is not None
    assert (photo.owner.id, photo.owner.real_name) == ("1@N06", None)
    assert (photo.tags, photo.machine_tags) == (("wildmonkey", "a:b=c"), ("a:b=c",))
    assert photo.raw_tags == ("Wild Monkey", "a:b=c")
    assert photo.stated_place == StatedPlace(
        locality=StatedName(name="Galoch", woe_id="13", place_id="x"),
        country=StatedName(name="Ethiopia"),
    )
    assert photo.uploaded_at == datetime(2023, 6, 22, 21, 37, 30, tzinfo=UTC)
    assert (photo.comment_count, photo.woe_id, photo.searches) == (3, "12", ())
    assert (info.is_public, info.may_download) == (True, False)


def test_a_note_keeps_what_can_be_read_of_it() -> None:
    (note,) = read_info(reply(WHOLE)).photo.notes or ()

    assert note == Note(
        id="9",
        author_id="2@N00",
        author_name="Bo",
        author_is_deleted=True,
        top=14,
        width=29,
        text="Here",
    )


def test_a_photo_of_which_only_the_id_is_told_has_nothing_else() -> None:
    info = read_info(reply('<photo id="7" />'))

    assert info.photo.stated_place == StatedPlace()
    assert (info.photo.title, info.photo.owner, info.photo.notes) == (None, None, None)
    assert (info.photo.raw_tags, info.is_public, info.may_download) == ((), None, None)


@pytest.mark.parametrize("content", ["", "<photo />", '<photo id="a b" />'])
def test_an_answer_without_a_photo_is_worth_another_try(content: str) -> None:
    with pytest.raises(TransientError, match="has no <photo>"):
        read_info(reply(content))


def test_a_comment_keeps_what_can_be_read_of_it() -> None:
    sent = (
        '<comments photo_id="7"><comment datecreate="soon" author="1@N00" realname="" /></comments>'
    )

    assert read_comments(reply(sent)) == (Comment(author_id="1@N00", text=""),)


def test_a_list_without_comments_is_an_empty_one_and_none_at_all_worth_another_try() -> None:
    assert read_comments(reply('<comments photo_id="7" />')) == ()
    with pytest.raises(TransientError, match="has no <comments>"):
        read_comments(reply(""))


def test_a_tag_without_a_name_is_left_out() -> None:
    sent = (
        '<photo id="7" camera=""><exif tagspace="IFD0" tag="Make"><raw>Canon</raw></exif>'
        '<exif tagspace="IFD0" label="Odd"><raw>1</raw></exif></photo>'
    )

    shown = read_exif(reply(sent))

    expected = ShownTag(group="IFD0", name="Make", label=None, raw="Canon", clean=None)
    assert (shown.camera, shown.tags) == (None, (expected,))


def test_a_licence_is_known_by_its_page_and_otherwise_by_its_name() -> None:
    page = "https://creativecommons.org/licenses/by-nc-sa/4.0/"

    assert license_named("Something new", page=page) == License("cc-by-nc-sa-4.0")
    assert license_named("All Rights Reserved", page="") == License.ALL_RIGHTS_RESERVED
    assert license_named("Something new", page="https://example.org/") == License.UNKNOWN
    assert license_named("", page="") is None


def test_a_change_without_a_date_is_kept() -> None:
    sent = '<license_history old_license="All Rights Reserved" new_license="Odd" />'

    assert read_license_history(reply(sent)) == (
        LicenseChange(at=None, old=License.ALL_RIGHTS_RESERVED, new=License.UNKNOWN),
    )
