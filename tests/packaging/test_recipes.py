"""The recipes that were not tried name what is really there."""

import json
import tomllib

from shipping.shared_files import APPLICATION
from tests.checkout import ROOT


def test_the_flatpak_is_the_application_of_the_metadata_and_starts_its_command() -> None:
    recipe = json.loads((ROOT / f"packaging/recipes/{APPLICATION}.json").read_text())
    assert recipe["id"] == APPLICATION
    assert recipe["command"] in tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    assert (ROOT / "packaging" / recipe["rename-desktop-file"]).is_file()
    assert (ROOT / f"resources/icons/{recipe['rename-icon']}.svg").is_file()
    assert "--talk-name=org.freedesktop.secrets" in recipe["finish-args"], "else secrets would be forgotten"
    (source,) = recipe["modules"][0]["sources"]
    assert (ROOT / "packaging/recipes" / source["path"]).resolve() == ROOT / "artefacts"
