"""Renews tokens and gives them out.

`refresher.py` is where a token is renewed. `schedule.py` and `timing.py` say when. `rotation.py` sends the request,
under a note of `refresh_journal.py` that makes a crash in between known. `token_source.py` finds a token that lives
long enough for Keyrack's own requests, and `refused_token.py` handles a 401 on one. `guarded_tokens.py` is the only
way out, for programs and for the clipboard.
The rule of the room: one renewal of an account at a time, and a new token is stored and read back before it is used.
Open `refresher.py` first.
"""
