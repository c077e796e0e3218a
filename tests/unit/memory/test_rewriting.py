"""Follow-ups completed by a model: in time, late, wrongly, and unseen by whoever streams the answer."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage
from prometheus_client import REGISTRY
from pydantic import SecretStr
from structlog.testing import capture_logs

from app.embedded.llama import BACKGROUND_SLOT
from app.rewriting import open_rewriting, rewriting_model
from app.settings import Settings
from graphs.chat import build_chat_graph
from graphs.memory.ports import Recall, RecallQuery
from graphs.memory.rewriting import ModelRewriting, completed_question, material
from graphs.models.chat import ChatModel
from graphs.models.config import ModelConfig
from graphs.models.tokens import ModelTokenCounter
from graphs.state import ChatContext
from tests.support.model_server import Behaviour, ModelServer

BEFORE: list[AnyMessage] = [HumanMessage("Maren smiled at me."), AIMessage("How lovely.")]
ASKED, WHOLE = "When was she born?", "When was Maren born?"


@pytest.fixture
async def server() -> AsyncIterator[ModelServer]:
    async with ModelServer() as server:
        yield server


@pytest.fixture
async def model(server: ModelServer) -> AsyncIterator[ChatModel]:
    config = ModelConfig(
        name="openai:scripted", base_url=server.base_url, api_key=SecretStr("key"), context=4096, attempts=1
    )
    model = ChatModel(config)
    yield model
    await model.close()


def outcomes(outcome: str) -> float:
    return REGISTRY.get_sample_value("memocha_rewrites_total", {"outcome": outcome}) or 0.0


async def test_a_followup_is_completed_from_what_stands_before_it(server: ModelServer, model: ChatModel) -> None:
    server.will(Behaviour(text=f"{WHOLE}\n\nConversation:\nI: something else"))
    assert await ModelRewriting(model).rewrite(ASKED, BEFORE) == WHOLE
    body = server.requests[0].body
    assert (body["max_tokens"], body["temperature"]) == (40, 0.0)
    asked = server.requests[0].messages[-1]["content"]
    assert asked == f"Conversation:\nI: Maren smiled at me.\nYou: How lovely.\nQuestion: {ASKED}\nCompleted:"


@pytest.mark.parametrize(
    ("behaviour", "outcome"),
    [
        pytest.param(Behaviour(hang=True), "late", id="silent"),
        pytest.param(Behaviour(text="When was Maren", rate=1), "late", id="slow"),
        pytest.param(Behaviour(status=500), "unavailable", id="failing"),
        pytest.param(Behaviour(status=401), "unavailable", id="refusing"),
        pytest.param(Behaviour(text=" "), "useless", id="nothing said"),
        pytest.param(Behaviour(text="x" * 400), "useless", id="too long"),
    ],
)
async def test_without_a_use_of_the_model_there_is_no_completed_question(
    server: ModelServer, model: ChatModel, behaviour: Behaviour, outcome: str
) -> None:
    before = outcomes(outcome)
    server.will(behaviour)
    assert await ModelRewriting(model, deadline=0.3).rewrite(ASKED, BEFORE) is None
    assert outcomes(outcome) == before + 1


async def test_a_change_is_logged_once_and_without_words(server: ModelServer, model: ChatModel) -> None:
    rewriting = ModelRewriting(model, deadline=0.3)
    server.will(Behaviour(hang=True), Behaviour(hang=True), Behaviour(text=WHOLE))
    with capture_logs() as logs:
        for _ in range(3):
            await rewriting.rewrite(ASKED, BEFORE)
    events = [log["event"] for log in logs if log["event"].startswith("rewriting")]
    assert events == ["rewriting_left_out", "rewriting_back"]
    assert "Maren" not in str(logs)


class Noting:
    """A memory that notes what it is asked."""

    def __init__(self) -> None:
        self.asked: list[RecallQuery] = []

    async def recall(self, query: RecallQuery) -> Recall:
        self.asked.append(query)
        return Recall()


async def turn(model: ChatModel, messages: list[AnyMessage]) -> tuple[RecallQuery, list[Any]]:
    memory, counter = Noting(), ModelTokenCounter(model.config)
    context = ChatContext(
        uuid4(), uuid4(), model=model, tokens=counter, memory=memory, rewriting=ModelRewriting(model, deadline=5)
    )
    told = [
        part
        async for part in build_chat_graph(None).astream(
            {"messages": messages}, context=context, stream_mode=["custom", "messages"]
        )
    ]
    await counter.close()
    return memory.asked[0], told


async def test_memory_alone_is_given_the_completed_question(server: ModelServer, model: ChatModel) -> None:
    server.will(Behaviour(text=WHOLE), Behaviour(text="In September."))
    query, told = await turn(model, [*BEFORE, HumanMessage(ASKED)])
    assert (query.text, query.context) == (ASKED, f"Maren smiled at me.\n{WHOLE}")
    shown = "".join(str(part[0].text) for mode, part in told if mode == "messages")
    assert "September" in shown
    assert "Maren" not in shown, "nor do those see it who stream the turn"
    assert WHOLE not in str(server.requests[1].messages)


async def test_other_questions_cost_no_request(server: ModelServer, model: ChatModel) -> None:
    server.will(Behaviour(text="In September."))
    query, _ = await turn(model, [*BEFORE, HumanMessage("When does the library on the corner open on holidays?")])
    assert query.context == "Maren smiled at me."
    server.will(Behaviour(text="Whom do you mean?"))
    await turn(model, [HumanMessage(ASKED)])
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"Completed: {WHOLE}", WHOLE),
        (f'\n  "{WHOLE}"\nmore', WHOLE),
        ("", None),
        ("Completed:", None),
        ("x" * 301, None),
    ],
)
def test_the_question_is_what_stands_on_the_first_line(text: str, found: str | None) -> None:
    assert completed_question(text) == found


def test_long_messages_are_shown_cut_short_and_on_a_line() -> None:
    shown = material("And?", [HumanMessage("oldest"), AIMessage("a"), HumanMessage("b\nc"), AIMessage("x" * 9_000)])
    assert "oldest" not in shown
    assert "I: b c\n" in shown
    assert len(shown) < 600


async def test_rewriting_is_off_unless_asked_for_and_keeps_out_of_conversations_slots() -> None:
    async with open_rewriting(Settings(llm="openai:a", _env_file=None)) as rewriting:  # type: ignore[call-arg]
        assert rewriting is None
    local = Settings(
        llm="openai:qwen2.5-coder-0.5b", llm_base_url="http://127.0.0.1:9/v1", rewrite="on", _env_file=None
    )  # type: ignore[call-arg]
    async with open_rewriting(local) as rewriting:
        assert rewriting is not None
    assert rewriting_model(local).extra == {"id_slot": BACKGROUND_SLOT}
    assert rewriting_model(Settings(llm="openai:a", _env_file=None)).extra == {}  # type: ignore[call-arg]
