"""What the balances are worth, in the currency that the person chose.

`PricePoller` requests the public prices of each site in use, `valuation.py` computes exactly, `Totals` answers the
window. The rule of the room: holdings are valued at the prices of their own exchange and of no other, and an asset
without a price is reported, never counted as zero. No account's name is sent with a request for prices.
Open `totals.py` first.
"""
