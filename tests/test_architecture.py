"""The shape of the code, as CONTRIBUTING.md promises it."""

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import TypeGuard

import pytest

SOURCE = Path(__file__).parents[1] / "src"
MODULES = sorted((SOURCE / "smart_image_scraper").rglob("*.py"))
Function = ast.FunctionDef | ast.AsyncFunctionDef
NESTING = (
    ast.If | ast.For | ast.AsyncFor | ast.While | ast.With | ast.AsyncWith | ast.Try | ast.Match
)


def functions(path: Path) -> Iterator[Function]:
    yield from (
        node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, Function)
    )


def depth(node: ast.AST, level: int = 0) -> int:
    inner = level + isinstance(node, NESTING)
    elif_branch = node.orelse[0] if is_followed_by_elif(node) else None
    levels = {
        child: level if child is elif_branch else inner
        for child in ast.iter_child_nodes(node)
        if not isinstance(child, Function)
    }
    return max([inner, *(depth(child, start) for child, start in levels.items())])


def depth_of_body(function: Function) -> int:
    return max(depth(statement) for statement in function.body)


def is_followed_by_elif(node: ast.AST) -> TypeGuard[ast.If]:
    return isinstance(node, ast.If) and [type(child) for child in node.orelse] == [ast.If]


def positional(function: Function) -> int:
    names = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
    return len([name for name in names if name not in {"self", "cls"}])


def is_command_or_override(function: Function) -> bool:
    names = {ast.unparse(decorator).split("(")[0] for decorator in function.decorator_list}
    is_command = any(".command" in name for name in names)
    return is_command or function.name == "convert" or is_asgi(function)


def is_asgi(function: Function) -> bool:
    """Tell whether a function is called by a web server, which passes these by position."""
    names = [argument.arg for argument in function.args.args]
    return function.name == "__call__" and names == ["self", "scope", "receive", "send"]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_module_is_small_enough_to_read_in_one_go(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 300

    for function in functions(path):
        assert function.end_lineno is not None
        assert function.end_lineno - function.lineno < 50, function.name


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_function_nests_at_most_three_levels(path: Path) -> None:
    deepest = {
        node.name: depth_of_body(node)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, Function)
    }

    assert {name: level for name, level in deepest.items() if level > 3} == {}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_at_most_two_parameters_are_positional(path: Path) -> None:
    for function in functions(path):
        if not is_command_or_override(function):
            assert positional(function) <= 2, function.name


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_every_exported_name_exists(path: Path) -> None:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    if parts[-1] == "__main__":
        return

    module = import_module(".".join(part for part in parts if part != "__init__"))

    for name in getattr(module, "__all__", []):
        assert hasattr(module, name), name


def test_no_module_has_a_name_that_says_nothing() -> None:
    empty_names = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "base"}

    assert [path for path in MODULES if path.stem in empty_names] == []
