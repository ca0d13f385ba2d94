"""The ids of accounts, across sites: an owner is found by it wherever the photo was found."""

import re

_FLICKR = re.compile(r"[0-9]{1,20}@N[0-9]{2}")
# What no user name has: https://www.mediawiki.org/wiki/Manual:$wgInvalidUsernameCharacters, and
# what no page's title has.
_COMMONS = re.compile(r"commons:[^\x00-\x1f\x7f#<>\[\]|{}/@:=]{1,255}")
_INATURALIST = re.compile(r"inaturalist:[0-9]{1,12}")

ACCOUNT_FORM = (
    "an account is written 12037949754@N01 if it is one at Flickr, commons:Example at "
    "Wikimedia Commons, and inaturalist:12345 at iNaturalist"
)


def parse_account(text: str) -> str:
    """Read an account's id, as ``Owner.id`` has it.

    Raises:
        ValueError: It has none of the forms.
    """
    if _FLICKR.fullmatch(text) or _INATURALIST.fullmatch(text):
        return text
    if text.startswith("commons:") and _COMMONS.fullmatch(text):
        return commons_account(text.removeprefix("commons:"))
    raise ValueError(ACCOUNT_FORM)


def commons_account(user: str) -> str:
    """Return the id of an account at Wikimedia Commons, of its user's name."""
    # To MediaWiki, "_" is a space, and names begin with a capital.
    name = " ".join(user.replace("_", " ").split())
    return f"commons:{name[:1].upper()}{name[1:]}"


def bare_account(account: str) -> str:
    """Return an account's id at its site, without the site; any other text as it is."""
    return account.removeprefix("commons:").removeprefix("inaturalist:")
