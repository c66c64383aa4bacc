"""A page is not held up by a look through everything that was loaded."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ASKS = """
import gc, sys
import huoqun.config.wsgi
print(gc.get_freeze_count(), "huoqun.sop.pages.compliance" in sys.modules)
"""


def test_the_front_door_has_its_pages_and_leaves_them_out_of_what_is_looked_through(tmp_path: Path) -> None:
    environ = {**os.environ, "HUOQUN_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "huoqun.config.settings"}
    told = subprocess.run([sys.executable, "-c", ASKS], env=environ, capture_output=True, text=True, check=True)
    kept, has_pages = told.stdout.split()
    assert int(kept) > 100_000
    assert has_pages == "True"
