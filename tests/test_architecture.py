"""Holds the sources to the house rules: sizes, names, imports, dependencies, and what must never be in them."""

import ast
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from statistics import median
from types import UnionType

import pytest

from tests.checkout import ROOT

SOURCES = ROOT / "desktop" / "keyrack"
MODULES = sorted(SOURCES.rglob("*.py"))
PROGRAM = [*MODULES, *sorted((ROOT / "packaging").rglob("*.py")), ROOT / "desktop" / "__main__.py"]
LOCKS = [ROOT / "packaging" / f"requirements{kind}.txt" for kind in ("", "-tests", "-packages")]
LAZY = {
    "app.py",
    "__main__.py",
    "cli/arguments.py",
    "language/translation.py",
    "startup/preflight.py",
    "net/client/http_client.py",
    "primitives/failure.py",
    "core/several_hosts.py",
    "core/vault/keyring_vault.py",
    "core/history/history_thread.py",
    "ui/window/pages.py",
    "ui/window/program_pages.py",
    "broker/routes/diagnostics_routes.py",
}  # start-up laziness, stated in the design
Function = ast.FunctionDef | ast.AsyncFunctionDef
Kind = type[ast.AST] | tuple[type[ast.AST], ...] | UnionType


@pytest.fixture(scope="module", autouse=True)
def _trees_are_forgotten() -> Iterator[None]:
    yield
    parsed.cache_clear()
    every_node.cache_clear()


@cache  # most rules read every module
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def every_node(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(parsed(path)))


def nodes(kind: Kind, paths: list[Path]) -> Iterator[tuple[Path, ast.AST]]:
    for path in paths:
        for node in every_node(path):
            if isinstance(node, kind):
                yield path, node


def lines_of(node: ast.AST) -> int:
    assert isinstance(node, ast.stmt)
    assert node.end_lineno
    return node.end_lineno - node.lineno + 1


def tracked() -> list[Path]:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git repository")
    return [path for part in listed.stdout.split("\0") if part and (path := ROOT / part).is_file()]


def test_modules_are_short() -> None:
    sizes = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in PROGRAM}
    assert {path: size for path, size in sizes.items() if size > 300} == {}
    assert median(size for size in sizes.values() if size > 1) <= 100


def test_no_folder_is_crowded() -> None:
    counted = Counter(path.parent.relative_to(ROOT).as_posix() for path in MODULES if path.name != "__init__.py")
    assert {folder: count for folder, count in counted.items() if count > 16} == {}


def test_no_module_name_is_used_twice() -> None:
    counted = Counter(path.stem for path in MODULES if path.stem not in ("__init__", "__main__"))
    assert {stem: count for stem, count in counted.items() if count > 1} == {}


def test_no_room_above_the_providers_decides_by_a_providers_name() -> None:
    """What differs is a choice in the provider's file or a protocol in `providers/api`, never a compared name."""
    ids = {path.stem for path in (SOURCES / "providers").glob("*.toml")} | {"fast_api_key"}
    rooms = [path for path in MODULES if path.relative_to(SOURCES).parts[0] in ("core", "broker", "ui", "cli", "agent")]
    found = [
        f"{name(path)}:{getattr(node, 'lineno', '?')}" for path, node in nodes(ast.Constant, rooms) if _names(node, ids)
    ]
    assert found == []


def _names(node: ast.AST, ids: set[str]) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in ids


def test_no_public_class_name_is_used_twice() -> None:
    """The sandbox may have its own: it plays the other side and imports no other room."""
    product = [path for path in MODULES if path.relative_to(SOURCES).parts[0] != "sandbox"]
    counted = Counter(
        node.name
        for path in product
        for node in parsed(path).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert {each: count for each, count in counted.items() if count > 1} == {}


def test_every_room_is_introduced_and_holds_no_code_there() -> None:
    """What the room is for, the rule that holds in it, and which file to open first, in 3 to 8 lines."""
    wrong = {}
    for path in MODULES:
        if path.name == "__init__.py" and path.parent != SOURCES:
            lines = len((ast.get_docstring(parsed(path)) or "").splitlines())
            if not 3 <= lines <= 8 or len(parsed(path).body) != 1:
                wrong[name(path)] = lines
    assert wrong == {}


def test_the_readmes_map_is_the_tree() -> None:
    """Every room of the first level and of the core is in the map, and the map names no room or file that is not."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    drawn = text.partition("## Map of the rooms")[2].partition("```\n")[2].partition("```")[0]
    folders = {path.name for path in SOURCES.rglob("*") if path.is_dir() and path.name != "__pycache__"}
    rooms = {path.parent.name for path in [*SOURCES.glob("*/__init__.py"), *SOURCES.glob("core/*/__init__.py")]}
    named = set(re.findall(r"([\w-]+)/(?= |\n|,|$)", drawn))
    assert rooms - named == set()
    outside = {
        "desktop",
        "docs",
        "findings",
        "keyrack",
        "packaging",
        "publishing",
        "resources",
        "shipping",
        "tests",
        "campaigns",
        "independent",
        "pictures",
        "recipes",
    }
    assert named - folders - outside == set()
    files = {path.name for path in tracked()} | {"requirements.md", "pyproject.toml"}
    assert (
        set(re.findall(r"(\w+\.(?:py|md|toml))\b", drawn.replace("<id>.toml", "").replace("<id>.py", ""))) - files
        == set()
    )


def test_what_a_page_or_an_introduction_names_is_there() -> None:
    """Each file in backticks lies in the room, above or below it, in the package, or in the checkout."""
    pages = {path: path.read_text(encoding="utf-8") for path in SOURCES.rglob("README.md")}
    pages |= {path: ast.get_docstring(parsed(path)) or "" for path in MODULES if path.name == "__init__.py"}
    missing = []
    for page, text in pages.items():
        folders = (page.parent, page.parent.parent, SOURCES, SOURCES.parent, ROOT)
        for file in re.findall(r"`((?:\.\./)*[\w/-]+\.(?:py|toml|md))`", text):
            below = "/" not in file and any(page.parent.rglob(file))
            if not below and not any((folder / file).exists() for folder in folders):
                missing.append(f"{name(page)}: {file}")
    assert missing == ["desktop/keyrack/providers/README.md: my-exchange.toml"]  # the reader's own file


def test_docstrings_say_one_thought_a_sentence() -> None:
    """No semicolon joins two thoughts; code in backticks may hold one."""
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    joined = [
        f"{name(path)}:{getattr(node, 'name', 'module')}"
        for path, node in nodes(kinds, PROGRAM)
        if isinstance(node, kinds) and ";" in re.sub(r"`[^`]*`", "", ast.get_docstring(node) or "")
    ]
    assert joined == []


def test_functions_are_short() -> None:
    functions = [
        (f"{name(path)}:{node.name}", node) for path, node in nodes(Function, PROGRAM) if isinstance(node, Function)
    ]
    assert {place: lines_of(node) for place, node in functions if lines_of(node) > 50} == {}
    assert median(lines_of(node) for _, node in functions) <= 8


def test_classes_are_small() -> None:
    too_big = {}
    for path, node in nodes(ast.ClassDef, PROGRAM):
        assert isinstance(node, ast.ClassDef)
        methods = sum(isinstance(member, Function) for member in node.body)
        if lines_of(node) > 200 or methods > 20:
            too_big[f"{name(path)}:{node.name}"] = (lines_of(node), methods)
    assert too_big == {}


def test_names_say_what_a_thing_is() -> None:
    forbidden = {"utils", "util", "helpers", "helper", "common", "misc"}
    assert [name(path) for path in PROGRAM if forbidden & {path.stem, *path.relative_to(ROOT).parts[:-1]}] == []
    classes = [node.name for _, node in nodes(ast.ClassDef, PROGRAM) if isinstance(node, ast.ClassDef)]
    assert [each for each in classes if each.endswith(("Manager", "Controller"))] == []


def test_no_imports_inside_functions() -> None:
    hidden = []
    for path, function in nodes(Function, MODULES):
        if path.relative_to(SOURCES).as_posix() in LAZY:
            continue
        inner = [node for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom)]
        hidden += [f"{name(path)}:{node.lineno}" for node in inner]
    assert sorted(set(hidden)) == []


def test_every_module_says_what_it_is_for() -> None:
    assert [name(path) for path in PROGRAM if not ast.get_docstring(parsed(path))] == []


def test_public_names_have_a_docstring() -> None:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    bare = [
        f"{name(path)}:{node.name}"
        for path in PROGRAM
        for node in parsed(path).body
        if isinstance(node, kinds) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    assert bare == []


@pytest.mark.security("S110")
def test_dangerous_calls_are_absent() -> None:
    found = []
    for path, node in nodes((ast.Name, ast.Attribute, ast.keyword, ast.Constant), PROGRAM):
        if is_dangerous(node):
            found.append(f"{name(path)}:{getattr(node, 'lineno', '?')}")
    assert found == []


def is_dangerous(node: ast.AST) -> bool:
    match node:
        case ast.Name(id="eval" | "exec" | "CERT_NONE" | "__import__"):
            return True
        case ast.Attribute(attr="CERT_NONE" | "_create_unverified_context"):
            return True
        case ast.Attribute(value=ast.Name(id="pickle" | "yaml" | "marshal" | "shelve"), attr="load" | "loads" | "open"):
            return True
        case ast.keyword(arg="verify" | "check_hostname", value=ast.Constant(value=False)):
            return True
        case ast.keyword(arg="shell", value=ast.Constant(value=True)):
            return True
        case ast.Constant(value="0.0.0.0" | "::"):
            return True
    return False


@pytest.mark.security("S110")
@pytest.mark.parametrize(
    "line",
    [
        "eval('1')",
        "ssl.CERT_NONE",
        "pickle.loads(b'')",
        "yaml.load(text)",
        "httpx.get(url, verify=False)",
        "subprocess.run('ls', shell=True)",
        "sock.bind(('0.0.0.0', 0))",
    ],
)
def test_the_rule_sees_each_dangerous_call(line: str) -> None:
    assert any(is_dangerous(node) for node in ast.walk(ast.parse(line)))


@pytest.mark.security("S110")
def test_the_linter_refuses_dangerous_calls(tmp_path: Path) -> None:
    source = tmp_path / "bad.py"
    source.write_text(
        "import pickle\nimport subprocess\n\nimport httpx\nimport yaml\n\n\ndef bad(text, sock):\n"
        "    eval(text)\n    pickle.loads(text)\n    yaml.load(text)\n    subprocess.run(text, shell=True)\n"
        "    httpx.get(text, verify=False)\n    sock.bind(('0.0.0.0', 0))\n"
    )
    command = [
        sys.executable,
        "-m",
        "ruff",
        "check",
        "--config",
        str(ROOT / "pyproject.toml"),
        "--output-format",
        "concise",
    ]
    output = subprocess.run([*command, str(source)], capture_output=True, text=True, check=False).stdout
    assert {"S307", "S301", "S506", "S602", "S501", "S104"} <= set(re.findall(r"\bS\d{3}\b", output))


@pytest.mark.security("S109")
@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_locks_pin_everything_by_hash_and_name_no_host(lock: Path) -> None:
    text = re.sub(r"^#.*\n", "", lock.read_text(encoding="utf-8"), flags=re.MULTILINE)
    requirements = [part for part in re.split(r"\n(?=\S)", text) if part.strip()]
    assert len(requirements) > 20
    for requirement in requirements:
        assert re.match(
            r"[A-Za-z0-9._-]+==[^\s;]+( ;[^\n\\]+)?( \\\n    --hash=sha256:[0-9a-f]{64})+\s*$", requirement
        ), requirement


@pytest.mark.security("S109")
def test_the_locks_agree() -> None:
    pinned = (dict(re.findall(r"^([\w.-]+)==(\S+)", lock.read_text(), re.MULTILINE)) for lock in LOCKS)
    runtime, tests, packages = pinned
    assert runtime.items() <= tests.items() <= packages.items()


@pytest.mark.security("S109")
def test_there_are_few_direct_dependencies_and_each_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert len(project["dependencies"]) <= 10
    locked = set(re.findall(r"^([\w.-]+)==", LOCKS[0].read_text(), re.MULTILINE))
    for requirement in project["dependencies"]:
        plain = re.match(r"[\w.-]+", requirement)
        assert plain
        assert re.sub(r"[-_.]+", "-", plain[0]).lower() in locked


def test_no_tracked_file_names_a_private_place_or_a_package_index() -> None:
    folders = r"work|root|tmp|home/\w+|Users/\w+"
    hosts = "py" + "pi|python" + "hosted|npm" + "js"
    private = re.compile(rf"(?<![\w.])/(?:{folders})(?:/|\b)|//[\w.-]*\b(?:{hosts})\b|\bindex.url\b *[=:]? *http")
    found = []
    for path in tracked():
        if path.suffix in {".png", ".ico"} or path == Path(__file__).resolve() or path.name == "LICENSE":
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if private.search(line):
                found.append(f"{name(path)}:{number}")
    assert found == []


def test_qt_gives_back_its_references_to_none() -> None:
    """PySide6 6.12.0 loses one per void call below Python 3.12, and the process dies after some thousands."""
    widgets = pytest.importorskip("PySide6.QtWidgets")
    if sys.version_info >= (3, 12):
        pytest.skip("None is immortal here")
    application = widgets.QApplication.instance() or widgets.QApplication([])
    label = widgets.QLabel()
    before = sys.getrefcount(None)
    for count in range(100):
        label.setText(str(count))
        label.update()
        label.setEnabled(True)
    assert abs(sys.getrefcount(None) - before) < 50
    del label, application


def test_nothing_asks_a_layout_for_its_items() -> None:
    """PySide6 6.11.3 knows an item by its address after Qt has deleted it, and gives it out for a widget made there."""
    asked = [
        f"{name(path)}:{node.lineno}"
        for path, node in nodes(ast.Call, PROGRAM)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "itemAt"
    ]
    assert asked == []


def test_a_wheel_holds_every_room_and_every_icon() -> None:
    packed = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]
    rooms = {".".join(path.parent.relative_to(ROOT / "desktop").parts) for path in SOURCES.rglob("__init__.py")}
    assert set(packed["packages"]) == {*rooms, "keyrack._resources"}
    data = packed["package-data"]
    icons = {path for path in (ROOT / "resources" / "icons").rglob("*") if path.is_file()}
    assert {path for glob in data["keyrack._resources"] for path in (ROOT / "resources").glob(glob)} >= icons
    assert set(SOURCES.rglob("*.toml")) == set((SOURCES / "providers").glob(data["keyrack.providers"][0]))


TESTS = sorted((ROOT / "tests").rglob("*.py"))
PATCHES = re.compile(
    r"\bmonkeypatch\.\w+\(|\.setattr\(|\.patch\(|\bpatch\.\w+\(|\b(?:Async|Magic)?Mock\(|\[method-assign"
)


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and name != "_"


def private_names_of_the_product() -> set[str]:
    named: set[str] = set()
    for _, node in nodes((*Function.__args__, ast.ClassDef, ast.Name, ast.Attribute), MODULES):
        match node:
            case ast.FunctionDef(name=found) | ast.AsyncFunctionDef(name=found) | ast.ClassDef(name=found):
                named.add(found)
            case ast.Name(id=found, ctx=ast.Store()) | ast.Attribute(attr=found, ctx=ast.Store()):
                named.add(found)
    return {found for found in named if is_private(found)}


def names_reached(node: ast.AST) -> list[str]:
    """The names that an expression reaches in something else: an attribute, an import, or one given to `setattr`."""
    match node:
        case ast.Attribute(value=ast.Name(id="self" | "cls") | ast.Call(func=ast.Name(id="super"))):
            return []
        case ast.Attribute(attr=found):
            return [found]
        case ast.ImportFrom(module=str(module), names=names) if module.split(".")[0] == "keyrack":
            return [alias.name for alias in names]
        case ast.Call(func=ast.Name(id=called) | ast.Attribute(attr=called)) if "attr" in called or "patch" in called:
            texts = [each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
            return [part for text in texts for part in text.split(".")]
    return []


def test_tests_reach_no_private_name_of_the_product() -> None:
    private = private_names_of_the_product()
    assert len(private) > 500
    reached = [
        f"{name(path)}:{getattr(node, 'lineno', '?')} {found}"
        for path, node in nodes((ast.Attribute, ast.ImportFrom, ast.Call), TESTS)  # all that names_reached looks at
        for found in names_reached(node)
        if found in private
    ]
    assert reached == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("rack.parts._files", ["_files"]),
        ("from keyrack.core.rack import _made", ["_made"]),
        ("patch.setattr('keyrack.core.rack._LIMIT', 3)", ["_LIMIT"]),
        ("setattr(rack, '_files', None)", ["_files"]),
        ("object.__setattr__(rack, '_files', None)", ["_files"]),
        ("self._own", []),
    ],
)
def test_the_rule_sees_each_private_reach(line: str, found: list[str]) -> None:
    reached = [each for node in ast.walk(ast.parse(line)) for each in names_reached(node)]
    assert [each for each in reached if is_private(each)] == found


def test_few_tests_patch_anything() -> None:
    """Most tests run the parts themselves. Changes of the environment count as well."""
    tests = sum(node.name.startswith("test_") for _, node in nodes(Function, TESTS) if isinstance(node, Function))
    texts = [path.read_text(encoding="utf-8") for path in TESTS if path != Path(__file__).resolve()]
    patches = sum(len(PATCHES.findall(text)) for text in texts)
    assert patches / tests <= 0.04, f"{patches} patches in {tests} tests"


def test_a_test_file_named_after_a_module_lies_in_its_room() -> None:
    """Other test files are named after an aspect. Tests of the whole program have folders without a room."""
    rooms = {path.stem: path.parent.relative_to(SOURCES) for path in MODULES if not path.stem.startswith("_")}
    aspects = {"tests/sandbox/test_process.py"}
    strays = [
        name(path)
        for path in TESTS
        if path.stem.startswith("test_") and (room := rooms.get(path.stem.removeprefix("test_")))
        if (folder := path.parent.relative_to(ROOT / "tests")) not in (room, *room.parents)
        if folder.as_posix() != "desktop" and name(path) not in aspects
    ]
    assert strays == []
