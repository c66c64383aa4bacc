"""The product's settings on a data folder of their own: tests never touch an installation."""

import atexit
import os
import shutil
import tempfile

os.environ["HUOQUN_DATA"] = tempfile.mkdtemp(prefix="huoqun-test-")
atexit.register(shutil.rmtree, os.environ["HUOQUN_DATA"], ignore_errors=True)

from huoqun.config.settings import *  # noqa: E402, F403
from huoqun.config.settings import DATABASES, paths  # noqa: E402

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: several connections then meet the locks the product meets. Nobody pulls the plug on a test.
    DATABASES["default"]["TEST"] = {"NAME": str(paths.DATA / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
