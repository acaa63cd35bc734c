"""Archives whose bytes depend on nothing but what is in them. Pure."""

from __future__ import annotations

import gzip
import io
import re
import unicodedata
import uuid
import zipfile
from collections.abc import Iterable
from typing import Final

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip can give a file."""

_LONGEST_NAME: Final = 60


def zipped(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Return a zip of files by their names."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files:
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def gzipped(content: bytes) -> bytes:
    """Return `content`, compressed."""
    return gzip.compress(content, mtime=0)


def safe_name(title: str) -> str:
    """Return `pad-thai` for `Pad Thai!`: a name that every file system takes; `dish` where no letter is left."""
    letters = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub("[^a-z0-9]+", "-", letters)[:_LONGEST_NAME].strip("-") or "dish"


def unique_name(title: str, recipe_id: uuid.UUID) -> str:
    """Return `pad-thai-3f2a9c11`: dishes may have the same title."""
    return f"{safe_name(title)}-{recipe_id.hex[:8]}"
