import base64
import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from smart_image_scraper.encrypt import KeyRing
from smart_image_scraper.errors import KeyRingError


def ring_text(**changes: object) -> str:
    members = {"current": "a", "keys": {"a": base64.b64encode(bytes(32)).decode()}, **changes}
    return json.dumps(members)


def test_a_ring_reads_back_from_its_text(ring: KeyRing) -> None:
    older = ring.add("seed", older=True)

    assert KeyRing.parse(older.to_text()) == older


def test_the_text_says_what_the_ring_holds(ring: KeyRing) -> None:
    members = json.loads(ring.to_text())

    assert members["current"] == "key-1"
    assert list(members["keys"]) == ["key-1"]
    assert len(base64.urlsafe_b64decode(members["index"])) == 32


def test_a_bare_key_of_the_older_scripts_is_a_ring_of_one_older_key() -> None:
    key = Fernet.generate_key().decode()

    ring = KeyRing.parse(f"\ufeff{key}\n")

    assert ring == KeyRing(current="seed", keys={"seed": key}, older=frozenset({"seed"}))


def test_a_bare_key_is_completed_by_a_fresh_key_and_an_index_root() -> None:
    bare = KeyRing.parse(Fernet.generate_key().decode())

    ring = bare.completed()

    assert ring.current == "key-1"
    assert ring.keys["seed"] == bare.keys["seed"]
    assert ring.older == {"seed"}
    assert ring.index is not None


def test_a_complete_ring_is_not_completed_further(ring: KeyRing) -> None:
    assert ring.completed() is ring


def test_operations_leave_the_ring_as_it_was(ring: KeyRing) -> None:
    before = ring.to_text()

    ring.add("key-2").use("key-2").without("key-1")

    assert ring.to_text() == before


def test_adding_a_key_keeps_the_current_one_until_another_is_used(ring: KeyRing) -> None:
    added = ring.add("key-2")

    assert added.current == "key-1"
    assert added.use("key-2").current == "key-2"


def test_a_key_that_is_given_is_the_one_that_is_added(ring: KeyRing) -> None:
    key = Fernet.generate_key().decode()

    assert ring.add("theirs", key).keys["theirs"] == key


def test_the_next_id_is_one_that_no_key_has(ring: KeyRing) -> None:
    assert ring.add("key-2").next_key_id() == "key-3"


def test_an_older_key_that_is_taken_out_is_no_longer_listed(ring: KeyRing) -> None:
    assert ring.add("seed", older=True).without("seed") == ring


@pytest.mark.parametrize(
    ("operation", "argument", "message"),
    [
        ("add", "key-1", "the key ring has a key 'key-1' already; choose another id"),
        ("use", "key-9", "the key ring has no key 'key-9'; its keys are: key-1, seed"),
        ("use", "seed", "'seed' is a key of the older scripts: it opens, never seals"),
        ("without", "key-9", "the key ring has no key 'key-9'; its keys are: key-1, seed"),
        ("without", "key-1", "'key-1' is the current key; use another one first"),
        ("add", "a.b", "'a.b' cannot be a key's id: letters, digits, - and _, and not 'index'"),
        ("add", "index", "'index' cannot be a key's id: letters, digits, - and _, and not 'index'"),
    ],
)
def test_what_cannot_be_done_says_why(
    ring: KeyRing, operation: str, argument: str, message: str
) -> None:
    with pytest.raises(KeyRingError) as caught:
        getattr(ring.add("seed", older=True), operation)(argument)

    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "there is neither a key ring, which is a JSON object, nor a key of the older scripts"),
        ("not a key", "there is neither a key ring"),
        ("ключ", "there is neither a key ring"),
        ('{"current": ', "the key ring is not readable as JSON"),
        ('{"a":' * 100_000, "the key ring is not readable as JSON"),
        ("{}", "the key ring's 'keys' is not an object of ids and keys"),
        (ring_text(colour="red"), "a key ring's JSON object has the members"),
        (ring_text(keys={"a": 1}), "the key ring's 'keys' is not an object of ids and keys"),
        (ring_text(older="a"), "the key ring's 'older' is not a list of key ids"),
        (ring_text(older=["b"]), "the key ring has no key 'b'"),
        (ring_text(current=None), "does not say which key is the current one"),
        (ring_text(current="b"), "the key ring has no key 'b'"),
        (ring_text(index=5), "the key ring's index root is not base64"),
        (ring_text(index="ä"), "the key ring's index root is not base64"),
        (ring_text(index="YWJj"), "the key ring's index root is not 32 bytes long"),
        (ring_text(keys={"a": "short"}), "the key 'a' is no Fernet key"),
    ],
)
def test_a_text_that_is_no_ring_says_what_is_wrong(text: str, message: str) -> None:
    with pytest.raises(KeyRingError) as caught:
        KeyRing.parse(text)

    assert message in str(caught.value)


def test_a_damaged_ring_keeps_its_keys_out_of_the_error() -> None:
    key = Fernet.generate_key().decode()

    with pytest.raises(KeyRingError) as caught:
        KeyRing.parse(f'{{"keys": {{"a": "{key}"}}')

    assert key not in repr(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_a_ring_shows_its_ids_and_not_its_keys(ring: KeyRing) -> None:
    assert repr(ring) == str(ring) == "KeyRing(current='key-1', keys=['key-1'])"


def test_fingerprints_tell_keys_apart_and_hold_no_part_of_them(ring: KeyRing) -> None:
    fingerprints = ring.add("key-2").fingerprints()

    assert sorted(fingerprints) == ["index", "key-1", "key-2"]
    assert len(set(fingerprints.values())) == 3
    assert all(len(bytes.fromhex(digits)) == 8 for digits in fingerprints.values())
    assert KeyRing.parse(ring.to_text()).fingerprints() == ring.fingerprints()


def test_a_ring_without_an_index_root_has_no_fingerprint_of_one() -> None:
    bare = KeyRing.parse(Fernet.generate_key().decode())

    assert list(bare.fingerprints()) == ["seed"]


def test_a_saved_ring_is_read_back_and_belongs_to_its_owner_alone(
    ring: KeyRing, ring_path: Path
) -> None:
    ring.save(ring_path)

    assert KeyRing.load(ring_path) == ring
    assert stat.S_IMODE(ring_path.stat().st_mode) == 0o600
    assert [path.name for path in ring_path.parent.iterdir()] == ["keys"]


def test_a_ring_is_saved_over_one_whose_keys_it_has(ring: KeyRing, ring_path: Path) -> None:
    ring.save(ring_path)
    grown = ring.add("key-2").use("key-2")

    grown.save(ring_path)

    assert KeyRing.load(ring_path) == grown


def test_saving_refuses_to_lose_a_key(ring: KeyRing, ring_path: Path) -> None:
    ring.add("key-2").save(ring_path)

    with pytest.raises(KeyRingError, match="would lose 'key-2', and what was sealed with it"):
        ring.save(ring_path)

    assert "key-2" in KeyRing.load(ring_path).keys


def test_saving_refuses_to_lose_another_rings_keys_of_the_same_names(
    ring: KeyRing, ring_path: Path
) -> None:
    other = KeyRing.new()
    other.save(ring_path)

    with pytest.raises(KeyRingError, match="would lose 'index', 'key-1'"):
        ring.save(ring_path)

    assert KeyRing.load(ring_path) == other


def test_a_key_that_is_named_may_be_dropped(ring: KeyRing, ring_path: Path) -> None:
    ring.add("key-2").save(ring_path)

    ring.save(ring_path, dropping=frozenset({"key-2"}))

    assert KeyRing.load(ring_path) == ring


def test_saving_refuses_to_write_over_a_file_that_is_no_ring(
    ring: KeyRing, ring_path: Path
) -> None:
    ring_path.write_text("my diary")
    ring_path.chmod(0o600)

    with pytest.raises(KeyRingError, match=r"keys: there is neither a key ring"):
        ring.save(ring_path)

    assert ring_path.read_text() == "my diary"


def test_processes_that_start_at_once_end_up_with_one_ring(ring_path: Path) -> None:
    with ThreadPoolExecutor(12) as pool:
        rings = list(pool.map(KeyRing.ensure, [ring_path] * 12))

    assert all(ring == rings[0] for ring in rings)


def test_an_older_key_file_is_loaded_as_a_ring(ring_path: Path) -> None:
    ring_path.write_bytes(Fernet.generate_key())
    ring_path.chmod(0o600)

    assert KeyRing.load(ring_path).current == "seed"
