"""What is left of a limit, as header fields.

As the IETF's draft has it (draft-ietf-httpapi-ratelimit-headers): its fields name the limit they tell of, requests or
turns; the older `RateLimit-Limit` and `-Remaining` tell of one without a name. OpenAI's clients know names of its own.
"""

from math import ceil
from typing import Final

OPENAI: Final = "/v1/"


def rate_fields(path: str, *, unit: str, limit: int, left: int, window: int, more_in: float) -> dict[str, str]:
    """For an answer of that path; `window`, `more_in`: seconds."""
    soon = ceil(more_in)
    fields = {"ratelimit-policy": f'"{unit}";q={limit};w={window}', "ratelimit": f'"{unit}";r={left};t={soon}'}
    if path.startswith(OPENAI) and unit == "requests":
        fields |= {
            "x-ratelimit-limit-requests": str(limit),
            "x-ratelimit-remaining-requests": str(left),
            "x-ratelimit-reset-requests": f"{soon}s",
        }
    return fields
