"""The packages that bring a Python of their own, or are for systems other than this one.

`appimage.py` makes one that runs here. `flatpak.py`, `windows.py` and `macos.py` make what can be made without their
systems, and check it. Parts that no index of packages has are named with their hashes in `recipes/parts.toml`.
"""
