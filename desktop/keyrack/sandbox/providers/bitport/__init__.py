"""Bitport's stand-in, as https://bitport.io/api says and as its service answers (Bitport Q1 to Q16).

The redirect carries no state, errors arrive inside a 200, a code may come from a page instead of a redirect, and the
balance is storage. Open `bitport_stand_in.py` first.
"""
