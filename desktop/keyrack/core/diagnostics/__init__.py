"""One text about this Keyrack and the computer it runs on, for whoever helps with a problem.

The rule of the room: the text holds no secret, path, amount, account id or name (S106), and passes through the filter
of the log (S105). A provider that is the person's own is not named.
Open `diagnostic_report.py` first.
"""
