"""Sample people: what a person at a provider is, and how balances and prices move.

The people themselves are declared by each stand-in. Figures depend on a seed and the sandbox's clock alone, so a test
can compute what a stand-in answers.
Open `person.py` first, then `portfolio.py`.
"""
