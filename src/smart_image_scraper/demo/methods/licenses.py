"""Demo: ``flickr.photos.licenses.getInfo`` and ``getLicenseHistory``.

The list is the one recorded on 2025-06-19. The shape of a history is known from two replies of
2025-05-01, of a photo whose licence had changed twice and of one with its first; both are XML, and
its JSON follows the rule of the other methods'.
"""

from dataclasses import dataclass

from smart_image_scraper.demo.markup import Element, Value
from smart_image_scraper.demo.methods.call import Call
from smart_image_scraper.demo.replies import element_reply, list_reply


@dataclass(frozen=True, slots=True)
class _License:
    name: str
    url: str


_CREATIVE_COMMONS = "https://creativecommons.org/licenses"
_PUBLIC_DOMAIN = "https://creativecommons.org/publicdomain"
_RESERVED_URL = (
    "https://www.flickrhelp.com/hc/en-us/articles/"
    "10710266545556-Using-Flickr-images-shared-by-other-members"
)
_LICENSES = {
    0: _License("All Rights Reserved", _RESERVED_URL),
    4: _License("CC BY 2.0", f"{_CREATIVE_COMMONS}/by/2.0/"),
    6: _License("CC BY-ND 2.0", f"{_CREATIVE_COMMONS}/by-nd/2.0/"),
    3: _License("CC BY-NC-ND 2.0", f"{_CREATIVE_COMMONS}/by-nc-nd/2.0/"),
    2: _License("CC BY-NC 2.0", f"{_CREATIVE_COMMONS}/by-nc/2.0/"),
    1: _License("CC BY-NC-SA 2.0", f"{_CREATIVE_COMMONS}/by-nc-sa/2.0/"),
    5: _License("CC BY-SA 2.0", f"{_CREATIVE_COMMONS}/by-sa/2.0/"),
    7: _License("No known copyright restrictions", "https://www.flickr.com/commons/usage/"),
    8: _License("United States Government Work", "https://www.usa.gov/government-copyright"),
    9: _License("Public Domain Dedication (CC0)", f"{_PUBLIC_DOMAIN}/zero/1.0/"),
    10: _License("Public Domain Mark", f"{_PUBLIC_DOMAIN}/mark/1.0/"),
    11: _License("CC BY 4.0", f"{_CREATIVE_COMMONS}/by/4.0/"),
    12: _License("CC BY-SA 4.0", f"{_CREATIVE_COMMONS}/by-sa/4.0/"),
    13: _License("CC BY-ND 4.0", f"{_CREATIVE_COMMONS}/by-nd/4.0/"),
    14: _License("CC BY-NC 4.0", f"{_CREATIVE_COMMONS}/by-nc/4.0/"),
    15: _License("CC BY-NC-SA 4.0", f"{_CREATIVE_COMMONS}/by-nc-sa/4.0/"),
    16: _License("CC BY-NC-ND 4.0", f"{_CREATIVE_COMMONS}/by-nc-nd/4.0/"),
}


def get_licenses(call: Call) -> str:
    """Answer with the seventeen licences, in the order of the recorded reply."""
    licenses = tuple(
        Element(
            name="license",
            attributes={"id": str(license_id), "name": known.name, "url": known.url},
        )
        for license_id, known in _LICENSES.items()
    )
    element = Element(name="licenses", children=licenses, listed="license")
    return element_reply(element, wire=call.wire)


def get_license_history(call: Call) -> str:
    """Answer with every change of a photo's licence; with its first one if it never changed."""
    photo = call.photo()
    changes = [
        _change(at=change.at, old=_LICENSES[change.old], new=_LICENSES[change.new])
        for change in call.changes.licenses_of(photo.id)
    ]
    first = _change(at=photo.uploaded, old=_LICENSES[photo.license], new=_License("", ""))
    return list_reply(changes or [first], name="license_history", wire=call.wire)


def _change(*, at: int, old: _License, new: _License) -> Element:
    attributes: dict[str, Value] = {
        "date_change": str(at),
        "old_license": old.name,
        "old_license_url": old.url,
        "new_license": new.name,
        "new_license_url": new.url,
    }
    return Element(name="license_history", attributes=attributes)
