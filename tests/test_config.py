from pathlib import Path

import pytest

from smart_image_scraper.config import Configuration, load_configuration
from smart_image_scraper.errors import SettingsError


def load(
    folder: Path, *, environment: dict[str, str] | None = None, **options: object
) -> Configuration:
    return load_configuration(options, environment=environment or {}, folder=folder)


def write(path: Path, text: str, *, mode: int = 0o600) -> None:
    path.write_text(text)
    path.chmod(mode)


def test_an_option_outranks_the_environment_that_the_file_that_the_default(tmp_path: Path) -> None:
    write(tmp_path / "sis.toml", 'size = "640"\nconnections = 8\ntimeout_s = 5')
    environment = {"SIS_SIZE": "2048", "SIS_CONNECTIONS": "6"}

    configuration = load(tmp_path, environment=environment, size="original", timeout_s=None)

    assert configuration.settings.size == "original"
    assert configuration.settings.connections == 6
    assert configuration.settings.timeout_s == 5
    assert configuration.settings.max_file_mb == 64
    assert dict(configuration.origins) == {
        "size": "option",
        "connections": "environment",
        "timeout_s": "sis.toml",
    }


def test_an_empty_variable_is_no_setting(tmp_path: Path) -> None:
    configuration = load(tmp_path, environment={"SIS_DB": ""})

    assert configuration.settings.db == ""
    assert configuration.origins == {}


def test_secrets_are_taken_out_of_the_environment(tmp_path: Path) -> None:
    environment = {"SIS_KEYS": "ring", "SIS_FLICKR_KEY": "abc", "SECRET_KEY": "old", "HOME": "/"}

    configuration = load(tmp_path, environment=environment)

    assert environment == {"HOME": "/"}
    assert configuration.settings.flickr_key is not None
    assert configuration.settings.flickr_key.get_secret_value() == "abc"
    assert configuration.older_key is not None
    assert configuration.older_key.get_secret_value() == "old"


def test_no_secret_is_shown(tmp_path: Path) -> None:
    environment = {
        "SIS_FLICKR_KEY": "secret-1",
        "SIS_KEYS": "secret-2",
        "SIS_DB": "mongodb+srv://me:secret-3@db.example/x?tlsCertificateKeyFilePassword=secret-4",
    }

    shown = load(tmp_path, environment=environment).shown()

    assert "secret" not in str(shown)
    assert shown["db"] == ("mongodb+srv://…@db.example/x?…", "environment")
    assert shown["flickr_key"] == ("(set, not shown)", "environment")
    assert shown["size"] == ("1024", "default")
    assert shown["allow_addresses"] == ("(empty)", "default")


def test_addresses_are_separated_by_commas_or_blanks(tmp_path: Path) -> None:
    environment = {"SIS_ALLOW_ADDRESSES": "127.0.0.1:1, 127.0.0.1:2"}

    configuration = load(tmp_path, environment=environment)

    assert configuration.settings.allow_addresses == ("127.0.0.1:1", "127.0.0.1:2")
    assert configuration.shown()["allow_addresses"][0] == "127.0.0.1:1, 127.0.0.1:2"


def test_the_older_scripts_credentials_are_understood(tmp_path: Path) -> None:
    text = '\ufeff{"FLICKER_KEY": "abc", "FLICKER_SECRET": "x", "GOOGLE_VISION_KEY": "y"}'
    write(tmp_path / "credentials.json", text)

    configuration = load(tmp_path)

    assert configuration.settings.flickr_key is not None
    assert configuration.settings.flickr_key.get_secret_value() == "abc"
    assert configuration.origins["flickr_key"] == "credentials.json"


def test_the_older_scripts_key_of_google_vision_is_understood(tmp_path: Path) -> None:
    write(tmp_path / "credentials.json", '{"GOOGLE_VISION_KEY": "AIza"}')

    configuration = load_configuration({}, environment={}, folder=tmp_path)

    key = configuration.settings.google_vision_key
    assert key is not None
    assert key.get_secret_value() == "AIza"
    assert configuration.shown()["google_vision_key"][0] == "(set, not shown)"


def test_a_place_may_begin_with_the_users_home(tmp_path: Path) -> None:
    (tmp_path / "sis.toml").write_text('workspace = "~/photos"')
    environment = {"SIS_KEYS_FILE": "~/ring"}

    settings = load_configuration({}, environment=environment, folder=tmp_path).settings

    assert settings.workspace == Path.home() / "photos"
    assert settings.keys_file == Path.home() / "ring"


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"SIS_SIZES": "1"}, r"the environment has SIS_SIZES, which is no setting; `sis config`"),
        (
            {"SIS_CONNECTIONS": "0"},
            r"^the setting connections \(environment\) is wrong: it takes 1 or more$",
        ),
        ({"SIS_CONNECTIONS": "65"}, "wrong: it takes 64 or less$"),
        ({"SIS_CONNECTIONS": "many"}, "wrong: it takes a whole number$"),
        ({"SIS_CONNECTIONS": "1.5"}, "wrong: it takes a whole number$"),
        ({"SIS_TIMEOUT_S": "0"}, "wrong: it takes more than 0$"),
        ({"SIS_IMAGES_PER_SECOND": "nan"}, "wrong: it takes 0 or more$"),
        ({"SIS_IMAGES_PER_SECOND": "fast"}, "wrong: it takes a number$"),
        ({"SIS_KEEP_METADATA": "maybe"}, "wrong: it takes true or false$"),
        ({"SIS_WORKSPACE": "~nobody-of-that-name/x"}, "the home of a user whom nobody knows$"),
        ({"SIS_FLICKR_URL": "here"}, "wrong: it takes an address such as https://host/path$"),
        (
            {"SIS_SIZE": "big"},
            r"setting size \(environment\) is wrong: 'big' is neither original nor a longer edge",
        ),
        ({"SIS_CONTACT": "me@example.org\r\nX: y"}, r"contact \(environment\) .* one line of text"),
        ({"SIS_FLICKR_KEY": "caf\udce9"}, "the environment's SIS_FLICKR_KEY is not readable text"),
        ({"SIS_FLICKR_URL": "gopher://x"}, r"the setting flickr_url \(environment\) is wrong"),
    ],
)
def test_a_wrong_variable_is_named(
    tmp_path: Path, environment: dict[str, str], message: str
) -> None:
    with pytest.raises(SettingsError, match=message):
        load(tmp_path, environment=environment)


@pytest.mark.parametrize(
    ("name", "text", "mode", "message"),
    [
        ("sis.toml", "sizes = 1", 0o600, "sizes is no setting"),
        ("sis.toml", "size = 2048", 0o600, r"size \(sis.toml\) is wrong: it takes text, in quotes"),
        ("sis.toml", "workspace = 3", 0o600, "is wrong: it takes text, in quotes"),
        ("sis.toml", "size = ", 0o600, "not readable as TOML"),
        ("sis.toml", 'flickr_key = "abc"', 0o644, "others can read it, and it holds flickr_key"),
        ("credentials.json", '{"FLICKER_KEY": "abc"}', 0o640, "run `chmod 600 "),
        ("sis.toml", 'db = "mongodb://me:pw@x/"', 0o644, "others can read it, and it holds db"),
        ("credentials.json", "{", 0o600, "not readable as JSON"),
        ("credentials.json", "\udcff", 0o600, "cannot be read"),
    ],
)
def test_a_wrong_file_is_named_with_what_to_do(
    tmp_path: Path, name: str, text: str, mode: int, message: str
) -> None:
    (tmp_path / name).write_bytes(text.encode(errors="surrogateescape"))
    (tmp_path / name).chmod(mode)

    with pytest.raises(SettingsError, match=message) as caught:
        load(tmp_path)

    assert name in str(caught.value)
    assert "abc" not in str(caught.value)


def test_a_secret_in_a_private_file_is_read(tmp_path: Path) -> None:
    write(tmp_path / "sis.toml", 'flickr_key = "abc"')

    configuration = load(tmp_path)

    assert configuration.shown()["flickr_key"] == ("(set, not shown)", "sis.toml")


def test_a_wrong_secret_is_not_repeated_in_the_message(tmp_path: Path) -> None:
    write(tmp_path / "sis.toml", "flickr_key = 12345")

    with pytest.raises(SettingsError) as caught:
        load(tmp_path)

    assert "12345" not in str(caught.value)


def test_another_programs_file_of_that_name_is_left_alone(tmp_path: Path) -> None:
    write(tmp_path / "credentials.json", '{"installed": {"client_id": "x"}}', mode=0o644)

    assert load(tmp_path).settings.flickr_key is None
