"""Keeps the catalogues of the translations: `python3 tests/translations update`, `compile` or `check`.

`update` brings the sentences of the program into each `resources/languages/*.po` and drops those that are gone.
`compile` writes the `.mo` files, which the program reads. `check` says what is missing or wrong.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "packaging"))

import module_run

if __name__ == "__main__":
    sys.exit(module_run.run("tests.translations.run", sys.argv[1:], []))
