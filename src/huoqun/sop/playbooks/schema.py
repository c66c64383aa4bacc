"""What a playbook's YAML may say, for editors and other programs: `python -m huoqun.sop.playbooks.schema >
docs/playbook.schema.json`.
"""

from __future__ import annotations

import json
import sys

from .plain import schema


def document() -> str:
    """The JSON schema as it is served and as it stands in docs/."""
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    sys.stdout.write(document())
