"""What a client asks of a turn."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from app.schemas import Text
from graphs.models.config import Parameters


class ChatRequest(Parameters):
    """A new message, another answer to one (`regenerate`), or a message put differently (`edit_of`)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"message": "My dog is called Biscuit and he is afraid of thunder."},
                {"session_id": "0199a3c0-5a3e-7c11-8a5b-3f2d6c1e9b00", "message": "What was I telling you?"},
                {
                    "session_id": "0199a3c0-5a3e-7c11-8a5b-3f2d6c1e9b00",
                    "regenerate": "0199a3c1-0f4d-7d22-9b6c-4e3f7d2f8c11",
                },
            ]
        }
    )

    session_id: UUID | None = Field(None, description="The session to go on with; none: a new one.")
    message: Annotated[Text, StringConstraints(min_length=1, max_length=1_000_000)] | None = None
    regenerate: UUID | None = Field(None, description="An answer to give anew, or a message that got none.")
    edit_of: UUID | None = Field(None, description="The message of the user that `message` takes the place of.")
    temporary: bool = Field(False, description="A new session that is not remembered, listed or recalled from.")
    model: str | None = Field(None, max_length=200, description="One of those that GET /api/models lists.")

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        if (self.message is None) == (self.regenerate is None):
            raise ValueError("give either message or regenerate")
        if self.message is not None and not self.message.strip():
            raise ValueError("message is empty")
        if self.session_id is None and (self.regenerate or self.edit_of):
            raise ValueError("regenerate and edit_of need a session_id")
        if self.regenerate and self.edit_of:
            raise ValueError("edit_of goes with message, not with regenerate")
        if any("\x00" in word for word in self.stop or ()):
            raise ValueError("stop contains a NUL")
        if self.temporary and self.session_id is not None:
            raise ValueError("temporary is chosen with a session's first message")
        return self

    @property
    def parameters(self) -> Parameters:
        """Those of the request alone."""
        return Parameters(**self.model_dump(include=set(Parameters.model_fields)))
