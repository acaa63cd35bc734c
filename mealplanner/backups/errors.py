"""What keeps a backup from being made or restored."""

from __future__ import annotations


class BackupError(Exception):
    """The backup was not made, or not restored. The message says why and what to do."""
