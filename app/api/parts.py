"""The service's parts, as routes receive them."""

from typing import Annotated

from fastapi import Depends, Request

from app.parts import Parts


def _parts(request: Request) -> Parts:
    parts: Parts = request.app.state.parts
    return parts


PartsOf = Annotated[Parts, Depends(_parts)]
