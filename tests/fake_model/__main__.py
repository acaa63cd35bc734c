"""The fake model by hand: `python -m tests.fake_model --port 8089 --mode ok`, then OPENAI_BASE_URL is what it prints.

With OPENAI_MODEL=mode:drip a client chooses its mode by itself.
"""

from __future__ import annotations

import argparse
from collections import Counter
from contextlib import suppress
from threading import Event

from tests.fake_model.modes import MODES
from tests.fake_model.server import Asked, FakeModel


def main() -> None:
    """Serves until Ctrl-C, and prints a line for each request."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8089)
    parser.add_argument("--mode", choices=sorted(MODES), default="ok")
    options = parser.parse_args()
    counts: Counter[str] = Counter()

    def show(asked: Asked) -> None:
        counts[asked.mode] += 1
        print(f"{asked.path} {asked.rung} {len(str(asked.body))} characters: {asked.mode}", flush=True)

    with FakeModel(options.mode, port=options.port) as fake, suppress(KeyboardInterrupt):
        fake.during = show
        print(f"OPENAI_BASE_URL={fake.url}", flush=True)
        Event().wait()
    print(dict(counts))


if __name__ == "__main__":
    main()
