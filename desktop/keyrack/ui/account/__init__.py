"""The pane of one account: its head with the main button and the menu, the forms that open in it, and its activity.

The rule of the room: there is no dialog. A form opens inside the pane, and at most one button is filled at a time.
The sign-in and the balances within the pane are in the rooms `sign_in` and `balances`.
Open `account_pane.py` first.
"""
