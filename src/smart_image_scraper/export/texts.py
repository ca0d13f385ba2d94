"""Export: what people wrote of a photo, without what leads to them or to the very spot.

Titles and descriptions are free text: nobody can know all that is in one. What has a form is found
by it: links, addresses, account ids, handles, telephone numbers, notices of copyright, positions.
Names have none, and are found if they are known.
"""

import html
import re
from collections.abc import Iterable
from functools import lru_cache
from types import MappingProxyType
from unicodedata import normalize

from smart_image_scraper.photo import Coordinates

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
_SITES = "instagram|insta|facebook|twitter|youtube|tiktok|500px|blog|website"
_AT, _DOT = (rf"\s{{0,3}}[(\[{{]\s?{word}\s?[)\]}}]\s{{0,3}}" for word in ("at", "dot"))
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
)
_SPELLED_FORM = re.compile("|".join(_SPELLED), re.IGNORECASE)
_MAY_BE_SPELLED = re.compile(r"0\d{1,4}\)?[ ./-]{0,2}\d{3}|[(\[{]\s?at\b|dot\s", re.IGNORECASE)
"""What one of the forms has; few texts have it, and it is found faster than they are."""
# Each of the forms has one of these signs or words; most titles have none, and it is found sooner.
_SIGN_OF_PEOPLE = re.compile(r"[<:@.+©(/-]")
# Not longer: to a form, \u0130 is an i as well, and to casefold() it is not.
_WORDS_OF_PEOPLE = ("copyr", "photo")

_APOSTROPHE = "(?:['\u2019]|&#0?39;|&(?:apos|rsquo);)"
_WRITTEN_AS = MappingProxyType(
    {
        "'": _APOSTROPHE,
        "\u2019": _APOSTROPHE,
        "&": "&(?:amp;|#0?38;)?",
        '"': '(?:"|&quot;|&#0?34;)',
        "<": "(?:<|&lt;)",
        ">": "(?:>|&gt;)",
    }
)
# namespace:predicate=value (https://www.flickr.com/groups/api/discuss/72157594497877875).
_MACHINE_TAG = re.compile(r"[a-z]\w*:[a-z]\w*=", re.IGNORECASE)
_OF_A_PERSON = re.compile(
    r"[a-z]\w*:(?:account|artist|author|by|contact|copyright|creator|credit|name|owner|people|"
    r"person|photographer|profile|user|username)=",
    re.IGNORECASE,
)

_PART = r"\d{1,2}(?:[.,]\d+)?"
_MINUTE = "'\u2032\u2019\u00b4"
_SECOND = '"\u2033\u201d'
_SIDE = r"(?:\s*[NSEWO]\b)?"
_NUMBER = r"[-+]?\d{1,3}[.,]\d{3,}"
_POSITIONS = (
    # 5°50'21.8"N, 5° 50' N
    rf"\d{{1,3}}\s*[°º˚]\s*{_PART}\s*[{_MINUTE}](?:\s*{_PART}\s*[{_MINUTE}{_SECOND}]+)?{_SIDE}",
    r"(?:\b[NSEW]\s*)?\d{1,3}[.,]\d{2,}\s*[°º˚]?\s*[NSEW]\b",
    r"\b[NSEW]\s*\d{1,3}(?:[.,]\d{2,}|\s+\d{1,2}[.,]\d+)\b",
    r"\d{1,3}[.,]\d{2,}\s*[°º˚]",
    rf"{_NUMBER}\s*[,;/|x ]\s*{_NUMBER}",
    r"(?i:\b(?:lat|lon|lng)\w*)\s*[:=]?\s*[-+]?\d{1,3}[.,]\d+",
    # Open Location Code, MGRS, what3words.
    r"\b[23456789CFGHJMPQRVWX]{4,8}\+[23456789CFGHJMPQRVWX]{2,3}\b",
    r"\b\d{1,2}[C-HJ-NP-X]\s?[A-HJ-NP-Z]{2}\s?\d{2,5}\s?\d{2,5}\b",
    r"///\w+\.\w+\.\w+",
)
_POSITION_FORM = re.compile("|".join(_POSITIONS))
_MAY_BE_POSITION = re.compile(r"\d|\+|///")
"""What each of the forms has; most texts have none of it, and it is found ten times as fast."""
_DECIMAL = re.compile(r"\d{1,3}[.,]\d{2,}")


def without_people(text: str, *, names: Iterable[str] = ()) -> str:
    """Return a text without what leads to a person.

    Args:
        text: Written by anyone.
        names: Names that must not be in it: the owner's, where they are known.
    """
    if _MAY_BE_SPELLED.search(text):
        text = _SPELLED_FORM.sub(LEFT_OUT, text)
    if _may_have_people_form(text):
        text = _PEOPLE_FORM.sub(LEFT_OUT, text)
    folded = _folded(text)
    # Making a form takes longer than all else that is done for a photo, and few texts hold a name.
    found = _name_form(name for name in names if _may_hold(folded, name))
    return text if found is None else found.sub(LEFT_OUT, text)


def tags_without_people(tags: Iterable[str], *, names: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the tags that do not lead to a person: an address or a name is left out whole."""
    tags = tuple(tag for tag in tags if not _has_people_form(tag))
    if not tags:
        return tags
    bare = [name for name in map(_bare, names) if _is_long_enough(name)]
    all_tags = " ".join(map(_bare, tags))
    if not any(name in all_tags for name in bare):
        return tags
    return tuple(tag for tag in tags if not any(_is_of(name, _bare(tag)) for name in bare))


def is_machine_tag(tag: str) -> bool:
    """Tell whether a tag is for machines: ``taxonomy:binomial=macacanigra``."""
    return _MACHINE_TAG.match(tag) is not None


def without_positions(text: str, point: Coordinates | None) -> str:
    """Return a text without positions on the Earth.

    Args:
        text: Written by anyone.
        point: Where the photo was taken: numbers that are its latitude or longitude, however
            rounded, go even where they stand alone.
    """
    if not _MAY_BE_POSITION.search(text):
        return text
    text = _POSITION_FORM.sub(LEFT_OUT, text)
    if point is None:
        return text
    own = (abs(point.latitude), abs(point.longitude))
    return _DECIMAL.sub(lambda found: LEFT_OUT if _tells(found[0], own) else found[0], text)


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


def _may_hold(folded: str, name: str) -> bool:
    """Tell whether a text may hold a name: whether its first word is there, in any case."""
    first = _folded_first_word(name)
    return first is not None and first in folded


@lru_cache(maxsize=16_384)
def _folded_first_word(name: str) -> str | None:
    words = name.split(maxsplit=1)
    return _folded(words[0]) if words else None


def _folded(text: str) -> str:
    # Flickr writes what it takes for markup as entities.
    text = normalize("NFC", html.unescape(text)).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    # To regular expressions that ignore case, the Turkish letter is an i as well.
    return text.casefold().replace("\N{LATIN SMALL LETTER DOTLESS I}", "i")


def _tells(number: str, own: Iterable[float]) -> bool:
    text = number.replace(",", ".")
    decimals = len(text.partition(".")[2])
    return any(abs(float(text) - value) <= 10.0**-decimals for value in own)


def _name_form(names: Iterable[str]) -> re.Pattern[str] | None:
    known = sorted({normalize("NFC", name.strip()) for name in names}, key=len, reverse=True)
    forms = [_form_of(name) for name in known if _is_long_enough(name)]
    return re.compile("|".join(forms), re.IGNORECASE) if forms else None


def _is_long_enough(name: str) -> bool:
    return len(name) >= (_SHORTEST_NAME if name.isascii() else _SHORTEST_NAME_WITHOUT_SPACES)


def _form_of(name: str) -> str:
    words = r"[\s_.-]*".join("".join(map(_letter, word)) for word in name.split())
    # Many scripts have no spaces between words.
    return rf"(?<!\w){words}(?!\w)" if name.isascii() else words


def _letter(letter: str) -> str:
    """Return the form of a letter, however it is written: as an entity, or in two characters."""
    if letter in _WRITTEN_AS:
        return _WRITTEN_AS[letter]
    apart = normalize("NFD", letter)
    return re.escape(letter) if apart == letter else f"(?:{re.escape(letter)}|{re.escape(apart)})"


def _is_of(name: str, tag: str) -> bool:
    return name == tag or (len(name) >= _SHORTEST_IN_TAG and name in tag)


@lru_cache(maxsize=16_384)
def _bare(text: str) -> str:
    return "".join(re.findall(r"[^\W_]+", normalize("NFC", text).casefold()))
