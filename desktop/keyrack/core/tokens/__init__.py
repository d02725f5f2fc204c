"""Renews tokens and gives them out.

`refresher.py` renews. `schedule.py` says when: by the rule of `renewal_rule.py`, and earlier where many accounts share
a client. `rotation.py` sends the request, and `renewal_answers.py` decides what a refusal leads to.
`token_source.py` finds a token that lives long enough, and has it renewed if none does. `guarded_tokens.py` is the
only way out of the program.
The rule of the room: one renewal of an account at a time, and what it brought is stored and read back before anyone
gets the token. If the keyring fails, it stays in memory and is shown as unsaved (S74). Open `refresher.py` first.
"""
