"""The files under `share` that every package for Linux brings: menu, icon, software centre, manual, completions."""

from pathlib import Path

import menu

APPLICATION = "app.keyrack.Keyrack"
COMMANDS = {
    "share/man/man1/keyrack.1": ("man",),
    "share/bash-completion/completions/keyrack": ("completion", "bash"),
    "share/fish/vendor_completions.d/keyrack.fish": ("completion", "fish"),
    "share/zsh/vendor-completions/_keyrack": ("completion", "zsh"),
}


def write_shared_files(root: Path, target: Path) -> None:
    """Write them below the target, with a launcher that the path finds."""
    entry = (root / "packaging/keyrack.desktop").read_text("utf-8").replace("{launcher}", "keyrack")
    files = {
        "share/applications/keyrack.desktop": entry.encode(),
        "share/icons/hicolor/scalable/apps/keyrack.svg": (root / "resources/icons/keyrack.svg").read_bytes(),
        f"share/metainfo/{APPLICATION}.metainfo.xml": (root / f"packaging/{APPLICATION}.metainfo.xml").read_bytes(),
        **{path: menu.printed(*words) for path, words in COMMANDS.items()},
    }
    for name, content in files.items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        path.chmod(0o644)
