"""Where live balances come from.

`BalanceStreams` keeps a push stream open for every signed-in account whose provider has one. `Poller` requests
whatever no stream sends, every 60 s while a window shows and every 300 s else. `LiveBalances` merges both into the
snapshot that `Account.show_balances` publishes.
The rule of the room: old balances stay until newer ones are here, and one account never delays another.
Open `account_stream.py` for the live ones and `poller.py` for the others.
"""
