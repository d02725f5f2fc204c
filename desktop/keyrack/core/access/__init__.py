"""Who may have a token: the lock, the permission of programs, the prompts for the person, and the record of releases.

A program that connects to the local socket gets a token only after `AccessPolicy.admit`. The account's setting
decides: "off" refuses, "allow" permits, "ask" prompts the person, once if the answer is “always”. A lock by hand
refuses every program. An automatic lock refuses every program of an account set to "ask". The clipboard needs only
an open lock.
The rule of the room: a release or a refusal is written to `releases.jsonl` before the program gets its answer.
Open `policy.py` first, then `lock.py`, `prompts.py` and `audit.py`.
"""
