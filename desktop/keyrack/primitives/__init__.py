"""The few types that every other room uses: secrets, failures, clocks, signals, and the redaction of secrets.

The rule of the room: it imports nothing of Keyrack but the sentences of `messages`, and it holds no state of the
program except the set of live secrets that redaction needs.
Open `failure.py` for the map of everything that can fail, and `secret.py` for the type that never shows its content.
"""
