"""Brings the catalogues to the sentences of today, compiles them, or says what is missing or wrong in them."""

import sys

from tests.translations.catalogues import CATALOGUES, PLURALS, compiled, problems, update


def main(words: list[str]) -> int:
    """Do what is asked for. Returns 1 where `check` found something."""
    paths = [CATALOGUES / f"{language}.po" for language in PLURALS]
    if words == ["update"]:
        for path in paths:
            update(path)
    elif words == ["compile"]:
        for path in paths:
            path.with_suffix(".mo").write_bytes(compiled(path))
    elif words == ["check"]:
        found = [f"{path.name}: {problem}" for path in paths for problem in problems(path)]
        print("\n".join(found) or "Every sentence is translated.")
        return 1 if found else 0
    else:
        print("update, compile or check?", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
