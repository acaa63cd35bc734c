"""A process that forks while a call is in flight: `python -m tests.llm.forked URL`. It prints the outcomes.

The server holds the calls of mode `ok` that say so; the child's own goes to the same server, by the same client.
"""

from __future__ import annotations

import os
import sys
import threading
from dataclasses import replace

from mealplanner.config.model_server import ModelServer
from mealplanner.llm.client import model_client
from mealplanner.llm.outcomes import Call
from tests.llm.conftest import CALL


def main(url: str) -> None:
    """Ask, fork as soon as standard input says that the question has arrived, and ask in the child."""
    client = model_client(ModelServer(base_url=url, model="any", in_flight=1))
    outcomes: list[str] = []

    def ask(call: Call) -> None:
        outcomes.append(client.ask(call).kind)

    held = threading.Thread(target=ask, args=(replace(CALL, user="hold"),))
    held.start()
    sys.stdin.readline()
    child = os.fork()
    if not child:
        ask(replace(CALL, user="child"))
        print("child", *outcomes, flush=True)
        sys.stdin.readline()
        os._exit(0)
    held.join()
    print("parent", *outcomes, flush=True)
    os.waitpid(child, 0)


if __name__ == "__main__":
    main(sys.argv[1])
