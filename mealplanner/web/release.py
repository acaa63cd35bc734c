"""Which release this is, to the byte."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path
from typing import Final

_PACKAGE: Final = Path(__file__).resolve().parents[1]


@functools.cache
def release() -> str:
    """Return a text that changes with every change of the code, the templates, the static files or the food table."""
    digest = hashlib.sha256()
    for path in sorted(_PACKAGE.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            content = path.read_bytes()
            digest.update(f"{path.relative_to(_PACKAGE)} {len(content)}\n".encode())
            digest.update(content)
    return digest.hexdigest()[:16]
