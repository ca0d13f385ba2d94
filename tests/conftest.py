"""What many tests stand on: the imitation of Flickr, a database server, the command line."""

import asyncio
import base64
import json
import shutil
import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import onnx
import pytest
from hypothesis import HealthCheck, settings
from onnx import TensorProto, helper, numpy_helper
from PIL import Image
from pymongo import MongoClient
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from smart_image_scraper.cli import run
from smart_image_scraper.demo import (
    DEMO_KEY,
    Catalogue,
    CommonsSite,
    FlickrSite,
    INaturalistSite,
    WikidataSite,
)
from smart_image_scraper.encrypt import KeyRing, Vault
from smart_image_scraper.store import Store
from smart_image_scraper.store.mongod import ManagedMongod
from tests.made.progress import QuietProgress

# How long an example takes says nothing on a machine that others use, too. The examples are always
# the same: what is released does not hang on chance. `--hypothesis-profile=other-examples` looks at
# others each time.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("same-examples", unhurried, derandomize=True)
settings.register_profile("other-examples", unhurried)
settings.load_profile("same-examples")

# Shells start what is in the background deaf to Ctrl-C, and so would be what tests press it for.
signal.signal(signal.SIGINT, signal.default_int_handler)

SHARED = Path(__file__).parents[1] / ".." / "shared"

Site = TypeVar("Site", FlickrSite, CommonsSite, INaturalistSite, WikidataSite)

BROWSER, JOURNEYS = "tests/web/browser/", "tests/journeys/"


class WholeFiles(LoadScopeScheduling):
    """Gives each worker whole files, and all that is done in the browser to one of them.

    The browser and the servers whose pages it shows take half a minute to start.
    """

    def _split_scope(self, nodeid: str) -> str:
        return BROWSER if nodeid.startswith(BROWSER) else nodeid.partition("::")[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> WholeFiles:
    """Share tests out in the order in which they stand, not files with many tests first."""
    config.option.loadscopereorder = False
    return WholeFiles(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, so that no worker is left alone with it at the end."""
    items.sort(key=lambda item: not item.nodeid.startswith((BROWSER, JOURNEYS)))


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, object, object]:
    """Take away what processes that were killed had only begun to write of what they covered."""
    done = yield
    if not hasattr(session.config, "workerinput"):
        for written in session.config.rootpath.glob(".coverage.*"):
            if not written.name.endswith("-journal") and not _is_coverage(written):
                written.unlink()
    return done


def _is_coverage(written: Path) -> bool:
    with closing(sqlite3.connect(written)) as data:
        try:
            data.execute("SELECT version FROM coverage_schema")
        except sqlite3.Error:
            return False
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a command did: its exit code and what it said."""

    code: int
    out: str
    err: str


class VisionService:
    """An imitation of Google Vision: it keeps to its limits, and tells what it was sent.

    It answers by an image's colour, so that an answer to another image is noticed.
    """

    KEY = "AIza-a-secret"
    RED, GREEN, BLUE, GREY = (200, 30, 30), (30, 200, 30), (30, 30, 200), (128, 128, 128)

    def __init__(self) -> None:
        self.labels: dict[tuple[int, int, int], list[dict[str, Any]]] = {
            self.RED: [label("Rhesus macaque", 0.93), label("Wildlife", 0.8)],
            self.GREEN: [label("Chain-link fencing", 0.75), label("Cabinet", 0.9)],
            self.BLUE: [],
            self.GREY: [label("Magnet", 0.88)],
        }
        self.replies: list[tuple[int, dict[str, Any], dict[str, str]]] = []
        self.image_errors: dict[tuple[int, int, int], list[int]] = {}
        self.requests: list[int] = []
        self.latency_s = 0.0
        self.images: list[Image.Image] = []
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status, reply, headers = service.reply(self, body)
                content = json.dumps(reply).encode()
                self.send_response(status)
                for name, value in {"Content-Type": "application/json", **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def fail_next(self, *statuses: int, **headers: str) -> None:
        """Answer the next requests with these statuses."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.replies += [(*refusal(status, f"status {status}"), named) for status in statuses]

    def reply(
        self, handler: BaseHTTPRequestHandler, body: bytes
    ) -> tuple[int, dict[str, Any], dict[str, str]]:
        assert handler.path.startswith("/v1/images:annotate")
        assert self.KEY not in handler.path
        if handler.headers.get("X-Goog-Api-Key") != self.KEY:
            return *refusal(400, "API key not valid.", reason="API_KEY_INVALID"), {}
        requests = json.loads(body)["requests"]
        self.requests.append(len(requests))
        if len(body) > 10_485_760:
            return *refusal(400, "Request payload size exceeds the limit: 10485760 bytes."), {}
        if len(requests) > 16:
            return *refusal(400, "Too many images per request."), {}
        time.sleep(self.latency_s)
        if self.replies:
            return self.replies.pop(0)
        return 200, {"responses": [self._answer(request) for request in requests]}, {}

    def _answer(self, request: dict[str, Any]) -> dict[str, Any]:
        assert request["features"] == [
            {"type": 4, "maxResults": 50, "model": "builtin/stable"}  # 4: label detection
        ]
        with Image.open(BytesIO(base64.b64decode(request["image"]["content"]))) as image:
            image.load()
        self.images.append(image)
        seen = image.resize((1, 1)).getpixel((0, 0))
        assert isinstance(seen, tuple)
        colour = min(
            self.labels,
            key=lambda known: sum(abs(a - b) for a, b in zip(known, seen, strict=True)),
        )
        if self.image_errors.get(colour):
            code = self.image_errors[colour].pop(0)
            return {"error": {"code": code, "message": f"error {code}"}}
        labels = self.labels[colour]
        return {"labelAnnotations": labels} if labels else {}


def label(description: str, score: float) -> dict[str, Any]:
    """A label as the service writes it."""
    return {"mid": "/m/1", "description": description, "score": score, "topicality": score}


def refusal(status: int, message: str, *, reason: str = "") -> tuple[int, dict[str, Any]]:
    """A refusal as Google's services write it."""
    details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason}]
    error = {"code": status, "message": message, "details": details if reason else []}
    return status, {"error": error}


@pytest.fixture
def vision_service() -> Iterator[VisionService]:
    """An imitation of Google Vision over real HTTP."""
    service = VisionService()
    thread = threading.Thread(target=service.server.serve_forever, args=(0.01,))
    thread.start()
    yield service
    service.server.shutdown()
    service.server.server_close()
    thread.join()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real photos and recorded answers, which are not part of the project."""
    if not SHARED.is_dir():
        pytest.skip("needs ../shared, whose photos and recordings are not ours to pass on")
    return SHARED.resolve()


@pytest.fixture
def run_site() -> Iterator[Callable[[Site], Site]]:
    """Runs imitations of sites in a thread of their own, so that blocking code can talk to them."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    with ExitStack() as sites:

        def run(site: Site) -> Site:
            asyncio.run_coroutine_threadsafe(site.__aenter__(), loop).result()
            sites.callback(
                lambda: asyncio.run_coroutine_threadsafe(site.__aexit__(), loop).result()
            )
            return site

        yield run
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture
def flickr_of(run_site: Callable[[FlickrSite], FlickrSite]) -> Callable[[Catalogue], FlickrSite]:
    """Imitations of Flickr that blocking code can talk to."""
    return lambda catalogue: run_site(FlickrSite(catalogue))


COLOURS = {
    "red": (1, -1, -1),
    "green": (-1, 1, -1),
    "blue": (-1, -1, 1),
    "yellow": (1, 1, -1),
    "white": (1, 1, 1),
}
"""What the made image-text model knows: words, and the colours that it sees of them."""


@pytest.fixture(scope="session")
def made_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made image-text model of real ONNX towers, which scores colours.

    The image tower sees an image's mean colour, the text tower adds up the colours of a text's
    words, and both say them in the first 3 of 768 numbers. It is in the layout of transformers.js;
    the folder beside it, ``open-clip``, holds the same in that of OpenCLIP.
    """
    folder = tmp_path_factory.mktemp("model")
    vision, text = folder / "onnx" / "vision_model.onnx", folder / "onnx" / "text_model.onnx"
    vision.parent.mkdir()
    onnx.save(_image_tower(), vision)
    onnx.save(_text_tower(), text)
    words = {"<pad>": 0, "<unk>": 1} | {word: 2 + at for at, word in enumerate(COLOURS)}
    tokenizer = Tokenizer(WordLevel(words, unk_token="<unk>"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    configurations = {
        "config.json": {"pad_token_id": 0},
        "tokenizer_config.json": {"model_max_length": 64, "pad_token": "<pad>"},
        "special_tokens_map.json": {"pad_token": "<pad>", "unk_token": "<unk>"},
        "preprocessor_config.json": {
            "image_processor_type": "SiglipImageProcessor",
            "do_resize": True,
            "size": {"height": 224, "width": 224},
            "resample": 2,
            "do_rescale": True,
            "rescale_factor": 1 / 255,
            "do_normalize": True,
            "image_mean": [0.5] * 3,
            "image_std": [0.5] * 3,
        },
    }
    for name, configuration in configurations.items():
        (folder / name).write_text(json.dumps(configuration))
    for tower, path in (("visual", vision), ("textual", text)):
        place = folder / "open-clip" / tower
        place.mkdir(parents=True)
        shutil.copy(path, place / "model.onnx")
        shutil.copy(folder / "tokenizer.json", place)
    return folder


def _image_tower() -> onnx.ModelProto:
    nodes = [
        helper.make_node("ReduceMean", ["pixel_values"], ["colour"], axes=[2, 3], keepdims=0),
        helper.make_node("MatMul", ["colour", "weights"], ["pooler_output"]),
    ]
    entry = helper.make_tensor_value_info("pixel_values", TensorProto.FLOAT, ["n", 3, 224, 224])
    weights = numpy_helper.from_array(np.eye(3, 768, dtype=np.float32), "weights")
    return _tower(nodes, entry=entry, weights=weights)


def _text_tower() -> onnx.ModelProto:
    rows = np.zeros((2 + len(COLOURS), 768), np.float32)
    rows[2:, :3] = list(COLOURS.values())
    nodes = [
        helper.make_node("Gather", ["weights", "input_ids"], ["words"]),
        helper.make_node("ReduceMean", ["words"], ["pooler_output"], axes=[1], keepdims=0),
    ]
    entry = helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["n", 64])
    return _tower(nodes, entry=entry, weights=numpy_helper.from_array(rows, "weights"))


def _tower(
    nodes: list[onnx.NodeProto], *, entry: onnx.ValueInfoProto, weights: onnx.TensorProto
) -> onnx.ModelProto:
    output = helper.make_tensor_value_info("pooler_output", TensorProto.FLOAT, ["n", 768])
    graph = helper.make_graph(nodes, "made", [entry], [output], [weights])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8)


@pytest.fixture
def flickr(
    request: pytest.FixtureRequest, flickr_of: Callable[[Catalogue], FlickrSite]
) -> FlickrSite:
    """An imitation of Flickr; a test that wants another one than 60 made photos gives it."""
    return flickr_of(getattr(request, "param", None) or Catalogue.made(60))


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace that is not there yet."""
    return tmp_path / "workspace"


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a database server that lives as long as the tests."""
    with ManagedMongod(tmp_path_factory.mktemp("server"), cache_gb=0.25) as uri:
        yield uri


class Databases:
    """Databases on a server, which tests have one after the other.

    To empty one costs a twentieth of making one, and most tests need one.
    """

    def __init__(self, client: MongoClient[dict[str, Any]]) -> None:
        self._client = client
        self._free: list[str] = []
        self._numbers = count(1)

    @contextmanager
    def borrowed(self) -> Iterator[str]:
        """Give the name of a database without documents, and take all of them out afterwards."""
        name = self._free.pop() if self._free else f"test-{next(self._numbers)}"
        yield name
        for collection in self._client[name].list_collection_names():
            self._client[name][collection].delete_many({})
        self._free.append(name)


@pytest.fixture(scope="session")
def databases(server: str) -> Iterator[Databases]:
    """The common server's databases."""
    with MongoClient[dict[str, Any]](server) as client:
        yield Databases(client)


@pytest.fixture
def database_name(databases: Databases) -> Iterator[str]:
    """The name of a database on the common server that is the test's alone."""
    with databases.borrowed() as name:
        yield name


@pytest.fixture
def store(server: str, database_name: str) -> Iterator[Store]:
    """A store whose database is the test's alone."""
    with Store.connect(server, database=database_name) as store:
        yield store


@pytest.fixture(scope="session")
def vault() -> Vault:
    """What seals and opens with keys that are made for the tests."""
    return Vault(KeyRing.new())


@pytest.fixture
def progress() -> QuietProgress:
    """Progress that counts, and shows nothing."""
    return QuietProgress()


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where models that are made once are kept, for all tests."""
    return tmp_path_factory.mktemp("models")


@pytest.fixture
def environment(
    tmp_path: Path, workspace: Path, server: str, database_name: str, models: Path
) -> dict[str, str]:
    """The settings that every command of a test gets; a test may change them.

    The database is one on the common server, since starting a server for each command takes a
    second; ``SIS_DB=""`` has a command manage its own, as users' commands do.
    """
    return {
        "SIS_WORKSPACE": str(workspace),
        "SIS_STATE_DIR": str(tmp_path / "state"),
        "SIS_MODELS_DIR": str(models),
        "SIS_DB": server.replace("/?", f"/{database_name}?"),
    }


@pytest.fixture
def at_flickr(environment: dict[str, str], flickr: FlickrSite) -> FlickrSite:
    """The imitation of Flickr, with the settings that let commands use it."""
    environment["SIS_FLICKR_URL"] = flickr.endpoint
    environment["SIS_ALLOW_ADDRESSES"] = ",".join(flickr.addresses)
    environment["SIS_IMAGES_PER_SECOND"] = "0"
    environment["SIS_FLICKR_KEY"] = DEMO_KEY
    return flickr


@pytest.fixture
def sis(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    environment: dict[str, str],
) -> Callable[..., Outcome]:
    """Run a command in an empty folder, with a workspace and settings of its own."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)

    def call(*arguments: str, **changed: str) -> Outcome:
        with monkeypatch.context() as patch:
            for name, value in {**environment, **changed}.items():
                patch.setenv(name, value)
            code = run(arguments)
        said = capsys.readouterr()
        return Outcome(code=code, out=said.out, err=said.err)

    return call
