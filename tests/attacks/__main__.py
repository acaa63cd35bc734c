"""Attack installations of this machine's own and print what came of it: `python -m tests.attacks [NAME ...]`.

Everything stays on loopback and ends by itself. The exit code is 1 when something did not hold.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from types import ModuleType

from tests.attacks.result import Finding, table
from tests.attacks.targets import TARGETS

ATTACKS = (
    "largest_input",
    "guessing",
    "clocks",
    "malformed",
    "kept_words",
    "side_doors",
    "silent_mail",
    "other_users",
    "orphans",
    "slow_clients",
)
"""The modules of this package, each with `attack(target)`, in the order in which they run."""


def findings(attacks: list[ModuleType]) -> Iterator[tuple[str, Finding]]:
    """Yield what each attack finds at each target, with the name of the target."""
    for name, target in TARGETS.items():
        for module in attacks:
            with target() as installation:
                for finding in module.attack(installation):
                    print(f"{name}: {finding.attack}, {finding.case}: {finding.measured}", file=sys.stderr)
                    yield name, finding


if __name__ == "__main__":
    names = sys.argv[1:] or list(ATTACKS)
    if unknown := set(names) - set(ATTACKS):
        sys.exit(f"There is no attack {', '.join(sorted(unknown))}; there is {', '.join(ATTACKS)}.")
    found = list(findings([importlib.import_module(f"tests.attacks.{name}") for name in names]))
    print(table(found))
    sys.exit(not all(finding.holds for _, finding in found))
