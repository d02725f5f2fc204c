"""WhiteBIT's stand-in, as https://docs.whitebit.com/platform/oauth/overview says (WhiteBIT Q1 to Q16).

Parameters have names of WhiteBIT's own, tokens are inside `data`, refreshing has its own address, a refresh token lives
ten minutes, and balances need a POST. Open `whitebit_stand_in.py` first, then `whitebit_figures.py` for the balances.
"""
