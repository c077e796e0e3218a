"""Being forgotten altogether."""

from fastapi import APIRouter

from app.api.parts import PartsOf
from app.schemas import ErasureReceipt
from app.security.identity import UserId, needs

ACCOUNT_STAYS = "Your account stays, with its login, password and keys; an admin can delete it."

router = APIRouter(tags=["me"], dependencies=[needs("account")])


@router.delete("/api/me/data")
async def erase(user_id: UserId, parts: PartsOf) -> ErasureReceipt:
    """Delete all that is kept of you: conversations, memories, runs, jobs, what answers cost, and your settings. It
    cannot be undone; asked again, there is nothing left to delete."""
    receipt = await parts.forgetter.person(user_id)
    if parts.signing_in is None:
        return receipt
    return receipt.model_copy(update={"note": f"{receipt.note} {ACCOUNT_STAYS}"})
