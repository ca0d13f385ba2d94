"""Export: what the card says of licences, of people, and of what to do when one wants out."""

from smart_image_scraper.export import attribution
from smart_image_scraper.export.coordinates import Precision
from smart_image_scraper.export.facts import Facts
from smart_image_scraper.export.markdown import escaped
from smart_image_scraper.photo import License
from smart_image_scraper.search.flickr import FlickrSource
from smart_image_scraper.search.inaturalist import CLAUSE, INaturalistSource

_PLACES = {
    Precision.EXACT: "Coordinates are exact.",
    Precision.CELL: "Coordinates are the centres of cells of 0.1 by 0.1 degrees.",
    Precision.COUNTRY: "Of where a photo was taken, only the country is told.",
    Precision.NONE: "Where a photo was taken is not told.",
}
_COMMONS = License("no-known-copyright-restrictions")
_PUBLIC_DOMAIN = License("public-domain")


def law(facts: Facts) -> str:
    """Return the section on licences."""
    duties = [
        (
            "Each photo has its own licence. Credit its author as the licence asks: the photo's "
            "page names the author, whoever passes the photo on names both. Every row has a credit "
            "to use."
        ),
        *_duty(facts, "nc", what="forbids commercial use"),
        *_duty(
            facts, "nd", what="forbids passing on what was changed; no photo here is resized or cut"
        ),
        *_duty(facts, "sa", what="asks that what is made of them has the same licence"),
        *_withdrawn(facts),
        *_commons(facts),
        *_public_domain(facts),
        *_not_free(facts),
        *_inaturalist(facts),
        (
            "A licence is the owner's word, and covers copyright alone: rights of people who are "
            "seen, trademarks and works in the picture are other rights."
        ),
    ]
    return "## Licences\n\n" + "".join(f"- {duty}\n" for duty in duties)


def privacy(facts: Facts) -> str:
    """Return the section on people and places."""
    lines = [_who(facts), *_unknown_names(facts), _PLACES[facts.options.coordinates]]
    if facts.options.coordinates is not Precision.EXACT:
        lines.append(
            "What is finer went with them: cities, tags and texts with positions, map services, "
            "the edges of boxes that were searched."
        )
    if facts.options.coarse_terms.words:
        lines.append(
            "Of photos of some subjects that must not be found, the country alone is told"
            + (
                "; what their owners wrote is as they wrote it, and may name the place."
                if facts.options.with_personal
                else ": titles, descriptions and tags, which may name the place, are left out."
            )
        )
    if facts.tally.media_types:
        lines.append(
            "Files are without EXIF (but for which way up they are), IPTC, XMP, comments and "
            "thumbnails. Their colour profiles stay, or colours would change; one may name the "
            "screen or the camera that they are of."
        )
    lines.append(
        "This is pseudonymisation, not anonymisation: a photo's page, while it is online, leads to "
        "its owner and to whatever the owner shows there, and people may be seen in the pictures."
    )
    return "## People and places\n\n" + "".join(f"- {line}\n" for line in lines)


def removal(facts: Facts) -> str:
    """Return the section on how a photo gets out of the data set again."""
    contact = facts.options.contact
    whom = f"to {escaped(contact)}" if contact else "to whoever gave you this data set"
    return f"""\
## How to have a photo removed

Write {whom}, with the address of the photo's page, or of your account's. Whoever made the data
set erases the photo, or all of an account, for good with `sis forget`, and then makes the data set
anew. {" ".join(_taken_away(facts))}

Neither reaches copies. Whoever holds one replaces it by the newest version, deletes older ones,
trains on no photo that is gone, and passes this section on. `manifest.json` has the date by which
to tell versions apart; the column `checked_at` says when a photo was last seen at its site.
"""


def _taken_away(facts: Facts) -> list[str]:
    at_flickr = facts.tally.sites[FlickrSource.name]
    elsewhere = facts.tally.photos - at_flickr
    told = []
    if at_flickr:
        told.append(
            "Photos that their owners took away from Flickr are erased with `sis refresh` and "
            "`sis purge`."
        )
    if elsewhere:
        told.append(
            f"Whether photos of other sites ({elsewhere:,} here) were taken away there is not "
            "noticed by itself: whoever publishes them looks at their pages first."
        )
    return told


def _duty(facts: Facts, term: str, *, what: str) -> list[str]:
    photos = facts.photos_under(term)
    return [f"Photos whose licence {what} ({term.upper()}): {photos:,}."] if photos else []


def _withdrawn(facts: Facts) -> list[str]:
    photos = facts.tally.withdrawn
    if not photos:
        return []
    return [
        (
            f"{photos:,} photos are under the licence that they had when their file was "
            "downloaded, and have no more: it cannot be revoked for copies, but a new download is "
            "not covered by it."
        )
    ]


def _commons(facts: Facts) -> list[str]:
    photos = facts.tally.licenses[_COMMONS]
    if not photos:
        return []
    return [
        (
            f'{photos:,} photos are under "{_COMMONS.name}": no licence, but the word of '
            "an institution that it knows of nobody's rights; others may know more."
        )
    ]


def _public_domain(facts: Facts) -> list[str]:
    photos = facts.tally.licenses[_PUBLIC_DOMAIN]
    if not photos:
        return []
    return [
        (
            f'{photos:,} photos are in the "{_PUBLIC_DOMAIN.name}", as their site says: by the law '
            "of some country, which their page names, and perhaps not by that of yours."
        )
    ]


def _not_free(facts: Facts) -> list[str]:
    if not facts.not_free:
        return []
    return [
        (
            f"**{facts.not_free:,} photos have no free licence** (all rights reserved, or "
            "unknown). Whoever exported them claims an exception for it, such as one for research; "
            f"it covers nobody else. `{attribution.FILE}` tells which these are; do not pass them "
            "on."
        )
    ]


def _inaturalist(facts: Facts) -> list[str]:
    photos = facts.tally.sites[INaturalistSource.name]
    if not photos:
        return []
    return [
        (
            f"{photos:,} photos are from iNaturalist, whose terms of use say, beside each photo's "
            f"licence: “{CLAUSE}” Whoever made this data set accepted that. Pass it on with these "
            "photos (`https://www.inaturalist.org/pages/terms`)."
        )
    ]


def _who(facts: Facts) -> str:
    if facts.options.with_personal:
        is_exact = facts.options.coordinates is Precision.EXACT
        without = "" if is_exact else ", but for positions in them"
        return (
            f"**Owners are named**, and titles and descriptions are as they wrote them{without}. "
            "Handle the data set as personal data: whoever holds it answers for it."
        )
    return (
        "Owners are not named. Links, addresses, account ids, handles, telephone numbers with a "
        "code or a zero in front, notices of copyright and serial numbers of cameras were taken "
        "out of titles, descriptions and tags, as far as they have the usual forms. Names of "
        "people other than the owner are not known, and are there as they were written."
    )


def _unknown_names(facts: Facts) -> list[str]:
    if facts.options.with_personal:
        return []
    photos, unknown = facts.tally.photos, facts.tally.names_unknown
    if not unknown:
        return [
            "Owners' names, where they are known, were looked for in these texts and taken out."
        ]
    return [
        (
            f"Owners' names were not looked for in the texts of {unknown:,} of {photos:,} photos, "
            "since there were no keys to open them: a name that an owner wrote there is there "
            "still."
        )
    ]
