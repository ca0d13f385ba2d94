"""Fill a database with made photos: a million in a minute or two, scored for three concepts.

    uv run --extra mongod python benchmarks/made_photos.py --photos 1000000 --workspace /tmp/made

The documents have the form and about the size of scraped ones, sealed owners, inspections and
places included. They are written past the store, which would seal and compare each of them.
"""

import argparse
import base64
import hashlib
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from pymongo import MongoClient, WriteConcern

from smart_image_scraper.photo import PhotoId, Scoring
from smart_image_scraper.store import Store
from smart_image_scraper.store.mongod import ManagedMongod

Document = dict[str, Any]

CONCEPTS = ("monkey", "cage", "zoo")
MODEL = "siglip2-b16-224@made"
BATCH = 5_000
_SCORED = 0.9
_START = datetime(2004, 1, 1, tzinfo=UTC)
_NOW = datetime(2026, 11, 1, tzinfo=UTC)
_TERMS = ("monkey wild", "macaque", "サル", "猿 野生", "proboscis monkey", "langur", "monkey cage")
_LICENSES = ("all-rights-reserved", "cc-by-2.0", "cc-by-nc-sa-2.0", "cc0-1.0", "pdm-1.0", "unknown")
_COUNTRIES = (
    *(("ID", "Indonesia", -2.5, 118.0), ("PH", "Philippines", 12.0, 122.5)),
    *(("MY", "Malaysia", 4.0, 102.0), ("TH", "Thailand", 15.0, 101.0)),
    *(("JP", "Japan", 36.0, 138.0), ("IN", "India", 22.0, 79.0), ("BR", "Brazil", -10.0, -53.0)),
    *(("KE", "Kenya", 0.5, 38.0), ("US", "United States", 39.0, -98.0), ("FJ", "Fiji", -17.8, 179)),
)
_CAMERAS = (
    *(("Canon", "Canon EOS 80D"), ("Canon", "Canon EOS 5D Mark III"), ("NIKON", "NIKON D500")),
    *(("SONY", "ILCE-7M3"), ("Apple", "iPhone 6s"), ("FUJIFILM", "X-T2"), (None, None)),
)
_WRITTEN = (
    "wild monkey macaque young old forest temple borneo sabah river tree mother baby playing "
    "eating cage zoo fence park morning island trip holiday sanctuary proboscis langur silver leaf "
    "long tailed crab troop alpha male female group sleeping water rock beach 猿 野生 サル 動物園 "
    "kera bekantan bébé forêt singe обезьяна"
)
_WORDS = _WRITTEN.split()
_TOKEN = "gAAAAA" + base64.urlsafe_b64encode(bytes(range(69))).decode()


def made_documents(
    first: int, number: int, *, seed: int = 1, files: Sequence[Document] = ()
) -> Iterator[Document]:
    """Yield the documents of made photos: the same for the same numbers and seed.

    Args:
        first: The number of the first one.
        number: How many.
        seed: Of what is drawn by chance.
        files: The ``file`` parts to give them in turn; without any, files that are not there.
    """
    for begin in range(first, first + number, BATCH):
        size = min(BATCH, first + number - begin)
        yield from _batch(begin, size, random=np.random.default_rng((seed, begin)), files=files)


def fill(
    uri: str, *, photos: int, database: str = "sis", seed: int = 1, files: Sequence[Document] = ()
) -> None:
    """Put made photos and their scores into a database.

    Args:
        uri: Of the server.
        photos: How many; the database should be empty.
        database: Its name.
        seed: Of what is drawn by chance.
        files: See :func:`made_documents`.
    """
    with Store.connect(uri, database=database):
        pass  # makes collections and indexes
    with MongoClient[Document](uri) as client:
        # Indexes are faster made at once; the next who connects makes them.
        client[database]["photos"].drop_indexes()
    begins = range(0, photos, 50_000)
    sizes = [min(50_000, photos - begin) for begin in begins]
    with ProcessPoolExecutor(2) as pool:
        insert = partial(_insert, uri=uri, database=database, seed=seed, files=files)
        list(pool.map(insert, begins, sizes))
    with Store.connect(uri, database=database) as store:
        score(store, photos=photos, seed=seed)


def score(store: Store, *, photos: int, seed: int = 1) -> None:
    """Give made photos scores of every concept, nine in ten of them."""
    random = np.random.default_rng((seed, photos))
    ids = np.array([made_id(number) for number in range(photos)])
    columns = {}
    for concept in CONCEPTS:
        raw = random.normal(random.uniform(0.05, 0.11), 0.03, photos).astype(np.float32)
        raw[random.random(photos) >= _SCORED] = np.nan
        columns[concept] = raw
        store.scores.save_scoring(
            Scoring(
                model=MODEL,
                concept=concept,
                given=concept,
                basis="made",
                slope=60.0,
                intercept=-6.0,
                reviews=0,
                scored_at=_NOW,
            )
        )
    store.scores.put(MODEL, [PhotoId.trusted(each) for each in ids.tolist()], columns=columns)


def made_id(number: int) -> str:
    """Return the id of a made photo: numbers that grow with their time, as Flickr's do."""
    return f"flickr:{4_000_000_000 + number * 48_611}"


def _insert(
    first: int, number: int, *, uri: str, database: str, seed: int, files: Sequence[Document]
) -> None:
    with MongoClient[Document](uri) as client:
        photos = client[database].get_collection("photos", write_concern=WriteConcern(j=False))
        documents = made_documents(first, number, seed=seed, files=files)
        while batch := list(islice(documents, BATCH)):
            photos.insert_many(batch, ordered=False, bypass_document_validation=True)


def _batch(
    begin: int, size: int, *, random: np.random.Generator, files: Sequence[Document]
) -> Iterator[Document]:
    numbers = random.random((size, 24)).tolist()
    words = random.integers(0, len(_WORDS), (size, 24)).tolist()
    spread = random.normal(0, 3, (size, 2)).tolist()
    hashes = random.bytes(size * 352)
    for row in range(size):
        chance = numbers[row]
        text = [_WORDS[word] for word in words[row]]
        document = _facts(begin + row, chance=chance, text=text)
        if _drawn(chance[0], share=0.8):
            document |= _where(chance, spread=spread[row])
        if _drawn(chance[1], share=0.95):
            made = hashes[row * 352 : row * 352 + 352]
            document |= _looks(begin + row, chance=chance, hashes=made, files=files)
        yield document


def _drawn(chance: float, *, share: float) -> bool:
    return chance < share


def _facts(number: int, *, chance: list[float], text: list[str]) -> Document:
    taken = _START + timedelta(seconds=int(chance[2] * 7.2e8))
    owner = int(chance[3] ** 3 * 40_000)
    token = {"key": "k1", "token": _TOKEN}
    document: Document = {
        "_id": made_id(number),
        "title": " ".join(text[:4]).capitalize(),
        "description": " ".join(text[4:18]),
        "tags": text[18:],
        "license": _LICENSES[int(chance[4] ** 2 * len(_LICENSES))],
        "enc": {"owner_id": token, "owner_name": token},
        "owner_index": hashlib.blake2b(b"%d" % owner, digest_size=16).digest(),
        "digest": hashlib.blake2b(b"%d" % number, digest_size=16).digest(),
        "uploaded_at": taken + timedelta(days=3),
        "views": int(10 ** (chance[5] * 5)) - 1,
        "comment_count": int(chance[6] * 5),
        "safety": 0,
        "sizes": [
            {"label": label, "url": f"https://live.example/65535/{number}_{label}.jpg"}
            for label in ("original", "2048", "1024", "640")
        ],
        "searches": [
            {"term": term, "run": f"run-{place}"}
            for place, term in enumerate(_TERMS)
            if place == int(chance[7] * len(_TERMS)) or _drawn(chance[8 + place], share=0.03)
        ],
        "checked_at": _NOW,
        "created_at": _NOW + timedelta(milliseconds=number),
        "updated_at": _NOW,
    }
    if _drawn(chance[15], share=0.96):
        rough = _drawn(chance[16], share=0.02)
        local = datetime(taken.year, 1, 1, tzinfo=UTC) if rough else taken
        document["taken"] = {"local": local, "granularity": "year" if rough else "second"}
    return document


def _where(chance: list[float], *, spread: list[float]) -> Document:
    code, country, latitude, longitude = _COUNTRIES[int(chance[17] ** 2 * len(_COUNTRIES))]
    longitude = (longitude + spread[0] + 180) % 360 - 180
    return {
        "location": {"type": "Point", "coordinates": [longitude, latitude + spread[1]]},
        "geo_accuracy": 16,
        "place": {
            "country_code": code,
            "country": country,
            "region": f"Region {int(chance[18] * 12)}",
            "city": f"Town {int(chance[19] * 300)}",
            "distance_km": 3.5,
            "match": "inside",
            "gazetteer": "GeoNames",
        },
    }


def _looks(
    number: int, *, chance: list[float], hashes: bytes, files: Sequence[Document]
) -> Document:
    sha256 = hashlib.sha256(b"%d" % number).hexdigest()
    make, model = _CAMERAS[int(chance[20] * len(_CAMERAS))]
    camera = {} if make is None else {"make": make, "model": model, "iso": 400, "f_number": 5.6}
    file = {
        "path": f"{sha256[:2]}/{sha256[2:4]}/{sha256}.jpg",
        "sha256": sha256,
        "media_type": "image/jpeg",
        "bytes": 350_000,
        "width": 1024,
        "height": 683,
        "url": f"https://live.example/65535/{number}_b.jpg",
        "fetched_at": _NOW,
        "license": "cc-by-2.0",
    }
    inspection = {
        "reader": "exiftool 12.57",
        "tag_count": 120,
        "problem_count": 0,
        "stripped": True,
        "fetched_sha256": sha256,
        "sharpness": chance[21] * 0.3,
        "brightness": chance[22],
        "contrast": chance[23] * 0.3,
        "colourfulness": chance[18] * 90,
        "flatness": chance[19] ** 3 * 0.6,
        "size_class": "medium",
        "perceptual_hash": hashes[:32],
        "crop_hashes": hashes[32:],
        "date_difference_s": chance[21] ** 8 * 1e6,
        **camera,
    }
    found: Document = {"file": files[number % len(files)] if files else file}
    found["inspection"] = inspection
    if _drawn(1 - chance[16], share=0.05):
        group = made_id(number - number % 3)
        found["duplicates"] = [{"kind": "copy", "group": group, "best": number % 3 == 0}]
    return found


def main() -> None:
    """Fill the managed database of a workspace."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=int, default=1_000_000)
    parser.add_argument("--workspace", type=Path, required=True)
    options = parser.parse_args()
    begin = time.perf_counter()
    with ManagedMongod(options.workspace / "db") as uri:
        fill(uri, photos=options.photos)
    print(f"{options.photos:,} photos in {time.perf_counter() - begin:.0f} s")


if __name__ == "__main__":
    main()
