"""What is counted of breakers and fallbacks, for Prometheus."""

from prometheus_client import Counter, Gauge

BREAKER_STATE = Gauge("memocha_breaker_state", "State of a circuit breaker: 0 closed, 1 half-open, 2 open.", ["name"])
BREAKER_OPENINGS = Counter("memocha_breaker_openings_total", "Times that a circuit breaker opened.", ["name"])
BREAKER_REFUSALS = Counter("memocha_breaker_refusals_total", "Calls that a circuit breaker refused at once.", ["name"])
PASSED_OVER = Counter(
    "memocha_models_passed_over_total",
    "Answers that the next model was asked for in place of this one.",
    ["model", "code"],
)
