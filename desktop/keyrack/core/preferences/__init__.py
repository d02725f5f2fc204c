"""The person's choices for all accounts, in one documented TOML file, settings.toml in the configuration folder.

`all_settings.py` is the one table of them. The file, the command line and the window's page are made from it.
`Preferences` holds what is chosen, tells of each change, and stores it by rewriting one line.
The rule of the room: nothing that a person has written is lost, and no secret is ever among the choices (S66, S68).
Open `all_settings.py` first, then `preferences.py`.
"""
