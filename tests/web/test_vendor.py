"""What the web app brings along of others: it loads as it is, and is named in NOTICE."""

import re
from pathlib import Path

import pytest

import smart_image_scraper

ROOT = Path(__file__).parents[2]
VENDOR = Path(smart_image_scraper.__file__).parent / "web/static/vendor"
FILES = sorted(path for path in VENDOR.rglob("*") if path.is_file())
MODULES = [path for path in FILES if path.suffix == ".js"]
IMPORT = re.compile(r"(?:\bfrom|\bimport)\s*[\"']([^\"']+)[\"']")


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_a_vendored_module_imports_only_files_beside_it(module: Path) -> None:
    imported = IMPORT.findall(module.read_text("utf-8"))

    missing = [name for name in imported if not (module.parent / name).is_file()]

    assert not [name for name in imported if not name.startswith("./")]
    assert not missing


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_notice_names_every_vendored_file_or_its_folder(path: Path) -> None:
    notice = (ROOT / "NOTICE").read_text("utf-8")
    inside = path.relative_to(VENDOR)

    named = f"{inside.parts[0]}/" if len(inside.parts) > 1 else inside.name

    assert re.search(rf"^(\S+, )*{re.escape(named)}(,|$)", notice, re.MULTILINE)


@pytest.mark.parametrize("path", [*MODULES, VENDOR / "leaflet.css"], ids=lambda path: path.name)
def test_a_vendored_file_fetches_nothing_from_elsewhere(path: Path) -> None:
    text = path.read_text("utf-8")

    assert not re.search(r"sourceMappingURL|url\([\"']?https?:|import\([\"']https?:", text)
