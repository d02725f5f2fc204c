"""A clipboard manager that notes what it is asked: it owns CLIPBOARD_MANAGER and prints each request's target."""

import ctypes
import ctypes.util
from ctypes import POINTER, Structure, Union, byref, c_char_p, c_int, c_long, c_ulong, c_void_p

SELECTION_REQUEST = 30
SELECTION_NOTIFY = 31


class Request(Structure):
    """XSelectionRequestEvent of Xlib.h."""

    _fields_ = (
        ("type", c_int),
        ("serial", c_ulong),
        ("send_event", c_int),
        ("display", c_void_p),
        ("owner", c_ulong),
        ("requestor", c_ulong),
        ("selection", c_ulong),
        ("target", c_ulong),
        ("property", c_ulong),
        ("time", c_ulong),
    )


class Notify(Structure):
    """XSelectionEvent of Xlib.h."""

    _fields_ = (
        ("type", c_int),
        ("serial", c_ulong),
        ("send_event", c_int),
        ("display", c_void_p),
        ("requestor", c_ulong),
        ("selection", c_ulong),
        ("target", c_ulong),
        ("property", c_ulong),
        ("time", c_ulong),
    )


class Event(Union):
    """XEvent of Xlib.h."""

    _fields_ = (("type", c_int), ("request", Request), ("notify", Notify), ("pad", c_long * 24))


def main() -> None:
    """Own the selection, print "ready", then one line for each request until killed."""
    x = ctypes.CDLL(ctypes.util.find_library("X11") or "libX11.so.6")
    x.XOpenDisplay.restype = c_void_p
    x.XInternAtom.restype = x.XDefaultRootWindow.restype = x.XCreateSimpleWindow.restype = c_ulong
    x.XInternAtom.argtypes = (c_void_p, c_char_p, c_int)
    x.XDefaultRootWindow.argtypes = (c_void_p,)
    x.XCreateSimpleWindow.argtypes = (c_void_p, c_ulong, c_int, c_int, c_int, c_int, c_int, c_ulong, c_ulong)
    x.XSetSelectionOwner.argtypes = (c_void_p, c_ulong, c_ulong, c_ulong)
    x.XNextEvent.argtypes = (c_void_p, POINTER(Event))
    x.XSendEvent.argtypes = (c_void_p, c_ulong, c_int, c_long, POINTER(Event))
    x.XFlush.argtypes = x.XSync.argtypes = (c_void_p, c_int)
    x.XGetAtomName.argtypes, x.XGetAtomName.restype = (c_void_p, c_ulong), c_char_p
    display = x.XOpenDisplay(None)
    window = x.XCreateSimpleWindow(display, x.XDefaultRootWindow(display), 0, 0, 1, 1, 0, 0, 0)
    x.XSetSelectionOwner(display, x.XInternAtom(display, b"CLIPBOARD_MANAGER", 0), window, 0)
    x.XSync(display, 0)
    print("ready", flush=True)
    event = Event()
    while True:
        x.XNextEvent(display, byref(event))
        if event.type == SELECTION_REQUEST:
            asked = event.request
            print(x.XGetAtomName(display, asked.target).decode(), flush=True)
            about = (asked.requestor, asked.selection, asked.target, asked.property, asked.time)
            answer = Event()
            answer.notify = Notify(SELECTION_NOTIFY, 0, 1, display, *about)
            x.XSendEvent(display, asked.requestor, 0, 0, byref(answer))
            x.XSync(display, 0)


main()
