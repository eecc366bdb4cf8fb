"""Interrupts: Ctrl-C from another thread, and Ctrl-C that comes at the moment at which the main thread begins to wait.

Python looks whether a signal has come, and then asks the system to wait for bytes. A signal between the two interrupts
nothing, and is seen only when the next bytes come: the user who pressed Ctrl-C waits in vain, and so does a chat that
the server has ended. So a signal is sent once more, for as long as the waiting goes on after it.

Left out     Windows, where no thread can send a signal to another: there the main thread is interrupted when its
             waiting ends.
"""

from __future__ import annotations

import _thread
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

CAN_SIGNAL = hasattr(signal, "pthread_kill")
AGAIN = 0.5  # seconds after which a signal is sent once more: by then, one that was heard has ended the waiting


def interrupt_main_thread() -> bool:
    """Interrupt what the main thread does, as Ctrl-C does; return whether that also ends its waiting for something."""
    if not CAN_SIGNAL:
        _thread.interrupt_main()
        return False
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
    return True


@contextmanager
def heard_interrupts() -> Iterator[None]:
    """Make sure that Ctrl-C interrupts what the main thread does in this block, and not only what it does next."""
    if not CAN_SIGNAL:
        yield
        return
    ear, mouth = os.pipe()
    os.set_blocking(mouth, False)
    over = threading.Event()
    sending = threading.Lock()  # so that nothing is sent once the block is over

    def repeat() -> None:
        # Each signal puts its number into the pipe at once, before Python looks at it; also those that are sent here.
        while number := os.read(ear, 1):
            if over.wait(AGAIN):
                return
            with sending:
                if not over.is_set():
                    signal.pthread_kill(threading.main_thread().ident or 0, number[0])

    before = signal.set_wakeup_fd(mouth, warn_on_full_buffer=False)
    repeating = threading.Thread(target=repeat, daemon=True)
    repeating.start()
    try:
        yield
    finally:
        with sending:
            over.set()
        signal.set_wakeup_fd(before)
        os.close(mouth)  # the end of what is read
        repeating.join()
        os.close(ear)
