from collections.abc import Callable
from pathlib import Path

import pytest

from smart_image_scraper.errors import SettingsError, UsageError
from smart_image_scraper.web.access import Passwords, Role, hash_password
from smart_image_scraper.web.access.password_file import read_hashes, store_hash


def test_a_password_opens_the_role_whose_hash_it_fits(passwords: Passwords) -> None:
    assert passwords.role("curator's own") is Role.CURATOR
    assert passwords.role("viewers' own") is Role.VIEWER
    assert passwords.role("another") is None
    assert passwords.role("") is None


def test_a_hash_is_argon2id_by_rfc_9106_and_does_not_hold_the_password() -> None:
    hashed = hash_password("correct horse")

    assert hashed.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert "horse" not in hashed
    assert hashed != hash_password("correct horse")
    assert Passwords(hashes={Role.CURATOR: hashed}).role("correct horse") is Role.CURATOR


def test_one_password_for_both_roles_is_the_curators(quick_hash: Callable[[str], str]) -> None:
    both = Passwords(hashes={Role.VIEWER: quick_hash("same"), Role.CURATOR: quick_hash("same")})

    assert both.role("same") is Role.CURATOR


def test_a_password_of_half_a_character_is_as_any_wrong_one(passwords: Passwords) -> None:
    assert passwords.role("\ud800") is None


def test_a_very_long_password_is_wrong_without_being_hashed(passwords: Passwords) -> None:
    assert passwords.role("x" * 1_000_000) is None
    with pytest.raises(UsageError, match="1 to 1000 characters"):
        hash_password("x" * 1001)


def test_a_password_set_as_it_is_ends_with_what_to_do_and_is_not_shown() -> None:
    with pytest.raises(UsageError) as caught:
        Passwords(hashes={Role.CURATOR: "hunter2"})

    assert "no argon2 hash; make one with `sis password`" in str(caught.value)
    assert "hunter2" not in f"{caught.value!r} {caught.value.__cause__!r}"


def test_viewers_alone_cannot_have_a_password(quick_hash: Callable[[str], str]) -> None:
    with pytest.raises(UsageError, match="none for curators; set SIS_WEB_PASSWORD"):
        Passwords(hashes={Role.VIEWER: quick_hash("one")})


def test_stored_hashes_come_back_and_others_cannot_read_them(tmp_path: Path) -> None:
    path = tmp_path / "passwords"

    store_hash(path, Role.CURATOR, hashed="one")
    store_hash(path, Role.VIEWER, hashed="two")

    assert read_hashes(path) == {Role.CURATOR: "one", Role.VIEWER: "two"}
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_without_a_file_there_is_no_password(tmp_path: Path) -> None:
    assert read_hashes(tmp_path / "passwords") == {}


def test_a_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "passwords"
    store_hash(path, Role.CURATOR, hashed="one")
    path.chmod(0o644)

    with pytest.raises(SettingsError, match="run `chmod 600 "):
        read_hashes(path)


@pytest.mark.parametrize("text", ["hunter2", "[]", '{"owner": "x"}', "\xff"])
def test_a_file_that_holds_something_else_says_so_without_its_text(
    tmp_path: Path, text: str
) -> None:
    path = tmp_path / "passwords"
    path.write_bytes(text.encode("latin-1"))
    path.chmod(0o600)

    with pytest.raises(SettingsError, match="not as `sis password --store` writes it") as caught:
        read_hashes(path)

    assert "hunter2" not in str(caught.value)
