"""What was loaded when a process began stays until it ends."""

from __future__ import annotations

import atexit
import gc


def keep_loaded() -> None:
    """The collector of rubbish looks only through what comes later: all of it took 140 to 180 ms, every few pages."""
    gc.collect()
    gc.freeze()
    atexit.register(gc.unfreeze)  # libraries in other languages look whether everything was given back
