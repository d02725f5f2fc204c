"""Moving house: accounts with their settings and secrets in one sealed file, and back out of it (S69).

`sealing.py` turns bytes and a passphrase into a file, `content.py` says what those bytes hold, and `portable.py` what
of a keyring record may be in two places. `exporting.py` writes a file, `importing.py` takes one in, account by account.
`weekly_copy.py` keeps the last five copies of the settings, which hold no secret.
The rule of the room: a secret is on the disk only sealed, and nothing that is here is replaced without being asked.
Open `exporting.py` first. The format is in docs/export-format.md.
"""
