import pytest

from smart_image_scraper.search.commons.text import links_in, plain_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Ada", "Ada"),
        ("Tom &amp; Jo&euml;lle &lt;3", "Tom & Joëlle <3"),
        ('<a href="//x.org/wiki/User:Ada" title="User:Ada">Ada</a> from afar', "Ada from afar"),
        ('<div class="fn value">\nJo Bloggs</div>', "Jo Bloggs"),
        ("<bdi><b>Ada <i>Lovelace</i></b>\n</bdi>", "Ada Lovelace"),
        ("one<br>two<br />three<p>four</p>", "one\ntwo\nthree\nfour"),
        ("<ul><li>one</li><li>two</li></ul>", "one\ntwo"),
        ("a\nline that  was\tbroken", "a line that was broken"),
        ('1891<div style="display: none;">date QS:P,+1891-00-00T00:00:00Z/9</div>', "1891"),
        ('<span style="color:red;display:none">no<b>thing</b></span>some', "some"),
        ("<style>p {color: red}</style><script>alert(1)</script>seen", "seen"),
        ('<span class="language en" title="English"><b>English:</b></span> A cow', "A cow"),
        ('<div class="boilerplate metadata">It is <b>lacking</b><br>much</div>', None),
        ("unclosed <b>bold <i>text", "unclosed bold text"),
        ('</div></b>closed <img alt="no"> too often</p>', "closed too often"),
        ("&#1;&unknown; 5 < 6", "&unknown; 5 < 6"),
        ({"_type": "lang", "de": "Kuh", "en": "Cow"}, "Cow"),
        ({"_type": "lang", "de": "Kuh"}, "Kuh"),
        ({"_type": "lang"}, None),
        (1839, "1839"),
        ("<br>", None),
        ("", None),
        (None, None),
    ],
)
def test_html_becomes_what_a_reader_sees_of_it(value: object, text: str | None) -> None:
    assert plain_text(value) == text


def test_links_are_found_in_their_order_but_for_those_that_are_not_shown() -> None:
    value = (
        '<a href="/wiki/A">a</a><a name="no link">b</a>'
        '<i style="display:none"><a href="/wiki/C">c</a></i><a href="//d.org">d</a>'
    )

    assert [link for link in links_in(value) if link] == ["/wiki/A", "//d.org"]
