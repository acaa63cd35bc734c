"""Mail where there is no mail server: a file for each, readable by the operator of the machine only."""

from __future__ import annotations

import os
from email.message import EmailMessage
from email.policy import SMTPUTF8
from pathlib import Path


def save(message: EmailMessage, folder: Path, name: str) -> Path:
    """Write `message` as `name`.eml into `folder` and return its path; the same name again replaces the file.

    The folder is made with mode 0700, the file with 0600. Raise `OSError`.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path, draft = folder / f"{name}.eml", folder / f".{name}.draft"
    draft.unlink(missing_ok=True)  # of a worker that died
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(message.as_bytes(policy=SMTPUTF8))
    os.replace(draft, path)
    return path
