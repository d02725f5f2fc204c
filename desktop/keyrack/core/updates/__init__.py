"""Whether a newer Keyrack was released: one signed list, which is asked for only if the person wants it.

`UpdateCheck` asks for one fixed file and says nothing of this computer. `release_signature.py` checks who signed it,
`release_list.py` reads it, and `seen_lists.py` remembers it, so that an older one is refused later. `installation.py`
finds out how this Keyrack was installed, and names the command. The format is described in docs/release-list.md.
The rule of the room: nothing is downloaded but the list, and nothing of Keyrack is replaced.
Open `update_check.py` first.
"""
