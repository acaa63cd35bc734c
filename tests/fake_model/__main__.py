"""The fake model by hand: `python -m tests.fake_model --port 8089`, then OPENAI_BASE_URL is what it prints.

It answers well, with ideas and dishes. --mode sets how it treats all clients; OPENAI_MODEL=mode:drip, how one does.
--spoil "butter under an innocent title" and the like answer with dishes of that sort instead.
"""

from __future__ import annotations

import argparse
from contextlib import suppress
from threading import Event

from tests.fake_model import content
from tests.fake_model.hostile import DISHES
from tests.fake_model.modes import MODES
from tests.fake_model.server import Asked, FakeModel


def main() -> None:
    """Serve until Ctrl-C, and print a line for each request."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8089)
    parser.add_argument("--mode", choices=sorted(MODES), default="ok")
    parser.add_argument("--spoil", choices=sorted(DISHES))
    options = parser.parse_args()
    answer = DISHES[options.spoil] if options.spoil else content.answer

    def show(asked: Asked) -> None:
        print(f"{asked.path} {asked.response_format} {len(str(asked.body))} characters: {asked.mode}", flush=True)

    with FakeModel(options.mode, answer=answer, port=options.port) as fake, suppress(KeyboardInterrupt):
        fake.during = show
        print(f"OPENAI_BASE_URL={fake.url}", flush=True)
        Event().wait()


if __name__ == "__main__":
    main()
