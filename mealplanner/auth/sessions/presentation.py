"""Sessions as JSON."""

from __future__ import annotations

import uuid
from typing import Any

from mealplanner.auth.sessions.services import Device


def device_json(device: Device, *, here: uuid.UUID | None = None) -> dict[str, Any]:
    """Return one line of the list; `here` is the session of the request."""
    return {
        "id": str(device.id),
        "browser": device.browser,
        "address": device.address,
        "created_at": device.created_at.isoformat(),
        "used_at": device.used_at.isoformat(),
        **({"here": device.id == here} if here is not None else {}),
    }
