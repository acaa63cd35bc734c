"""All modes of the fake model, by name. A mode is a function that takes the conversation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tests.fake_model.answers import DECLINED, NO_COMPLETION, READABLE, UNREADABLE, Mode
from tests.fake_model.connections import CONNECTIONS
from tests.fake_model.errors import ERRORS
from tests.fake_model.streams import STREAMS

MODES: Final[Mapping[str, Mode]] = {
    **READABLE,
    **STREAMS,
    **UNREADABLE,
    **NO_COMPLETION,
    **DECLINED,
    **ERRORS,
    **CONNECTIONS,
}
