"""What the core uses of the operating system: folders, private files, the log, protection of the process.

The rule of the room: it knows nothing of accounts or tokens. Every file is readable by its owner alone, and every log
record is redacted before any handler sees it.
Open `private_file.py` first. `paths.py` says which folder holds what.
"""
