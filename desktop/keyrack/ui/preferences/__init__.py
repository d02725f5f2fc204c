"""The page of the person's settings, and what puts them in force.

`PreferencesPage` is made from the table of settings in `core/preferences`: a line is a sentence, its control, and
its default. `EffectiveChoices` puts each change in force, also one that came by the command line.
The rule of the room: a line that does not act is not shown.
Open `preferences_page.py` first.
"""
