"""Uphold's stand-in, as https://github.com/uphold/docs says.

The client id is in the path of the sign-in page, no redirect address is sent, the lifetime of a token is null, and
several cards may hold one currency (Uphold Q10). Open `uphold_stand_in.py` first.
"""
