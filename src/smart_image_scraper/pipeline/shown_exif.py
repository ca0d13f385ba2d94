"""Pipeline: the metadata that Flickr shows of a photo, in the form of a file's."""

import re
from dataclasses import replace

from smart_image_scraper.exif import Metadata, Tag, facts_of
from smart_image_scraper.photo import StatedCamera
from smart_image_scraper.search.flickr import ShownExif, ShownTag

READER = "flickr.photos.getExif"
"""Who read the metadata: it stands in its text, where a file's names exiftool or Pillow."""

_FRACTION = re.compile(r"([0-9]{1,15})/([1-9][0-9]{0,14})")


def metadata_of(shown: ShownExif) -> Metadata:
    """Return shown metadata as that of a file would be."""
    tags: dict[str, dict[str, Tag]] = {}
    for each in shown.tags:
        group = tags.setdefault(each.group, {})
        before = group.get(each.name)
        group[each.name] = _tag(each) if before is None else _both(before, each)
    # Flickr shows where a camera was in degrees and minutes, of which the facts read the degrees.
    return Metadata(reader=READER, facts=replace(facts_of(tags), position=None), tags=tags)


def stated_camera(metadata: Metadata) -> StatedCamera:
    """Return what shown metadata says of the camera."""
    facts = metadata.facts
    return StatedCamera(
        tag_count=metadata.tag_count,
        make=facts.make,
        model=facts.model,
        lens=facts.lens,
        focal_length_mm=facts.focal_length_mm,
        focal_length_35mm=facts.focal_length_35mm,
        f_number=facts.f_number,
        exposure_s=facts.exposure_s,
        iso=facts.iso,
    )


def _tag(shown: ShownTag) -> Tag:
    fraction = _FRACTION.fullmatch(shown.raw)
    if fraction is None:
        return Tag(value=shown.raw, text=shown.clean)
    value = int(fraction[1]) / int(fraction[2])
    return Tag(value=value, text=shown.clean or shown.raw, rational=(shown.raw,))


def _both(before: Tag, shown: ShownTag) -> Tag:
    """Return the tag of a name that comes again, with all its values."""
    values = before.value if isinstance(before.value, list) else [before.value]
    return Tag(value=[*values, shown.raw])
