"""The packages that people install: one module for each kind, and what they share.

Only the standard library is imported. What has to run in Keyrack's own environment runs there as a child process.
The same commit gives the same bytes, because every file is dated by the commit and stands in the order of its name.
Open `build.py` first: it is the command. `program_tree.py` makes the folder that the packages for Linux have in common.
"""
