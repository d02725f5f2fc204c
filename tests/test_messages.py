"""The catalogue of messages holds every code that the product uses, each with all parameters of its sentences."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from string import Formatter

import pytest

from keyrack.messages.accounts.shared_account_messages import SHARED_ACCOUNT_MESSAGES
from keyrack.messages.catalogue import CATALOGUE
from keyrack.messages.message import Message
from keyrack.messages.sharing_messages import SHARING_MESSAGES
from keyrack.net.network_errors import NetworkFailure, NoResponse, TooLarge, Unreachable
from keyrack.net.proxy.proxy_address import parse
from keyrack.net.proxy.proxy_failures import refused
from keyrack.net.proxy.way import Way
from keyrack.oauth.oauth_errors import AccessDenied, NotYetApproved, WrongIssuer
from keyrack.primitives.failure import Failure
from keyrack.providers.files.load import BadProviderFile
from tests.checkout import DESKTOP

PRODUCT = DESKTOP / "keyrack"
# Where a call of these takes a code, and the parameters that it adds itself.
FUNCTIONS = {"message": (0, set[str]()), "Notice": (0, {"why"}), "note": (0, {"why"})}
MISTAKE = {"file", "line", "key"}


@cache  # most rules look at every call
def by_kind() -> dict[type[ast.AST], list[ast.AST]]:
    """Every class, call and constant of each module that may use a code."""
    found: dict[type[ast.AST], list[ast.AST]] = {ast.ClassDef: [], ast.Call: [], ast.Constant: []}
    for path in PRODUCT.rglob("*.py"):
        if "sandbox" not in path.parts and not path.name.endswith("_messages.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if type(node) in found:
                    found[type(node)].append(node)
    return found


@dataclass(frozen=True)
class Kind:
    """A subclass of Failure: its own codes, the position of the argument `code`, and the parameters that it adds."""

    codes: tuple[str, ...]
    position: int
    adds: frozenset[str]


def nodes(kind: type[ast.AST]) -> Iterator[ast.AST]:
    return iter(by_kind()[kind])


def name_of(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


@cache
def kinds() -> dict[str, Kind]:
    """Every subclass of Failure by its name, and Mistake, which becomes one."""
    found = {"Failure": Kind((), 0, frozenset()), "Mistake": Kind((), 1, frozenset(MISTAKE))}
    classes = [node for node in nodes(ast.ClassDef) if isinstance(node, ast.ClassDef)]
    size = 0
    while size != len(found):
        size = len(found)
        for node in classes:
            parent = next((found[name] for base in node.bases if (name := name_of(base)) in found), None)
            if parent is not None and node.name not in found:
                found[node.name] = kind_of(node, parent)
    return found


def kind_of(node: ast.ClassDef, parent: Kind) -> Kind:
    codes, position, adds = parent.codes, parent.position, set(parent.adds)
    for part in node.body:
        if isinstance(part, ast.Assign) and name_of(part.targets[0]) == "code" and isinstance(part.value, ast.Constant):
            codes = (str(part.value.value),)
        if isinstance(part, ast.FunctionDef) and part.name == "__init__":
            arguments = [argument.arg for argument in part.args.args]
            position = arguments.index("code") - 1 if "code" in arguments else -1
            for call in ast.walk(part):
                if isinstance(call, ast.Call):
                    adds |= {word.arg for word in call.keywords if word.arg}
                    if name_of(call.func) == "__init__" and 0 <= parent.position < len(call.args):
                        codes = tuple(constants(call.args[parent.position])) or codes
                if isinstance(call, ast.Dict):
                    adds |= {str(key.value) for key in call.keys if isinstance(key, ast.Constant)}
    return Kind(codes, position, frozenset(adds))


def constants(node: ast.expr) -> list[str]:
    """The codes that an argument may be: one that is written out, or the two of a choice."""
    if isinstance(node, ast.IfExp):
        return constants(node.body) + constants(node.orelse)
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def given(call: ast.Call) -> set[str] | None:
    """The names of the parameters of a call. None where they are not all written out."""
    names = set[str]()
    for word in call.keywords:
        if word.arg is None or (word.arg == "params" and not isinstance(word.value, ast.Dict)):
            return None
        names.add(word.arg)
    for part in [*call.args, *(word.value for word in call.keywords if word.arg == "params")]:
        if isinstance(part, ast.Dict):
            names |= {str(key.value) for key in part.keys if isinstance(key, ast.Constant)}
    return names


def constructions() -> Iterator[tuple[str, set[str] | None]]:
    """Each code that the product constructs something of, with the names of its parameters where they can be seen."""
    for call in nodes(ast.Call):
        assert isinstance(call, ast.Call)
        name = name_of(call.func)
        kind = kinds().get(name)
        position, adds = (kind.position, set(kind.adds)) if kind is not None else FUNCTIONS.get(name, (-1, set()))
        codes = constants(call.args[position]) if 0 <= position < len(call.args) else []
        if kind is not None and (position < 0 or not call.args):
            codes = list(kind.codes)
        dicts_unseen = name in ("message", "Notice") and any(not isinstance(part, ast.Dict) for part in call.args[1:2])
        for code in codes:
            names = None if dicts_unseen else given(call)
            yield code, None if names is None else names | adds


def placeholders(code: str) -> set[str]:
    return {name for sentence in CATALOGUE[code] for _, name, _, _ in Formatter().parse(sentence) if name}


def tables() -> dict[str, dict[str, Message]]:
    """The tables of sentences by the names of their modules."""
    paths = sorted((PRODUCT / "messages").rglob("*_messages.py"))
    dotted = {path.stem: ".".join(path.relative_to(PRODUCT).with_suffix("").parts) for path in paths}
    modules = {name: import_module(f"keyrack.{module}") for name, module in dotted.items()}
    return {name: getattr(module, name.upper()) for name, module in modules.items()}


def test_every_code_that_is_constructed_stands_in_the_catalogue() -> None:
    codes = {code for code, _ in constructions()} | {code for kind in kinds().values() for code in kind.codes}
    assert len(codes) > 250
    assert sorted(codes - CATALOGUE.keys()) == []


def test_a_failure_of_an_unknown_code_cannot_be_made() -> None:
    with pytest.raises(KeyError, match="It failed"):
        Failure("It failed.")
    with pytest.raises(KeyError):
        Failure()


def test_every_code_of_the_catalogue_is_used() -> None:
    texts = {node.value for node in nodes(ast.Constant) if isinstance(node, ast.Constant)}
    assert sorted(CATALOGUE.keys() - texts) == []


def test_every_construction_fills_the_sentences_of_its_code() -> None:
    seen = [(code, names) for code, names in constructions() if names is not None and code in CATALOGUE]
    assert len(seen) > 250
    assert [(code, missing) for code, names in seen if (missing := placeholders(code) - names)] == []


def test_every_mistake_in_a_provider_file_names_the_parameters_of_its_sentence_alone() -> None:
    calls = [call for call in nodes(ast.Call) if isinstance(call, ast.Call) and name_of(call.func) == "Mistake"]
    seen = [(code, given(call)) for call in calls for code in constants(call.args[1])]
    assert len(seen) > 50
    wrong = [(code, names) for code, names in seen if names is not None and placeholders(code) - MISTAKE != names]
    assert wrong == []


def test_no_code_stands_in_two_tables() -> None:
    found = Counter(code for table in tables().values() for code in table)
    assert [code for code, times in found.items() if times > 1] == []
    assert found.keys() == CATALOGUE.keys()


def test_codes_are_written_alike() -> None:
    assert [code for code in CATALOGUE if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", code)] == []


# What stands beside a label or inside a sentence, and one heading.
FRAGMENTS = {
    *("time_left_unknown", "time_left_endless", "hour", "hours", "day", "days", "too_long", "key_awaited"),
    *("caller_place", "caller_process", "caller_times"),
    *(f"proxy_place_{place}" for place in ("environment", "gnome", "kde", "system", "nowhere")),
}
# The parameters that are whole sentences themselves.
WHOLE = ("why", "text", "what", "meaning", "advice", "warning", "todo", "last", "connects")


def faults_of(sentence: str) -> list[str]:
    """What is wrong with the form of a sentence for a person."""
    ends = (".", "?", *(f"{{{name}}}" for name in WHOLE))
    found = ["no full stop"] if sentence and not sentence.endswith(ends) else []
    found += ["two stops"] if sentence.endswith(("..", "?.")) else []
    found += ["a space too many"] if "  " in sentence or sentence != sentence.strip() or " ." in sentence else []
    found += ["a word for two things"] if re.search(r"could not be \w+ or \w+", sentence) else []
    return found


def test_every_sentence_ends_with_a_stop_and_says_one_thing() -> None:
    told = {sentence for code, message in CATALOGUE.items() if code not in FRAGMENTS for sentence in message}
    assert len(told) > 500
    assert {sentence: faults for sentence in told if (faults := faults_of(sentence))} == {}
    assert sorted(FRAGMENTS - CATALOGUE.keys()) == []


@pytest.mark.parametrize(
    ("sentence", "fault"),
    [
        ("a.toml, line 4: key name: is missing", "no full stop"),
        ("It is left out..", "two stops"),
        ("It is left  out.", "a space too many"),
        ("/nope could not be read or stored: no such file.", "a word for two things"),
    ],
)
def test_the_rule_sees_each_fault(sentence: str, fault: str) -> None:
    assert faults_of(sentence) == [fault]


def test_a_mistake_in_a_file_is_a_sentence_before_the_next_one() -> None:
    why = BadProviderFile("bad.toml", 4, "key_missing", key="regions.global.name")
    assert why.sentences().startswith("bad.toml, line 4: key regions.global.name: is missing. The provider is left out")


def test_what_controls_say_in_sentences_ends_with_a_stop() -> None:
    """A label has none. What holds a sentence within it does."""
    calls = [
        call for call in nodes(ast.Call) if isinstance(call, ast.Call) and name_of(call.func) in ("tr", "translate")
    ]
    said = {part.value for call in calls for part in call.args if isinstance(part, ast.Constant)}
    texts = {text for text in said if isinstance(text, str)}
    assert len(texts) > 250
    assert [text for text in texts if "  " in text or "or stored" in text or "once at a time" in text] == []
    several = [text for text in texts if re.search(r"[.?] [A-Z“{]", text)]
    assert len(several) > 20
    assert [text for text in several if not text.endswith((".", "?", "}", ":"))] == []


@pytest.mark.parametrize(
    "failure",
    [
        Unreachable("host.example", Way(None).connects()),
        Unreachable("host.example", Way(parse("proxy.example:3128")).connects(), late=True),
        refused("host.example", parse("proxy.example:3128"), "407"),
        NoResponse("host.example"),
        NoResponse("host.example", late=True),
        TooLarge("host.example", limit=2048),
        NetworkFailure("certificate_name", "host.example"),
        AccessDenied(),
        WrongIssuer(),
        NotYetApproved("Alpha", slower=True),
    ],
    ids=lambda failure: failure.code,
)
def test_a_failure_has_whole_sentences(failure: Failure) -> None:
    assert failure.happened != failure.code
    assert not {"{", "…"} & set(failure.sentences())


def test_every_failure_of_sharing_says_what_it_means_and_what_to_do() -> None:
    told = SHARING_MESSAGES | SHARED_ACCOUNT_MESSAGES
    assert [code for code, message in told.items() if not (message.means and message.todo)] == []
