"""Tasks, loops and sleeps that the other rooms share.

`PollLoop` runs work that is due at moments. `RunningTasks` keeps one task for each key. `BackgroundTasks` outlive the
caller that started them. `Sleeper` sleeps in pieces of 30 s at most, so that a suspended computer delays nothing.
The rule of the room: it knows no account and no provider, and every task it starts can be ended.
Open `poll_loop.py` first.
"""
