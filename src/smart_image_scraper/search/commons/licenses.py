"""Search: the licences of Wikimedia Commons, and our words for them.

https://commons.wikimedia.org/wiki/Commons:Machine-readable_data. The page that a file's licence
links to is believed first, then the short word that MediaWiki makes of its template, then the name
that people read. What is not known by one of these is unknown, and so never free.
"""

import re
from collections.abc import Mapping

from smart_image_scraper.photo import License

_CC_PAGE = re.compile(
    r"(?:https?:)?//creativecommons\.org/"
    r"(?:licenses/([a-z-]+)/(\d\.\d)(?:/([a-z]{2}|igo|scotland))?|publicdomain/(zero|mark)/(1\.0))"
    r"(?:/(?:deed|legalcode)[\w.-]*)?/?"
)
_PAGES = {
    "www.flickr.com/commons/usage": "no-known-copyright-restrictions",
    "www.govdata.de/dl-de/by-2-0": "dl-de-by-2.0",
    "www.govdata.de/dl-de/zero-2-0": "dl-de-zero-2.0",
    # "Version 1.2 or any later one" (https://commons.wikimedia.org/wiki/Template:GFDL).
    "www.gnu.org/copyleft/fdl.html": "gfdl-1.2",
    "www.gnu.org/licenses/old-licenses/fdl-1.2.html": "gfdl-1.2",
    "www.gnu.org/licenses/fdl-1.3.html": "gfdl-1.3",
    "artlibre.org/licence/lal/en": "lal-1.3",
    "www.nationalarchives.gov.uk/doc/open-government-licence/version/1": "ogl-uk-1.0",
    "www.nationalarchives.gov.uk/doc/open-government-licence/version/2": "ogl-uk-2.0",
    "www.nationalarchives.gov.uk/doc/open-government-licence/version/3": "ogl-uk-3.0",
}
_WORDS = {
    "cc0": "cc0-1.0",
    "pd": "public-domain",
    "public domain": "public-domain",
    "no restrictions": "no-known-copyright-restrictions",
    "attribution": "with-attribution",
    "copyrighted free use": "copyrighted-free-use",
    "fal": "lal-1.3",
    "gfdl": "gfdl-1.2",
    "gfdl 1.2": "gfdl-1.2",
    "gfdl 1.3": "gfdl-1.3",
    "ogl 1.0": "ogl-uk-1.0",
    "ogl 2": "ogl-uk-2.0",
    "ogl 3": "ogl-uk-3.0",
}
_NO = frozenset({"", "0", "false"})
_CC_NAME = re.compile(r"cc[ -](by(?:-nc)?(?:-sa|-nd)?)[ -](\d\.\d)(?:[ -]([a-z]{2,8}))?")


def license_of(texts: Mapping[str, str]) -> License:
    """Return a file's licence.

    Args:
        texts: ``LicenseUrl``, ``License``, ``LicenseShortName`` and ``UsageTerms``, as plain text,
            as far as they are told, and ``NonFree`` and ``DeletionReason``, which say that what the
            others tell may not hold.
    """
    if texts.get("DeletionReason") or texts.get("NonFree", "").lower() not in _NO:
        return License.UNKNOWN
    page = texts.get("LicenseUrl", "").strip()
    word = _of_page(page)
    if word is None and page and not page.startswith(("http", "//")):
        word = _of_name(page)
    names = (texts.get(name, "") for name in ("License", "LicenseShortName", "UsageTerms"))
    words = (word, *(_of_name(name) for name in names))
    return License(next(filter(None, words), License.UNKNOWN.word))


def _of_page(page: str) -> str | None:
    page = re.split("[?#]", page.lower())[0]
    if (found := _CC_PAGE.fullmatch(page)) is None:
        return _PAGES.get(re.sub(r"^(?:https?:)?//|/$", "", page).rstrip("/"))
    terms, version, ported, dedication, _ = found.groups()
    if dedication is not None:
        return {"zero": "cc0-1.0", "mark": "pdm-1.0"}[dedication]
    return _checked(terms, version, ported=ported)


def _of_name(name: str) -> str | None:
    name = name.strip().lower()
    if found := _CC_NAME.fullmatch(name):
        return _checked(found[1], found[2], ported=found[3])
    return _WORDS.get(name)


def _checked(terms: str, version: str, *, ported: str | None) -> str | None:
    word = "-".join(part for part in ("cc", terms, version, ported) if part)
    try:
        return License(word).word
    except ValueError:  # such as cc-sa-1.0, which is long retired
        return None
