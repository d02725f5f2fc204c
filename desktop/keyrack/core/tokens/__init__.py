"""Renews tokens and gives them out.

`refresher.py` renews. `schedule.py` says when: at 80 % of a token's life, but 120 s before its end if that is later
(`renewal_rule.py`). `rotation.py` sends the request, `refresh_journal.py` notes it for the case of a crash, and
`renewal_answers.py` decides what a refusal leads to.
`token_source.py` finds a token for Keyrack's own requests, and `guarded_tokens.py` is the only way out of the program.
The rule of the room: one renewal of an account at a time, and a new token is stored and read back before anyone gets
it. If the keyring fails, the token stays in memory and is shown as unsaved (S74). Open `refresher.py` first.
"""
