"""A scripted walk through the real window, for `keyrack --sandbox --tour FOLDER`.

It signs in to every account of the sandbox, waits for renewals, and leaves pictures and a report in the folder.
The rule of the room: it presses what a person can press, finds widgets by their object names, and no other room
imports it.
Open `tour.py` first.
"""
