"""The services that Keyrack knows: one TOML file for each, and a small module where a file cannot say enough.

To add a provider, write `<id>.toml` as `README.md` here explains, and one line in `registry.py`. A provider with a
WebSocket or with keys needs a module `<id>.py` beside its file, which that line names: a `Stream` of `api/stream.py`,
or a `KeyProvider` of `api/key_provider.py`. A person adds a provider without code by importing a file.
The rule of the room: addresses come from a provider's file and never from a response (S38), and each quirk stands
with its Q-number at the head of the file.
Open `schema.py` first. Balances are read in `api`, files in `files`, and WhiteBIT's API keys in `whitebit`.
"""
