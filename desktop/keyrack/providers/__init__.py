"""The services that Keyrack knows: one TOML file for each, and a small module where a file cannot say enough.

To add a provider, write `<id>.toml` as `README.md` here explains, and put its id into `BUILT_IN` in `files/load.py`.
A provider with a WebSocket or with signed requests needs a module beside its file, and an entry in `streams.py` or a
`proof` in `schema.py`. A person adds one without code by importing a file.
The rule of the room: addresses come from a provider's file and never from a response (S38), and each quirk stands
with its Q-number at the head of the file.
Open `schema.py` first. Balances are read in `api`, files in `files`, and WhiteBIT's API keys in `whitebit`.
"""
