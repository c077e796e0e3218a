"""One turn: the rows become the graph's input, and what the graph tells becomes the run's events."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, RemoveMessage
from langchain_core.runnables import RunnableConfig
from langgraph.graph.message import REMOVE_ALL_MESSAGES
from sqlalchemy.ext.asyncio import AsyncSession

from app import telling
from app.chat.commands import Commands
from app.chat.live import LiveRun
from app.chat.models import Models
from app.chat.prices import Prices
from app.chat.recorder import TurnRecorder
from app.chat.request import ChatRequest
from app.chat.retold import INSTRUCTIONS, READS_ONLY, Retold
from app.chat.spending import most
from app.checkpoints import BEGINS
from app.db.engine import Database
from app.db.messages import Messages, WindowMessage
from app.db.models import Message, Session
from app.db.sessions import Sessions
from app.db.usage import Reserved
from app.db.users import Users
from app.errors import AnswerTooLong, InvalidRequest
from app.schemas import RecalledMemory
from graphs.chat import ChatGraph
from graphs.memory.ports import MemoryPort
from graphs.memory.records import Recalled
from graphs.memory.rewriting import Rewriting
from graphs.models.config import Parameters
from graphs.personal import Personal
from graphs.prompting import text_of
from graphs.state import Budgets, ChatContext, ChatState
from graphs.window import in_view, stamp, with_note, with_recalled

LONGEST_ANSWER = 2_000_000
"""Characters; what is asked for at the most are 65,536 tokens. A server that heeds no bound is left then."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """The rows that a turn begins from."""

    window: Sequence[WindowMessage]
    remembers: bool
    """Whether the turn may be given memories."""
    personal: Personal
    """What the user wrote for all conversations."""


class Turns:
    """Runs the graph for one stored question."""

    def __init__(
        self,
        *,
        database: Database,
        graph: ChatGraph,
        models: Models,
        memory: MemoryPort,
        budgets: Budgets,
        recall_k: int,
        message_limit: int,
        commands: Commands | None = None,
        rewriting: Rewriting | None = None,
        citations: bool = False,
    ) -> None:
        self._database = database
        self._graph = graph
        self._models = models
        self._memory = memory
        self._budgets = budgets
        self._recall_k = recall_k
        self._message_limit = message_limit
        self._commands = commands
        self._rewriting = rewriting
        self._citations = citations

    def check(self, request: ChatRequest, retold: Retold | None = None) -> None:
        """Raise `InvalidRequest` for what this deployment does not take, before anything is stored."""
        lengths = [len(request.message or ""), *(len(said.text) for said in (retold.history if retold else ()))]
        if max(lengths) > self._message_limit:
            raise InvalidRequest(f"a message has {max(lengths)} characters; at most {self._message_limit} are taken")
        self._models.choose(request.model)

    def most(self, params: Mapping[str, Any], conversation: Conversation, prices: Prices) -> Reserved:
        """What answering takes at the most; `params`: the run's."""
        texts = [
            conversation.personal.about_me,
            conversation.personal.how_to_answer,
            conversation.personal.instructions,
        ]
        for item in conversation.window:
            texts += [item.message.content, *(recalled.memory.text for recalled in item.recalled)]
        return self._most(texts, params.get("model"), _asked(params), prices)

    def least(self, request: ChatRequest, retold: Retold | None, prices: Prices) -> Reserved:
        """The same by what a request tells alone: its conversation may take more."""
        texts = [request.message or "", *(said.text for said in (retold.history if retold else ()))]
        return self._most(texts, request.model, request.parameters, prices)

    def _most(self, texts: Sequence[str], model: str | None, asked: Parameters, prices: Prices) -> Reserved:
        chosen = self._models.choose(model)
        return most(
            texts,
            answer=chosen.merge(asked).max_tokens or 0,
            context=chosen.model.context,
            memories=self._budgets.memories,
            price=prices.get(chosen.config.name),
        )

    async def title(self, user_id: UUID, session_id: UUID) -> str:
        """The session's title."""
        async with self._database.transaction() as tx:
            return (await Sessions(tx).get(user_id, session_id)).title

    async def read(
        self, tx: AsyncSession, user_id: UUID, session: Session, question: Message, params: dict[str, Any]
    ) -> Conversation:
        """What the rows hold of the conversation that ends in the question; `params`: the run's."""
        user = await Users(tx).get(user_id)
        # The session of a turn that only reads is a temporary one, which has its memory off.
        remembers = user.memory_enabled and (READS_ONLY in params or (session.memory_enabled and not session.temporary))
        personal = Personal(user.about_me, user.how_to_answer, user.language, params.get(INSTRUCTIONS, ""))
        if question.parent_id is None:
            return Conversation([WindowMessage(question)], remembers, personal)
        window = await Messages(tx).window(user_id, session.id, session.window_start)
        return Conversation(window, remembers, personal)

    async def answer(
        self, run: LiveRun, recorder: TurnRecorder, conversation: Conversation | None, *, resume: bool
    ) -> None:
        """Have the question answered, recorded and told. With `resume`, from the last node that was finished.

        `conversation`: as it was read when the question was stored; None: it is read now.
        """
        if conversation is None:
            conversation = await self._conversation(run)
        run.forgotten = conversation.window[-1].message.forgotten_count
        config: RunnableConfig = {"configurable": {"thread_id": str(run.session_id)}}
        interrupted = resume and await self._goes_on(run, config)
        conversation, note = await self._honour(run, conversation)
        window = to_messages(conversation.window)
        if note is not None and isinstance(window[-1], HumanMessage):
            window[-1] = with_note(window[-1], note)
        if not interrupted:
            config["configurable"][BEGINS] = True
        begin: ChatState = {"messages": [RemoveMessage(id=REMOVE_ALL_MESSAGES), *window]}  # type: ignore[list-item]
        context = self._context(run, recorder, conversation)
        await self._tell(
            run,
            self._graph.astream(
                None if interrupted else begin,
                config,
                context=context,
                stream_mode="custom",
                durability="async",
            ),
        )

    async def _tell(self, run: LiveRun, stream: AsyncIterator[dict[str, Any]]) -> None:
        """Make the run's events of what the graph tells, in the same order. The graph stands still while one of its
        words is seen to, so the titles of what was recalled are read beside it, and waited for by the first token."""
        recalled: asyncio.Task[None] | None = None
        try:
            async for told in stream:
                if "token" not in told:
                    given = self._recall(run, told["memories"], degraded=told["degraded"], took_ms=told["took_ms"])
                    recalled = asyncio.create_task(given, name=f"tell memories {run.id}")
                    continue
                if recalled is not None:
                    await recalled
                    recalled = None
                run.token(told["token"])
                if run.length > LONGEST_ANSWER:
                    raise AnswerTooLong(f"more than {LONGEST_ANSWER} characters")
            if recalled is not None:
                await recalled
        except asyncio.CancelledError:
            if recalled is not None:
                recalled.cancel()
            raise
        finally:
            if recalled is not None:
                await asyncio.wait({recalled})
                # Where the graph failed too, that is what is told of.
                _ = recalled.cancelled() or recalled.exception()

    async def _conversation(self, run: LiveRun) -> Conversation:
        async with self._database.transaction() as tx:
            session = await Sessions(tx).get(run.user_id, run.session_id)
            question = await Messages(tx).get(run.user_id, run.session_id, run.question_id)
            return await self.read(tx, run.user_id, session, question, run.params)

    async def _honour(self, run: LiveRun, conversation: Conversation) -> tuple[Conversation, str | None]:
        """Do what the question asks of memory; the conversation as it is after that, and what the model is told."""
        *earlier, question = (item.message for item in conversation.window)
        run.unremembered = question.forgotten_at is not None
        if self._commands is None or not conversation.remembers or READS_ONLY in run.params:
            return conversation, None
        honoured = await self._commands.honour(run.user_id, question, earlier)
        run.corrects = honoured.corrects
        run.unremembered = run.unremembered or honoured.note is not None
        if not honoured.forgotten:
            return conversation, honoured.note
        run.forgotten = honoured.forgotten
        return await self._conversation(run), honoured.note

    async def _goes_on(self, run: LiveRun, config: RunnableConfig) -> bool:
        """Whether the thread's last checkpoint belongs to this run, with something left to do."""
        state = await self._graph.aget_state(config)
        messages: Sequence[AnyMessage] = state.values.get("messages", [])
        if not state.next or not messages or messages[-1].id != str(run.question_id):
            return False
        if "recall" not in state.next:
            given = [*state.values.get("recalled", []), *in_view(messages)]
            await self._recall(run, given, degraded=state.values.get("degraded", False), took_ms=0.0)
        if (answer := state.values.get("answer")) is not None:
            # It was whole, and only not stored: nobody says it again, and who follows has let go of what was told.
            run.token(text_of(answer))
        return True

    async def _recall(self, run: LiveRun, recalled: list[Recalled], *, degraded: bool, took_ms: float) -> None:
        told: list[RecalledMemory] = []
        if recalled:
            async with self._database.reading() as tx:
                told = await telling.given(tx, run.user_id, recalled)
        run.recall(recalled, told=told, degraded=degraded, took_ms=took_ms)

    def _context(self, run: LiveRun, recorder: TurnRecorder, conversation: Conversation) -> ChatContext:
        chosen = self._models.choose(run.params.get("model"))
        return ChatContext(
            user_id=run.user_id,
            session_id=run.session_id,
            model=chosen.model,
            tokens=chosen.tokens,
            memory=self._memory if conversation.remembers else None,
            personal=conversation.personal,
            recorder=recorder,
            parameters=chosen.merge(_asked(run.params)),
            budgets=self._budgets,
            recall_k=self._recall_k,
            rewriting=self._rewriting,
            citations=self._citations,
            answer_id=run.answer_id,
        )


def _asked(params: Mapping[str, Any]) -> Parameters:
    return Parameters(**{name: params[name] for name in Parameters.model_fields if name in params})


def to_messages(window: Sequence[WindowMessage]) -> list[AnyMessage]:
    """The rows as the graph's window: each question carries the memories that its answer was given."""
    messages: list[AnyMessage] = []
    for position, item in enumerate(window):
        row = item.message
        if row.role == "assistant":
            messages.append(AIMessage(id=str(row.id), content=row.content, additional_kwargs={"seq": row.seq}))
            continue
        answer = window[position + 1] if position + 1 < len(window) else None
        question = stamp(HumanMessage(id=str(row.id), content=row.content), seq=row.seq, at=row.created_at)
        if answer is None:
            messages.append(question)
        else:
            messages.append(with_recalled(question, answer.recalled, numbered_to=answer.message.numbered_to))
    return messages
