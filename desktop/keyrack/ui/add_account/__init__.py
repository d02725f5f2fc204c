"""The wizard that adds an account: provider, region, credentials, sign-in test, and the import of a provider file.

The rule of the room: nothing is stored before the person presses the step's button. From the last step on the account
is stored, whatever the result of the test.
Open `wizard.py` first. A new provider needs no change here.
"""
