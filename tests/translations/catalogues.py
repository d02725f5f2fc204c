"""Finds the sentences of the program, and compares the catalogues of the translations with them."""

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from string import Formatter
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from keyrack.messages.catalogue import CATALOGUE, COUNTED
from tests.checkout import DESKTOP, ROOT

PRODUCT = DESKTOP / "keyrack"
CATALOGUES = ROOT / "resources" / "languages"
# Which arguments are the text, its other form for more than one, and what tells two meanings of it apart.
_CALLS = {
    "tr": (0, None, 1),
    "translate": (1, None, 2),
    "mark": (0, None, None),
    "translated": (0, None, 1),
    "mark_plural": (0, 1, None),
    "plural": (0, 1, None),
}
PLURALS = {
    "cs": "nplurals=3; plural=((n==1) ? 0 : (n>=2 && n<=4) ? 1 : 2);",
    "de": "nplurals=2; plural=(n != 1);",
    "ko": "nplurals=1; plural=0;",
    "uk": "nplurals=3; plural=((n%10==1 && n%100!=11) ? 0 : (n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20)) ? 1 : 2);",
}
# Where the first form is that of one alone, and not also that of 21, or of every number.
_FIRST_IS_ONE = ("cs", "de")
# What a translation has to keep: commands, options, addresses, and the signs that end a sentence.
_KEPT = re.compile(r"`[^`]*`|(?<![\w-])--[a-z][\w-]*|https?://\S+|\n")


@dataclass(frozen=True, order=True)
class Sentence:
    """A sentence of the program. `more` is its form for more than one, `context` tells meanings apart."""

    text: str
    more: str = ""
    context: str = ""


@cache
def sentences() -> dict[Sentence, set[str]]:
    """All sentences, each with the files that use it."""
    found: dict[Sentence, set[str]] = {}
    for path in sorted(PRODUCT.rglob("*.py")):
        if "sandbox" not in path.relative_to(PRODUCT).parts:
            for sentence in _of_module(path):
                found.setdefault(sentence, set()).add(path.relative_to(PRODUCT).as_posix())
    for sentence in _of_messages():
        found.setdefault(sentence, set()).add("messages")
    for path in sorted((PRODUCT / "providers").glob("*.toml")):
        for text in _of_provider(tomllib.loads(path.read_text("utf-8"))):
            found.setdefault(Sentence(text), set()).add(path.relative_to(PRODUCT).as_posix())
    return {sentence: files for sentence, files in found.items() if _has_words(sentence.text)}


def _has_words(text: str) -> bool:
    """Whether there is anything to translate: a word, or the order of several places."""
    parts = list(Formatter().parse(text))
    places = [name for _, name, _, _ in parts if name is not None]
    return len(places) > 1 or any(letter.isalpha() for literal, *_ in parts for letter in literal)


def _of_module(path: Path) -> Iterator[Sentence]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in _CALLS and (sentence := _of_call(node, *_CALLS[name])):
                yield sentence


def _of_call(call: ast.Call, text: int, more: int | None, context: int | None) -> Sentence | None:
    def argument(at: int | None) -> str:
        given = call.args[at] if at is not None and at < len(call.args) else None
        return given.value if isinstance(given, ast.Constant) and isinstance(given.value, str) else ""

    found = Sentence(argument(text), argument(more), argument(context))
    return found if found.text else None


def _of_messages() -> Iterator[Sentence]:
    for code, entry in CATALOGUE.items():
        if code in COUNTED:
            yield Sentence(entry.happened, CATALOGUE[COUNTED[code]].happened)
        elif code not in COUNTED.values():
            yield from (Sentence(sentence) for sentence in entry if sentence)


def _of_provider(file: dict[str, Any]) -> Iterator[str]:
    """What a person reads of a provider's file, besides the names of it, of its company and of its wallets."""
    yield from (text for key in ("leaves_out", "removal", "tried", "ends_note") if (text := file.get(key)))
    for table, keys in (("regions", ("name", "note")), ("flows", ("title", "credentials_help", "warning"))):
        for part in file[table].values():
            yield from (text for key in keys if (text := part.get(key)) and text != file["name"])
    for table in ("dialect", "errors"):
        for failure in file.get(table, {}).get("failures", ()):
            yield from (text for key in ("happened", "means", "todo") if (text := failure.get(key)))


def read(path: Path) -> Catalog:
    """A catalogue that people edit."""
    with path.open("rb") as file:
        return read_po(file, locale=path.stem)


def compiled(path: Path) -> bytes:
    """What the program reads of it. A sentence that is not translated, or in doubt, is left out."""
    catalogue, written = read(path), BytesIO()
    # Its head would change with each day.
    catalogue.project, catalogue.version = "Keyrack", "0"
    catalogue.creation_date = catalogue.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    write_mo(written, catalogue)
    return written.getvalue()


def update(path: Path) -> None:
    """Bring a catalogue to the sentences of today. Made anew each time, so that it has one order."""
    old = read(path) if path.exists() else None
    new = Catalog(locale=path.stem, fuzzy=False, charset="utf-8")
    for sentence, files in sorted(sentences().items(), key=lambda each: (min(each[1]), each[0])):
        id = (sentence.text, sentence.more) if sentence.more else sentence.text
        known = old.get(sentence.text, sentence.context or None) if old is not None else None
        kept = known is not None and (known.id == id or known.id == list(id))
        new.add(
            id,
            known.string if known is not None and kept else None,
            locations=[(file, 0) for file in sorted(files)],
            user_comments=known.user_comments if known is not None else (),
            context=sentence.context or None,
        )
    written = BytesIO()
    write_po(written, new, width=0, omit_header=True)
    path.write_bytes(_head(path.stem) + written.getvalue())


def _head(language: str) -> bytes:
    """The head of a catalogue. It has no date, because each update would change it."""
    lines = ("Content-Type: text/plain; charset=UTF-8", f"Language: {language}", f"Plural-Forms: {PLURALS[language]}")
    return ('msgid ""\nmsgstr ""\n' + "".join(f'"{line}\\n"\n' for line in lines) + "\n").encode()


def problems(path: Path) -> Iterator[str]:
    """What is missing or wrong in a catalogue, each as a line."""
    catalogue, today = read(path), set(sentences())
    for entry in catalogue:
        if not entry.id:
            continue
        one, more = entry.id if isinstance(entry.id, list | tuple) else (entry.id, "")
        sentence = Sentence(one, more, entry.context or "")
        if sentence not in today:
            yield f"unused: {one!r}"
            continue
        today.remove(sentence)
        forms = tuple(entry.string) if isinstance(entry.string, list | tuple) else (entry.string or "",)
        if entry.fuzzy or not all(forms) or (more and len(forms) != catalogue.num_plurals):
            yield f"untranslated: {one!r}"
        else:
            yield from _wrong(one, more, forms, first_is_one=path.stem in _FIRST_IS_ONE)
    yield from (f"missing: {sentence.text!r}" for sentence in sorted(today))


def _wrong(one: str, more: str, forms: tuple[str | None, ...], *, first_is_one: bool = False) -> Iterator[str]:
    for at, form in enumerate(filter(None, forms)):
        # A form that serves the number one alone may leave it out.
        alone = first_is_one and bool(more) and at == 0 and "{n}" not in form
        expected = one if alone else more or one
        if _places(form) != [place for place in _places(more or one) if not (alone and place == "n")]:
            yield f"other places: {one!r} → {form!r}"
        if sorted(_KEPT.findall(form)) != sorted(_KEPT.findall(expected)):
            yield f"other commands, options, addresses or lines: {one!r} → {form!r}"
        if (one[:1].isspace(), one[-1:].isspace()) != (form[:1].isspace(), form[-1:].isspace()):
            yield f"other spaces at its ends: {one!r} → {form!r}"
        for sign in (".", ":", "?", "…"):
            if one.endswith(sign) != form.endswith(sign):
                yield f"ends otherwise: {one!r} → {form!r}"


def _places(text: str) -> list[str]:
    try:
        return sorted({name for _, name, _, _ in Formatter().parse(text) if name is not None})
    except ValueError:
        return ["not a format"]
