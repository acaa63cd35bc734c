"""Which blueprints take their connections from the pool: `USE_NEW_CONNECTION_HANDLING`. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from mealplanner.config.parsing import ConfigError


@dataclass(frozen=True, slots=True)
class Rollout:
    """The blueprints that take their connections from the pool; the others open one for each unit of work."""

    everything: bool = True
    blueprints: frozenset[str] = frozenset()

    def covers(self, scope: str) -> bool:
        """Return whether the unit of work `scope` (`blueprint.endpoint`, or the name of a job) uses the pool."""
        return self.everything or scope.split(".", 1)[0] in self.blueprints

    def check(self, known: Collection[str]) -> None:
        """Raise `ConfigError` for a blueprint that is not `known`: a misspelt one would silently stay off the pool."""
        if unknown := self.blueprints - set(known):
            raise ConfigError(
                "USE_NEW_CONNECTION_HANDLING",
                f"names {', '.join(sorted(unknown))}; there is {', '.join(sorted(known))}.",
            )


def rollout(text: str) -> Rollout:
    """Read `true`, `false` or a list of blueprints. Raise `ValueError` for anything else."""
    lowered = text.strip().lower()
    if lowered in ("true", "1", "yes", "on"):
        return Rollout()
    if lowered in ("false", "0", "no", "off"):
        return Rollout(everything=False)
    names = frozenset(name.strip() for name in lowered.split(",") if name.strip())
    if not names or not all(name.isidentifier() for name in names):
        raise ValueError("takes true, false or a comma-separated list of blueprints like preferences,menu")
    return Rollout(everything=False, blueprints=names)
