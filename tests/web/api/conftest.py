"""The real app over a real store, and people who use it."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI

from smart_image_scraper.encrypt import Vault
from smart_image_scraper.errors import KeyRingError, ModelError, StoreError
from smart_image_scraper.photo import (
    Comment,
    Coordinates,
    DuplicateGroup,
    DuplicateKind,
    Inspection,
    License,
    Note,
    Owner,
    Photo,
    PhotoId,
    Place,
    SearchHit,
    Stage,
    StoredFile,
    TakenDate,
)
from smart_image_scraper.pipeline import adopt_keys
from smart_image_scraper.score import Backbone
from smart_image_scraper.store import Store
from smart_image_scraper.web import Served, create_app
from smart_image_scraper.web.access import Access, Hosts, Passwords, Role
from smart_image_scraper.web.library import Library
from smart_image_scraper.web.media import Media
from smart_image_scraper.web.shared_store import SharedStore
from smart_image_scraper.web.training import Tools, Trainer
from tests.made.photos import inspection

ADDRESS = "http://localhost:8000"
CURATOR, VIEWER = "the curators' password", "the viewers' password"
SECRET = "Secret-of-Jane"
"""Stands in every personal field, and nowhere else."""


class Visitor:
    """Somebody with a browser."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.csrf = ""

    async def get(self, path: str, **options: Any) -> httpx.Response:
        return await self.client.get(path, **options)

    async def json(self, path: str, **options: Any) -> Any:
        reply = await self.get(path, **options)
        assert reply.status_code == 200, reply.text
        return reply.json()

    async def post(self, path: str, json: Any = None, **options: Any) -> httpx.Response:
        if not self.csrf:
            self.csrf = (await self.json("/api/session"))["csrf"]
        headers = {"X-SIS-CSRF": self.csrf, "Origin": ADDRESS} | options.pop("headers", {})
        return await self.client.post(path, json=json, headers=headers, **options)

    async def log_in(self, password: str, **fields: str) -> httpx.Response:
        form = await self.get("/login")
        csrf = form.text.partition('name="csrf" value="')[2].partition('"')[0]
        return await self.client.post(
            "/login",
            data={"password": password, "csrf": csrf, "next": "/", **fields},
            headers={"Origin": ADDRESS},
        )


@asynccontextmanager
async def visiting(app: FastAPI, address: str = "192.0.2.1") -> AsyncIterator[Visitor]:
    transport = httpx.ASGITransport(app, client=(address, 50000))
    async with httpx.AsyncClient(transport=transport, base_url=ADDRESS) as client:
        yield Visitor(client)


@dataclass
class Setting:
    """What a test's app is made of; a test may change it before it opens the app."""

    store: Store
    workspace: Path
    vault: Vault
    has_keys: bool = True
    is_down: bool = False
    passwords: Passwords | None = None
    learning: Callable[[], ModuleType] | None = None
    backbone: Backbone | None = None

    def connect(self) -> Store:
        if self.is_down:
            raise StoreError("no database answers at made; see that it runs")
        return self.store

    def open_vault(self) -> Vault:
        if not self.has_keys:
            raise KeyRingError("opening personal fields takes the keys, and there are none")
        return self.vault

    def learn(self) -> ModuleType:
        if self.learning is None:
            raise ModelError("training needs sklearn, which is not installed")
        return self.learning()

    def open_backbone(self, name: str) -> Backbone:
        assert self.backbone is not None
        assert name == self.backbone.name
        return self.backbone

    def served(self, *, refreshed: bool = True) -> Served:
        shared = SharedStore(self.connect)
        library = Library(shared, self.workspace)
        if refreshed:
            library.refresh()
        tools = Tools(
            learning=self.learn, open_backbone=self.open_backbone, backbone="made", model="mine"
        )
        return Served(
            workspace=self.workspace,
            media=Media(self.workspace),
            store=shared,
            library=library,
            open_vault=self.open_vault,
            trainer=Trainer(
                tools, workspace=self.workspace, open_store=shared, when_done=library.refresh
            ),
        )


@pytest.fixture
def visit() -> Callable[..., Any]:
    """Visit an app from an address."""
    return visiting


@pytest.fixture(scope="session")
def passwords() -> Passwords:
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    return Passwords(hashes={Role.CURATOR: hasher.hash(CURATOR), Role.VIEWER: hasher.hash(VIEWER)})


def inspected(file: StoredFile, *, stripped: bool) -> Inspection:
    return inspection(
        stripped=stripped,
        fetched_sha256=file.sha256,
        make="Canon",
        model="EOS 70D",
        flatness=0.1,
    )


def personal() -> dict[str, Any]:
    """Return what is personal of a photo, all of it made of one word."""
    exif = json.dumps({"reader": "made", "groups": {"IFD0": {"Artist": {"value": SECRET}}}})
    written = {"author_id": SECRET, "author_name": SECRET, "text": SECRET}
    return {
        "owner": Owner(id=SECRET, name=SECRET, path_alias=SECRET, real_name=SECRET, credit=SECRET),
        "exif": exif,
        "api_exif": exif,
        "comments": (Comment(**written),),
        "notes": (Note(**written),),
    }


@pytest.fixture
def photos(keep_file: Callable[[bytes], StoredFile], picture: Callable[..., bytes]) -> list[Photo]:
    """Four photos: two of one file's making, one without a file, one of the other search."""
    files = [
        keep_file(picture(colour, name=SECRET if colour == "red" else ""))
        for colour in ("red", "green", "blue")
    ]
    base = Photo(
        id=PhotoId("flickr:1"),
        title="<script>alert(1)</script> wild 猿",
        description='<a href="javascript:alert(1)">here</a> \u202egpj.exe',
        tags=("monkey", "<img src=x onerror=alert(1)>"),
        license=License("cc-by-2.0"),
        taken=TakenDate(local=datetime(2016, 12, 19, 8, 31, 6)),
        coordinates=Coordinates(latitude=5.84, longitude=118.12),
        views=817,
        searches=(SearchHit(term="monkey", run="one"),),
        place=Place(country_code="MY", country="Malaysia", city="Sandakan", gazetteer="made"),
    )
    group = (DuplicateGroup(kind=DuplicateKind.COPY, group="flickr:1", best=True),)
    first = replace(
        base,
        file=files[0],
        inspection=inspected(files[0], stripped=False),
        duplicates=group,
        **personal(),
    )
    second = replace(
        base,
        id=PhotoId("flickr:2"),
        title="Second",
        views=3,
        taken=TakenDate(local=datetime(2004, 1, 2, 3, 4, 5)),
        file=files[1],
        inspection=inspected(files[1], stripped=True),
        duplicates=(replace(group[0], best=False),),
    )
    third = replace(
        base,
        id=PhotoId("flickr:3"),
        title=None,
        taken=None,
        coordinates=None,
        place=None,
        views=None,
        searches=(SearchHit(term="parrot", run="two"),),
        license=License.ALL_RIGHTS_RESERVED,
    )
    fourth = replace(
        base,
        id=PhotoId("flickr:4"),
        title="Fourth",
        file=files[2],
        searches=(SearchHit(term="parrot", run="two"),),
    )
    return [first, second, third, fourth]


@pytest.fixture
def setting(store: Store, workspace: Path, vault: Vault, photos: list[Photo]) -> Setting:
    """A workspace with four photos."""
    store.put(map(vault.seal, photos), stages=tuple(Stage))
    store.save_duplicates({each.id: each.duplicates for each in photos if each.duplicates})
    adopt_keys(store, vault.ring)
    return Setting(store=store, workspace=workspace, vault=vault)


@pytest.fixture
def empty(store: Store, workspace: Path, vault: Vault) -> Setting:
    """A workspace without photos."""
    workspace.mkdir()
    return Setting(store=store, workspace=workspace, vault=vault)


Open = Callable[..., Any]


@pytest.fixture
async def opened() -> AsyncIterator[Open]:
    """Open an app, and return it; it is closed at the end."""
    everything: list[Served] = []

    def open_app(setting: Setting, **access: Any) -> FastAPI:
        served = setting.served()
        everything.append(served)
        hosts = Hosts(bound="127.0.0.1")
        known = Access(hosts=hosts, passwords=setting.passwords, user="ann", **access)
        return create_app(served, access=known)

    yield open_app
    for served in everything:
        served.trainer.close()
        served.library.close()


@pytest.fixture
async def ann(setting: Setting, opened: Open) -> AsyncIterator[Visitor]:
    """Somebody at the machine itself, where there is no password."""
    async with visiting(opened(setting), address="127.0.0.1") as visitor:
        yield visitor


@pytest.fixture
def guarded(setting: Setting, opened: Open, passwords: Passwords) -> FastAPI:
    """An app with passwords."""
    setting.passwords = passwords
    return opened(setting)


@pytest.fixture
async def stranger(guarded: FastAPI) -> AsyncIterator[Visitor]:
    """Somebody who has not logged in."""
    async with visiting(guarded) as visitor:
        yield visitor


@pytest.fixture
async def viewer(guarded: FastAPI) -> AsyncIterator[Visitor]:
    """Somebody who may look."""
    async with visiting(guarded) as visitor:
        assert (await visitor.log_in(VIEWER)).status_code == 303
        yield visitor


@pytest.fixture
async def curator(guarded: FastAPI) -> AsyncIterator[Visitor]:
    """Somebody who may do everything."""
    async with visiting(guarded) as visitor:
        assert (await visitor.log_in(CURATOR, name="Carol")).status_code == 303
        yield visitor
