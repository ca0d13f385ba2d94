import json
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from smart_image_scraper.demo import FlickrSite


@pytest.fixture
def filled(sis: Callable, at_flickr: FlickrSite, workspace: Path) -> Path:
    """A workspace with some photos, sealed with the key ``key-1``."""
    sis("search", "monkey", "-n", "5")
    return workspace


def test_the_first_search_makes_keys_that_only_the_user_can_read(
    sis: Callable, at_flickr: FlickrSite, workspace: Path
) -> None:
    outcome = sis("search", "monkey", "-n", "5")

    assert f"made new keys in {workspace / 'keys'}; keep a copy" in outcome.err
    assert (workspace / "keys").stat().st_mode & 0o777 == 0o600


def test_check_opens_every_field(sis: Callable, filled: Path) -> None:
    outcome = sis("keys", "check")

    assert outcome.out == "5 photos open\n"
    assert outcome.code == 0


def test_keys_are_changed_by_add_use_rotate_and_remove(sis: Callable, filled: Path) -> None:
    added = sis("keys", "add", "2027-01")
    sis("keys", "use", "2027-01")

    rotated = sis("keys", "rotate")

    assert "2027-01 was added; `sis keys use 2027-01` makes it the one that enc" in added.err
    assert rotated.out == "5 photos encrypted anew with the current key\n"
    assert sis("keys", "rotate").out == "0 photos encrypted anew with the current key\n"
    assert "keys 2027-01; 2027-01 encrypts" in sis("keys", "remove", "key-1").err
    assert list(json.loads((filled / "keys").read_text())["keys"]) == ["2027-01"]
    assert sis("keys", "check").out == "5 photos open\n"


def test_list_names_the_keys_and_what_each_is_for(
    sis: Callable, filled: Path, tmp_path: Path
) -> None:
    key_file = tmp_path / "KEY_DB.txt"
    key_file.write_text(Fernet.generate_key().decode())
    key_file.chmod(0o600)
    sis("keys", "add", "2027-01")
    sis("keys", "add", "--from", str(key_file))
    secrets = json.loads((filled / "keys").read_text())["keys"].values()

    listed, as_json = sis("keys", "list"), sis("keys", "list", "--json")

    assert listed.out.splitlines() == [
        "key-1\tencrypts",
        "2027-01\topens",
        "seed\topens what the older scripts encrypted",
    ]
    assert [json.loads(line) for line in as_json.out.splitlines()] == [
        {"key": "key-1", "current": True, "older": False},
        {"key": "2027-01", "current": False, "older": False},
        {"key": "seed", "current": False, "older": True},
    ]
    said = listed.out + listed.err + as_json.out + as_json.err
    assert not [secret for secret in secrets if secret in said]


def test_list_says_of_an_older_key_alone_that_none_encrypts(sis: Callable, workspace: Path) -> None:
    outcome = sis("keys", "list", SECRET_KEY=Fernet.generate_key().decode())

    assert outcome.out == "seed\topens what the older scripts encrypted\n"
    assert "no key encrypts; `sis keys init` adds one" in outcome.err
    assert not workspace.exists()


def test_a_key_that_is_still_needed_is_not_removed(sis: Callable, filled: Path) -> None:
    sis("keys", "add", "2027-01")
    sis("keys", "use", "2027-01")

    outcome = sis("keys", "remove", "key-1")

    assert outcome.code == 2
    assert "may still be encrypted with 'key-1'; run `sis keys rotate` first" in outcome.err
    assert "key-1" in json.loads((filled / "keys").read_text())["keys"]


def test_a_key_that_is_still_needed_is_missed(sis: Callable, filled: Path) -> None:
    sis("keys", "add", "2027-01")
    sis("keys", "use", "2027-01")
    ring = json.loads((filled / "keys").read_text())
    del ring["keys"]["key-1"]
    (filled / "keys").write_text(json.dumps(ring))

    outcome = sis("search", "monkey")

    assert outcome.code == 2
    assert "was encrypted with key-1, which the key ring does not have" in outcome.err


def test_init_makes_a_ring_once(sis: Callable, workspace: Path) -> None:
    first = sis("keys", "init")
    text = (workspace / "keys").read_text()

    second = sis("keys", "init")

    assert "keys key-1; key-1 encrypts" in first.err
    assert "is there and complete; nothing changed" in second.err
    assert (workspace / "keys").read_text() == text


def test_init_makes_no_second_ring_for_a_sealed_database(sis: Callable, filled: Path) -> None:
    (filled / "keys").unlink()

    outcome = sis("keys", "init")

    assert outcome.code == 2
    assert "encrypted with keys that are not here" in outcome.err
    assert not (filled / "keys").exists()


def test_the_older_scripts_key_file_becomes_part_of_the_ring(
    sis: Callable, workspace: Path
) -> None:
    key_file = Path("KEY_DB.txt")
    key_file.write_text(Fernet.generate_key().decode())
    key_file.chmod(0o600)

    outcome = sis("keys", "init")

    assert "keys key-1, seed; key-1 encrypts" in outcome.err
    assert json.loads((workspace / "keys").read_text())["older"] == ["seed"]


def test_the_older_scripts_variable_becomes_part_of_the_ring(
    sis: Callable, workspace: Path
) -> None:
    outcome = sis("keys", "init", SECRET_KEY=Fernet.generate_key().decode())

    assert "keys key-1, seed; key-1 encrypts" in outcome.err


def test_an_older_key_alone_seals_nothing_and_begins_no_workspace(
    sis: Callable, at_flickr: FlickrSite, workspace: Path
) -> None:
    key_file = Path("KEY_DB.txt")
    key_file.write_text(Fernet.generate_key().decode())
    key_file.chmod(0o600)

    outcome = sis("search", "monkey")

    assert outcome.code == 2
    assert "`sis keys init`" in outcome.err
    assert not workspace.exists()


def test_another_programs_secret_key_is_left_alone(
    sis: Callable, at_flickr: FlickrSite, workspace: Path
) -> None:
    outcome = sis("search", "monkey", "-n", "1", SECRET_KEY="django-insecure-7")

    assert outcome.code == 0
    assert "SECRET_KEY is no key of the older scripts, and is left alone" in outcome.err
    assert "django" not in outcome.err
    assert (workspace / "keys").exists()


def test_an_older_key_is_added_to_a_ring(sis: Callable, filled: Path, tmp_path: Path) -> None:
    key_file = tmp_path / "KEY_DB.txt"
    key_file.write_text(Fernet.generate_key().decode())
    key_file.chmod(0o600)

    outcome = sis("keys", "add", "--from", str(key_file))

    assert "keys key-1, seed; key-1 encrypts" in outcome.err
    assert "seed was added; it opens what the older scripts encrypted" in outcome.err


def test_keys_from_the_environment_are_used_and_never_changed(sis: Callable, filled: Path) -> None:
    text = (filled / "keys").read_text()
    (filled / "keys").unlink()

    checked = sis("keys", "check", SIS_KEYS=text)
    added = sis("keys", "add", SIS_KEYS=text)

    assert checked.out == "5 photos open\n"
    assert added.code == 2
    assert "change them where they are kept" in added.err
    assert not (filled / "keys").exists()


def test_what_is_no_key_ring_is_named_with_where_it_stands(sis: Callable, workspace: Path) -> None:
    outcome = sis("keys", "list", SIS_KEYS="nonsense")

    assert outcome.code == 2
    assert outcome.err.startswith("sis: SIS_KEYS: there is neither a key ring, which is a JSON")
    assert "nonsense" not in outcome.err


def test_check_tells_which_fields_do_not_open(sis: Callable, shared: Path, workspace: Path) -> None:
    sis("import", "seed", str(shared / "seed" / "df_100_per_search_encrypted.json"))
    sis("keys", "init")

    outcome = sis("keys", "check")

    assert outcome.code == 3
    assert "197 photos have fields under seed, which the ring does not have" in outcome.out
    assert "add the key 'seed'" in outcome.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("keys", "check"), "there are none in"),
        (("keys", "list"), "make one with `sis keys init`"),
        (("keys", "add"), "make one with `sis keys init`"),
        (("keys", "use", "x"), "make one with `sis keys init`"),
    ],
)
def test_without_a_ring_the_message_says_where_it_should_be(
    sis: Callable, arguments: tuple[str, ...], message: str, workspace: Path
) -> None:
    outcome = sis(*arguments)

    assert outcome.code == 2
    assert message in outcome.err
    assert str(workspace / "keys") in outcome.err
