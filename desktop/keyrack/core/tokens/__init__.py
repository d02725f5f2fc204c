"""Renews tokens and gives them out.

`refresher.py` renews. `schedule.py` and `renewal_rule.py` say when. `rotation.py` sends the request, and a note of
`refresh_journal.py` tells the next start of a crash in between. `token_source.py` finds a token for Keyrack's own
requests, and `refused_token.py` handles a 401 on one. `guarded_tokens.py` is the only way out of the program.
The rule of the room: one renewal of an account at a time, and a new token is stored and read back before anyone gets
it. If the keyring fails, the token stays in memory and is shown as unsaved (S74).
Open `refresher.py` first.
"""
