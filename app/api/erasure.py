"""Being forgotten altogether."""

from fastapi import APIRouter

from app.api.parts import PartsOf
from app.schemas import ErasureReceipt
from app.security.identity import UserId

router = APIRouter(tags=["me"])


@router.delete("/api/me/data")
async def erase(user_id: UserId, parts: PartsOf) -> ErasureReceipt:
    """Delete all that is kept of you: conversations, memories, runs, jobs, what answers cost, and your settings. It
    cannot be undone; asked again, there is nothing left to delete."""
    return await parts.forgetter.person(user_id)
