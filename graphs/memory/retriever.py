"""Memory as a LangChain retriever."""

from datetime import datetime
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForRetrieverRun, CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, SkipValidation

from graphs.memory.index import IndexFilter
from graphs.memory.ports import MemoryPort, Recall, RecallQuery
from graphs.memory.records import Recalled


class MemoryRetriever(BaseRetriever):
    """The memories nearest to a question, as documents: `id`, the text as `page_content`, and score, kind, role,
    session, time and sources as metadata. One is made for each user and turn; it is asked asynchronously only."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    memory: SkipValidation[MemoryPort]
    filter: SkipValidation[IndexFilter]
    k: int = 10
    now: datetime | None = None
    context: str = ""

    async def recall(self, question: str) -> Recall:
        """As `ainvoke`, tracing and callbacks included, with memory's whole answer."""
        answers: list[Recall] = []
        await self.ainvoke(question, answers=answers)
        return answers[0]

    async def _aget_relevant_documents(
        self,
        query: str,
        *,
        run_manager: AsyncCallbackManagerForRetrieverRun,
        answers: list[Recall] | None = None,
    ) -> list[Document]:
        answer = await self.memory.recall(RecallQuery(self.filter, query, self.k, self.now, self.context))
        if answers is not None:
            answers.append(answer)
        return [document(item) for item in answer.items]

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, answers: list[Recall] | None = None
    ) -> list[Document]:
        # LangChain reads from this signature, the synchronous one, whether arguments beside the query are passed on.
        raise NotImplementedError("memory is asked asynchronously: use ainvoke")


def document(item: Recalled) -> Document:
    """A recalled memory as a document."""
    memory = item.memory
    metadata: dict[str, Any] = {
        "score": item.score,
        "kind": memory.kind.value,
        "role": memory.role,
        "speaker": memory.speaker,
        "session_id": str(memory.session_id) if memory.session_id else None,
        "created_at": memory.created_at.isoformat(),
        "sources": [
            {"session_id": str(source.session_id), "message_id": str(source.message_id),
             "external_id": source.external_id, "created_at": source.created_at.isoformat()}
            for source in memory.sources
        ],
    }  # fmt: skip
    return Document(page_content=memory.text, id=str(memory.id), metadata=metadata)
