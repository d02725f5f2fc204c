"""What each account was worth, over a year, in one SQLite file of the state folder.

The rule of the room: only what is known is written and nothing is filled in. An account that is away writes nothing, so
that its time away is a gap. Amounts are decimals from the file to the reader. The file holds no secret, and of an
account no more than its id. One thread reads and writes it, in the process that polls.
Open `history.py` first.
"""
