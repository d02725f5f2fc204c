"""One folder for each stand-in: the endpoints of a provider as its documents say, with its departures (Q-numbers).

To add a provider: make a folder named by its id (with `_` for `-`), and declare `STAND_IN` in `<folder>_stand_in.py`.
The sandbox finds it there, and no other file here changes. Add the folder to `packages` in `pyproject.toml`.
The rule of the room: a stand-in's endpoints, faults, clients, people and own state are in its folder alone.
Open `alpaca/alpaca_stand_in.py` first, the smallest. `code_flow.py` is the authorization code that several share.
"""
