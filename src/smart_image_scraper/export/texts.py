"""Export: what people wrote of a photo, without what leads to them.

Titles and descriptions are free text: nobody can know all that is in one. What has a form is found
by it: links, addresses, account ids, handles, telephone numbers, notices of copyright, numbers of
cameras. Names have none, and are found if they are known.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from smart_image_scraper.export.letters import folded, spans_of, without_form

LEFT_OUT = "[…]"
"""What stands where something was left out."""

_SHORTEST_NAME = 3
_SHORTEST_NAME_WITHOUT_SPACES = 2
"""Shorter names are in too many other words; in scripts such as the Chinese, names are short."""
_SHORTEST_IN_TAG = 5
"""A tag that holds a shorter name may just be a longer word."""

_TOP_DOMAINS = (
    "com|net|org|info|biz|edu|gov|eu|io|me|tv|co|uk|de|fr|it|es|pt|nl|be|ch|at|dk|se|no|fi|pl|cz|"
    "ee|gr|hu|ie|lt|lv|ro|sk|tr|ua|ru|jp|cn|tw|kr|in|id|my|th|ph|sg|vn|au|nz|za|br|mx|ar|cl|ca|us|"
    "gl|ly|to|fm"
)
_SITES = "instagram|insta|ig|facebook|twitter|youtube|tiktok|500px|blog|website"
_AT, _DOT = (rf"\s{{0,3}}[(\[{{]\s?{word}\s?[)\]}}]\s{{0,3}}" for word in ("at", "dot"))
_OF_CAMERA = r"\s*(?=[a-z/-]{0,20}\d)[\w/-]{3,40}"
# All repetitions are bounded: a text of 65,535 signs that is made to be slow must not be.
_PEOPLE = (
    # Flickr lets descriptions hold links; their text is a name, mostly.
    r"<a\b[^>]{0,2000}>.*?(?:</a\s*>|$)",
    r"</?[a-z][^>]{0,2000}>",
    r"\b(?:https?|ftp|mailto)\s*:\s*/*\S+",
    r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}",
    # An account's id at Flickr, such as 12037949754@N01.
    r"\b\d{4,}@N\d\d\b",
    # One at Wikimedia Commons.
    r"\buser(?:[ _]talk)?:[^\s|\])]{1,255}",
    rf"(?<![\w-])(?:[\w-]{{1,63}}\.){{1,6}}(?:{_TOP_DOMAINS})\b(?:[/?#]\S*)?",
    r"(?<!\w)@\w[\w.]+",
    r"(?<![\w.])\+\d[\d ()./-]{6,}\d",
    r"(?:©|\(c\)|\bcopyright\b|\bphoto(?:graph(?:ed|y)?)?\s*(?:by|credits?)\b|\bcredits?:)[^\n]*",
    # How people sign: "Asaru Kariyil Photography", "Instagram - asaru_k".
    r"(?m:^[^\n]{1,40}\bphotography\b\W{0,3}$)",
    rf"\b(?:{_SITES})\s*[:@/-]+\s*[^\n]+",
)
_PEOPLE_FORM = re.compile("|".join(_PEOPLE), re.IGNORECASE | re.DOTALL)
_SPELLED = (
    # Telephone numbers within a country: 0917 555 1234, (0917) 555-1234, 09175551234.
    r"(?<![\w.,:/-])\(?0\d{1,4}\)?[ ./-]{0,2}\d{3,4}[ ./-]?\d{3,4}(?!\w)",
    # ann (at) example (dot) com
    rf"(?<![\w.+-])[\w.+-]{{1,64}}{_AT}[\w-]{{1,63}}(?:(?:{_DOT}|\.)[\w-]{{1,63}}){{1,6}}",
    r"(?<![\w.+-])[\w.+-]{1,64}\s{1,3}at\s{1,3}[\w-]{1,63}\s{1,3}dot\s{1,3}[a-z]{2,6}\b",
    # A camera's number leads to all photos that were taken with it.
    rf"\b\w{{0,16}}serial\s?(?:(?:number|num|no|nr)\b\.?\s*[:#=]?|[:#=]){_OF_CAMERA}",
    rf"\bs/n\b\.?\s*[:#=]?{_OF_CAMERA}",
)
_SPELLED_FORM = re.compile("|".join(_SPELLED), re.IGNORECASE)
_MAY_BE_SPELLED = re.compile(
    r"0\d{1,4}\)?[ ./-]{0,2}\d{3}|[(\[{]\s?at\b|dot\s|serial|s/n", re.IGNORECASE
)
"""What one of the forms has; few texts have it, and it is found faster than they are."""
# Each of the forms has one of these signs or words; most titles have none, and it is found sooner.
_SIGN_OF_PEOPLE = re.compile(r"[<:@.+©(/-]")
# Not longer: to a form, \u0130 is an i as well, and to casefold() it is not.
_WORDS_OF_PEOPLE = ("copyr", "photo")

# namespace:predicate=value (https://www.flickr.com/groups/api/discuss/72157594497877875).
_MACHINE_TAG = re.compile(r"[a-z]\w*:[a-z]\w*=", re.IGNORECASE)
_OF_A_PERSON = re.compile(
    r"[a-z]\w*:(?:account|artist|author|by|contact|copyright|creator|credit|name|owner|people|"
    r"person|photographer|profile|user|username)=",
    re.IGNORECASE,
)


def without_people(text: str, *, names: Iterable[str] = ()) -> str:
    """Return a text without what leads to a person.

    Args:
        text: Written by anyone.
        names: Names that must not be in it: the owner's, where they are known.
    """
    return _without_names(without_form(text, _without_people_form), names)


def tags_without_people(tags: Iterable[str], *, names: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the tags that do not lead to a person: an address or a name is left out whole."""
    tags = tuple(tag for tag in tags if not _has_people_form(tag))
    if not tags:
        return tags
    bare = [bare for name in names for bare in _bare_forms(name)]
    all_tags = " ".join(map(_bare, tags))
    if not any(name in all_tags for name in bare):
        return tags
    return tuple(tag for tag in tags if not any(_is_of(name, _bare(tag)) for name in bare))


def is_machine_tag(tag: str) -> bool:
    """Tell whether a tag is for machines: ``taxonomy:binomial=macacanigra``."""
    return _MACHINE_TAG.match(tag) is not None


# Photos of one thing have the same tags, and those of one owner the same names.
@lru_cache(maxsize=16_384)
def _has_people_form(tag: str) -> bool:
    found = _PEOPLE_FORM.search(tag) or _OF_A_PERSON.match(tag) or _SPELLED_FORM.search(tag)
    return found is not None


def _may_have_people_form(text: str) -> bool:
    if _SIGN_OF_PEOPLE.search(text):
        return True
    plain = text.casefold()
    return any(word in plain for word in _WORDS_OF_PEOPLE)


def _without_people_form(text: str) -> str:
    if _MAY_BE_SPELLED.search(text):
        text = _SPELLED_FORM.sub(LEFT_OUT, text)
    return _PEOPLE_FORM.sub(LEFT_OUT, text) if _may_have_people_form(text) else text


def _without_names(text: str, names: Iterable[str]) -> str:
    # Looking for where names stand takes longer than all else that is done for a photo, and few
    # texts hold one.
    plain = folded(text)
    form = _name_form(name for name in names if _may_hold(plain, name))
    if form is None:
        return text
    parts, at = list[str](), 0
    for start, end in spans_of(form, text):
        parts += (text[at:start], LEFT_OUT)
        at = end
    return "".join((*parts, text[at:]))


def _may_hold(plain: str, name: str) -> bool:
    """Tell whether a text may hold a name: whether its first word is there, in any case."""
    first = _folded_first_word(name)
    return first is not None and first in plain


@lru_cache(maxsize=16_384)
def _folded_first_word(name: str) -> str | None:
    words = folded(name).split(maxsplit=1)
    return words[0] if words else None


def _name_form(names: Iterable[str]) -> re.Pattern[str] | None:
    known = {name for each in names if _is_long_enough(each) for name in _turned(folded(each))}
    forms = [_form_of(name) for name in sorted(known, key=len, reverse=True)]
    return re.compile("|".join(forms)) if forms else None


def _is_long_enough(name: str) -> bool:
    return len(name) >= (_SHORTEST_NAME if name.isascii() else _SHORTEST_NAME_WITHOUT_SPACES)


def _turned(name: str) -> Iterator[str]:
    """Yield a name and, of one of two words, the other way round: Miller, Bea."""
    yield name
    match name.split():
        case [first, last]:
            yield f"{last} {first}"


def _form_of(name: str) -> str:
    words = r"[\s_.,+-]*".join(map(re.escape, name.split()))
    if not name.isascii():  # many scripts have no spaces between words
        return words
    if len(name) < _SHORTEST_IN_TAG:
        return rf"(?<!\w){words}(?!\w)"
    return rf"(?<![^\W\d_]){words}(?![^\W\d_])"


@lru_cache(maxsize=16_384)
def _bare_forms(name: str) -> tuple[str, ...]:
    return tuple(filter(_is_long_enough, map(_bare, _turned(name))))


def _is_of(name: str, tag: str) -> bool:
    return name == tag or (len(name) >= _SHORTEST_IN_TAG and name in tag)


@lru_cache(maxsize=16_384)
def _bare(text: str) -> str:
    return "".join(re.findall(r"[^\W_]+", folded(text)))
