"""Several accounts at once: how they are selected, and what can be done with all of them.

`Selection` in `actions/` is the one model. Sidebar, cards and list show it and change it through `Selecting`, and bar
and menu offer the same verbs, from one table. What takes something away is asked once in the bar.
"""
