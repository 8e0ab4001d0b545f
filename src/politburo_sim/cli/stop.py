"""Ctrl-C, SIGTERM and SIGHUP end a command at once, whatever its threads are at.

Histories run in compiled code, which hears of no signal, and Python waits for its threads before it
ends. So a thread of its own waits for the signal and ends the process. Files are written whole or
not at all: what is finished is kept.
"""

from __future__ import annotations

import os
import shlex
import signal
import sys
import threading
from contextlib import suppress
from typing import Any

_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")  # the last is not on every system
_SHOW_CURSOR = "\x1b[?25h"
_last_words = "Stopped."


def heed_signals() -> None:
    """From here on a signal ends the process, with 128 and its number as exit code.

    A signal that was ignored before, such as SIGHUP under nohup, stays ignored.
    """
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    for name in _SIGNALS:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _leave_it_to_the_thread)
    threading.Thread(target=_wait, args=(reading,), daemon=True).start()


def say_how_to_go_on(*more: str) -> None:
    """If this command is stopped, name what goes on with it: the same words and `more`."""
    global _last_words
    words = sys.argv[1:]
    command = shlex.join(
        ["politburo-sim", *words, *(word for word in more if word not in words)]
    )  # fmt: skip
    _last_words = f"Stopped. What is finished is kept; this goes on with it:\n  {command}"


def _leave_it_to_the_thread(number: int, frame: Any) -> None:
    """Stand in for the system's own handler, which would end the process without a word."""


def _wait(reading: int) -> None:
    number = os.read(reading, 1)[0]
    terminal = sys.stderr.isatty()
    with suppress(OSError):  # the terminal may be what has gone
        os.write(2, f"{_SHOW_CURSOR + chr(10) if terminal else ''}{_last_words}\n".encode())
    os._exit(128 + number)
