"""What is done where a dependency is slow or away, as a value."""

from dataclasses import dataclass

from graphs.policies.breaker import Trip


@dataclass(frozen=True, slots=True)
class Policy:
    """One operation of one dependency."""

    dependency: str
    operation: str
    timeout: float
    """Seconds for a try."""
    attempts: int | None
    """The first included; None: until it is back, or `patience` is over."""
    patience: float | None
    """Seconds for all tries together; None: what the tries take, or for ever where these have no bound."""
    breaker: Trip | None
    without: str
    """What is done without it."""
    told: str
    """What people and operators are told."""
