"""Ctrl-C that comes as the waiting begins, and that Python has taken note of without waking up."""

import subprocess
import sys

from tests.demo.support.terminal import ROOT

LOST_ONCE = """
import os, signal, time
from console.interrupts import AGAIN, heard_interrupts

heard = []

def handler(number, frame):
    heard.append(number)
    if len(heard) > 1:  # the first one changes nothing, like one that came just before the waiting
        raise KeyboardInterrupt

signal.signal(signal.SIGINT, handler)
try:
    with heard_interrupts():
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(30)
except KeyboardInterrupt:
    print("heard", len(heard))
time.sleep(2 * AGAIN)
print("then", len(heard))
"""


def test_a_signal_is_sent_again_while_the_waiting_goes_on_and_not_after_it() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOST_ONCE], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.stdout, done.stderr) == ("heard 2\nthen 2\n", "")
