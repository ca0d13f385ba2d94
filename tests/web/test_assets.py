from pathlib import Path

from smart_image_scraper.web.assets import find_assets, media_type, modules_of


def test_the_revision_changes_with_any_content_and_any_name(tmp_path: Path) -> None:
    (tmp_path / "js").mkdir()
    (tmp_path / "js" / "main.js").write_text("one")
    first = find_assets(tmp_path)

    (tmp_path / "js" / "main.js").write_text("two")
    changed = find_assets(tmp_path)
    (tmp_path / "js" / "main.js").rename(tmp_path / "js" / "other.js")
    renamed = find_assets(tmp_path)

    assert set(first.paths) == {"js/main.js"}
    assert first.prefix == f"/static/{first.revision}"
    assert len({first.revision, changed.revision, renamed.revision}) == 3
    assert find_assets(tmp_path) == renamed


def test_links_and_hidden_files_are_no_files_of_the_page(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("secret")
    (tmp_path / "link.js").symlink_to(tmp_path / ".env")

    assert find_assets(tmp_path).paths == {}


def test_a_type_is_told_whatever_the_system_thinks() -> None:
    assert media_type("js/main.js") == "text/javascript"
    assert media_type("css/base.css") == "text/css"
    assert media_type("icon.svg") == "image/svg+xml"
    assert media_type("vendor/countries.json") == "application/json"
    assert media_type("odd.thing") == "application/octet-stream"


def test_a_page_is_told_of_all_modules_that_it_begins_with(tmp_path: Path) -> None:
    texts = {
        "js/main.js": 'import { App } from "./app.js";\nconst map = () => import("./map.js");\n',
        "js/app.js": 'import {\n  h,\n} from "../vendor/h.js";\nimport "./main.js"; // "./no.js"',
        "vendor/h.js": 'import{a as b}from"./a.js";export*from"./gone.js"',
        "vendor/a.js": "",
        "js/map.js": "",
        "js/no.js": "",
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)

    modules = modules_of(find_assets(tmp_path), "js/main.js")

    assert sorted(modules) == ["js/app.js", "js/main.js", "vendor/a.js", "vendor/h.js"]
