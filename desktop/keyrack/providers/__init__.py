"""The services that Keyrack knows: one TOML file for each, and a small module where a file cannot say enough.

To add a provider, write `<id>.toml` as `README.md` here explains, and one line in `registry.py`. A provider with a
WebSocket, with keys, or with a key for its balances needs a module beside its file, too. The line names its class:
a `Stream` of `api/stream.py`, a `KeyProvider` or `ReadOnlyKeyProvider` of `api/key_provider.py`.
The rule of the room: addresses come from a provider's file and never from a response (S38), and each quirk stands
with its Q-number at the head of the file.
Open `schema.py` first. `api` reads balances, `files` reads the files, `whitebit` has the code for WhiteBIT's keys.
"""
