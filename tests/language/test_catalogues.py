"""Every sentence of the program is in every catalogue, translated, and the program reads what people edit."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from keyrack.language.languages import LANGUAGES
from keyrack.language.translation import SOURCE
from tests.translations import catalogues
from tests.translations.catalogues import CATALOGUES, PLURALS, Sentence, compiled, problems, read, sentences, update

LANGUAGE = pytest.mark.parametrize("language", sorted(PLURALS))


def test_there_is_a_catalogue_for_each_language() -> None:
    files = {path.stem for path in CATALOGUES.glob("*.po")}
    assert files == {path.stem for path in CATALOGUES.glob("*.mo")} == LANGUAGES.keys() - {SOURCE}


@LANGUAGE
def test_nothing_is_untranslated_unused_or_wrong(language: str) -> None:
    assert list(problems(CATALOGUES / f"{language}.po")) == []


@LANGUAGE
def test_the_program_reads_what_people_edit(language: str) -> None:
    path = CATALOGUES / f"{language}.po"
    assert path.with_suffix(".mo").read_bytes() == compiled(path), "python3 tests/translations compile"


@LANGUAGE
def test_a_catalogue_of_today_is_left_as_it_is(language: str, tmp_path: Path) -> None:
    kept = tmp_path / f"{language}.po"
    kept.write_bytes((CATALOGUES / f"{language}.po").read_bytes())
    update(kept)
    assert kept.read_bytes() == (CATALOGUES / f"{language}.po").read_bytes()


def test_sentences_of_all_rooms_are_found() -> None:
    found = sentences()
    assert Sentence("Overview") in found
    assert Sentence("{n} needs you", "{n} need you") in found
    assert found[Sentence("Your sign-in is kept.")] >= {"messages"}
    assert not [sentence for sentence in found if not re.search(r"[A-Za-z]", sentence.text)]


@pytest.mark.parametrize(
    ("english", "translated", "problem"),
    [
        ("Renews in {time}.", "Obnoví se za {čas}.", "other places"),
        ("Renews in {time}.", "Obnoví se.", "other places"),
        ("Renews in {time}.", "Obnoví se za {time", "other places"),
        ("Run `keyrack status`.", "Spusťte `keyrack stav`.", "other commands"),
        ("Use --replace.", "Použijte --nahradit.", "other commands"),
        ("It ended.", "Skončilo", "ends otherwise"),
        ("Now: ", "Nyní:", "other spaces"),
        ("It ended.", "", "untranslated"),
        ("Gone.", "Pryč.", "unused"),
    ],
)
def test_what_is_wrong_is_named(
    english: str, translated: str, problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogues, "sentences", lambda: {Sentence(english): {"a.py"}} if english != "Gone." else {})
    path = tmp_path / "cs.po"
    path.write_text(f'msgid ""\nmsgstr ""\n"Language: cs\\n"\n\nmsgid "{english}"\nmsgstr "{translated}"\n')
    found = list(problems(path))
    assert [each for each in found if each.startswith(problem)], found


def test_a_sentence_that_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogues, "sentences", lambda: {Sentence("New."): {"a.py"}})
    path = tmp_path / "cs.po"
    path.write_text('msgid ""\nmsgstr ""\n"Language: cs\\n"\n')
    assert list(problems(path)) == ["missing: 'New.'"]


@LANGUAGE
def test_no_two_buttons_of_one_menu_read_alike(language: str) -> None:
    catalogue: Catalog = read(CATALOGUES / f"{language}.po")
    for first, second in (("Lock", "Unlock…"), ("Sign in", "Sign out"), ("Export…", "Import…"), ("Copy", "Remove")):
        said = [entry.string for text in (first, second) if (entry := catalogue.get(text)) is not None]
        assert len(said) == len(set(said)), (first, second)
