"""Where this installation keeps its files."""

from __future__ import annotations

import os
from pathlib import Path

DATA = Path(os.environ.get("HUOQUN_DATA") or "data").resolve()
"""Everything the installation owns: database, history, uploads, secrets. Back this folder up."""

HISTORY = DATA / "history"
UPLOADS = DATA / "uploads"
SECRETS = DATA / "secrets"
