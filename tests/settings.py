"""The product's settings on a data folder of their own: tests never touch an installation."""

import os
import tempfile

os.environ["HUOQUN_DATA"] = tempfile.mkdtemp(prefix="huoqun-test-")

from huoqun.config.settings import *  # noqa: E402, F403
