"""Stand-ins for all providers on 127.0.0.1, in a separate process, so that Keyrack can be tried and tested.

Each stand-in follows its provider's documents. Departures have Q-numbers, at the head of the provider's TOML.
A control port switches failures on, moves the clock and shows the log of requests.
The rule of the room: it imports nothing else of Keyrack, and nothing of Keyrack imports it.
Open `__main__.py` first, then `state/stand_in.py`, which says what a stand-in declares. To add a provider, read
`providers/__init__.py`.
"""
