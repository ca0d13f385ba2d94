import pytest

from smart_image_scraper.errors import UsageError
from smart_image_scraper.web.access import Access, Hosts, Passwords
from smart_image_scraper.web.access.hosts import is_same_origin


@pytest.mark.parametrize(
    "header", ["localhost", "LOCALHOST:8000", "127.0.0.1:8000", "127.0.0.2", "[::1]:8000"]
)
def test_this_machine_is_known_by_its_own_names(header: str) -> None:
    assert Hosts(bound="127.0.0.1").knows(header)


@pytest.mark.parametrize(
    "header",
    [
        *("evil.example", "evil.example:8000", "localhost.evil.example", "127.0.0.1.evil.example"),
        *("192.0.2.7", "", "localhost:8000@evil.example", "localhost/", "localhost, evil.example"),
        *("[::1", "::1", "0.0.0.0", "[::ffff:192.0.2.7]"),
    ],
)
def test_a_name_that_another_site_has_led_here_is_not_known(header: str) -> None:
    assert not Hosts(bound="127.0.0.1").knows(header)


def test_an_app_that_others_reach_is_known_by_addresses_and_its_own_name_alone() -> None:
    hosts = Hosts(bound="0.0.0.0", url="https://photos.example.org")

    assert hosts.knows("photos.example.org")
    assert hosts.knows("192.0.2.7:8000")
    assert hosts.knows("[2001:db8::7]:8000")
    assert hosts.knows("localhost:8000")
    assert not hosts.knows("other.example.org")


@pytest.mark.parametrize(
    ("origin", "is_same"),
    [
        ("http://localhost:8000", True),
        ("https://localhost:8000", True),
        ("http://localhost:8001", False),
        ("http://evil.example", False),
        ("null", False),
        ("", False),
        ("http://localhost:8000@evil.example", False),
        ("file://localhost:8000", False),
    ],
)
def test_an_origin_is_the_same_if_scheme_name_and_port_are(origin: str, *, is_same: bool) -> None:
    assert is_same_origin(origin, host="localhost:8000", secure=False) is is_same


def test_where_https_is_spoken_an_unencrypted_page_is_another_site() -> None:
    assert not is_same_origin("http://localhost:8000", host="localhost:8000", secure=True)


@pytest.mark.parametrize("url", ["photos.example.org", "ftp://example.org", "https://a.example/x"])
def test_an_address_that_is_no_sites_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match=r"write it as https://photos\.example\.org"):
        Hosts(bound="127.0.0.1", url=url)


@pytest.mark.parametrize(
    "hosts",
    [
        Hosts(bound="0.0.0.0"),
        Hosts(bound="192.0.2.7"),
        Hosts(bound="::"),
        Hosts(bound="example.org"),
        Hosts(bound="127.0.0.1", url="https://photos.example.org"),
    ],
)
def test_what_others_can_reach_takes_a_password(hosts: Hosts, passwords: Passwords) -> None:
    with pytest.raises(UsageError, match="there is no password; make one with `sis password`"):
        Access(hosts=hosts)

    assert Access(hosts=hosts, passwords=passwords).passwords is passwords
