"""Questions answered from what was recalled, and judged: an optional last step, since it takes a model and its price.

What was answered once is kept on disk, so that a run that was broken off goes on where it was.
"""

import hashlib
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from langchain_core.messages import HumanMessage
from pydantic import SecretStr

import prompts
from app.embedded import weights
from app.embedded.llama import LlamaPart
from app.settings import Settings
from evals.metrics import BUDGET, line_tokens
from evals.records import Conversation, Dataset, Question
from evals.report import Answers
from evals.statistics import mean
from evals.systems.base import Found, System
from graphs.errors import PromptTooLong
from graphs.memory.packing import pack
from graphs.models.chat import ChatModel
from graphs.models.config import ModelConfig, Parameters
from graphs.prompting import long_date, memory_block

LOCAL = "local"
"""The name of the model that `memocha up` would start."""
NEVER_SAID = "It was never said."
"""The right answer to a question that cannot be answered."""
TOO_LONG = "(the notes do not fit the reader)"
READER = Parameters(temperature=0.0, max_tokens=160, seed=0)
JUDGE = Parameters(temperature=0.0, max_tokens=8, seed=0)


@dataclass(frozen=True, slots=True)
class Completion:
    """What a model said to a prompt, and what it cost."""

    text: str
    prompt_tokens: int
    completion_tokens: int


class Completions:
    """A model with a file of what it has said before. The same prompt is paid for once."""

    def __init__(self, model: ChatModel, parameters: Parameters, file: Path) -> None:
        self.name = model.name
        self._model = model
        self._parameters = parameters
        self._file = file
        self._known: dict[str, Completion] = {}
        if file.exists():
            for line in file.read_text(encoding="utf-8").splitlines():
                key, said = json.loads(line)
                self._known[key] = Completion(**said)

    async def ask(self, prompt: str) -> Completion:
        """The model's answer. Raises what `ChatModel.stream` raises."""
        given = f"{self.name}\0{self._parameters.model_dump_json()}\0{prompt}"
        key = hashlib.sha256(given.encode()).hexdigest()
        if key not in self._known:
            said = await self._generate(prompt)
            self._known[key] = said
            with self._file.open("a", encoding="utf-8") as file:
                file.write(json.dumps([key, asdict(said)], ensure_ascii=False) + "\n")
        return self._known[key]

    async def _generate(self, prompt: str) -> Completion:
        text, read, written = "", 0, 0
        async with aclosing(self._model.stream([HumanMessage(prompt)], self._parameters)) as pieces:
            async for piece in pieces:
                text += str(piece.text)
                if piece.usage_metadata is not None:
                    read, written = piece.usage_metadata["input_tokens"], piece.usage_metadata["output_tokens"]
        return Completion(text.strip(), read, written)


@asynccontextmanager
async def open_model(name: str, settings: Settings, folder: Path) -> AsyncIterator[ChatModel]:
    """The model of that name: `local`, or as MEMOCHA_LLM names one, at MEMOCHA_LLM_BASE_URL. `folder`: scratch."""
    async with AsyncExitStack() as stack:
        if name == LOCAL:
            weight = weights.QWEN_05B
            part = LlamaPart(
                folder,
                alias=weight.name,
                context=settings.local_model_context,
                model=await weights.fetch(weight, settings.models_dir, _quiet),
            )
            stack.push_async_callback(part.stop)
            await part.start()
            config = ModelConfig(
                name=f"openai:{weight.name}", base_url=part.base_url, api_key=SecretStr(part.api_key), timeout=300.0
            )
        else:
            config = ModelConfig(
                name=name,
                base_url=settings.llm_base_url,
                api_key=settings.openai_key,
                api_version=settings.llm_api_version,
                timeout=settings.llm_timeout,
                attempts=settings.llm_attempts,
            )
        model = ChatModel(config)
        stack.push_async_callback(model.close)
        await model.connect()
        yield model


async def answer_all(
    dataset: Dataset,
    systems: Sequence[System],
    reader: Completions,
    judge: Completions,
    *,
    k: int,
    answered: Callable[[], None] = lambda: None,
) -> list[Answers]:
    """How many questions each system's memories have the reader answer right, as the judge sees it."""
    return [await _answers(dataset, system, reader, judge, k, answered) for system in systems]


async def _answers(
    dataset: Dataset, system: System, reader: Completions, judge: Completions, k: int, answered: Callable[[], None]
) -> Answers:
    right: list[float] = []
    read = written = 0
    for conversation in dataset.conversations:
        async with system.open(conversation) as asker:
            for question in _fit_for_it(conversation):
                said = await _answer(question, await asker.ask(question, k), reader)
                verdict = await judge.ask(judge_prompt(question, said.text))
                right.append(float(is_correct(verdict.text)))
                read += said.prompt_tokens
                written += said.completion_tokens
                answered()
    figure = mean(right)
    return Answers(
        system.name, reader.name, judge.name, figure.value, figure.low, figure.high, figure.count, read, written
    )


def _fit_for_it(conversation: Conversation) -> list[Question]:
    """The questions whose right answer is known."""
    return [question for question in conversation.questions if question.answer or not question.answerable]


async def _answer(question: Question, found: Found, reader: Completions) -> Completion:
    try:
        return await reader.ask(reader_prompt(question, found))
    except PromptTooLong:
        return Completion(TOO_LONG, 0, 0)


def reader_prompt(question: Question, found: Found) -> str:
    """The question with what a turn would be given: what passes the gate and fits 1,000 tokens, or everything."""
    passed = [item for item in found.items if found.relevant is None or item.memory.id in found.relevant]
    items = reversed(passed) if found.all_of_it else pack(passed, budget=BUDGET, length=line_tokens)
    return prompts.load("eval_reader").substitute(
        date=long_date(question.asked_at.date()), memories=memory_block(items), question=question.text
    )


def judge_prompt(question: Question, given: str) -> str:
    """The answer beside the right one."""
    right = question.answer if question.answerable else NEVER_SAID
    return prompts.load("eval_judge").substitute(question=question.text, right=right, given=given)


def is_correct(verdict: str) -> bool:
    """Whether a judge took the answer for right. What is no verdict counts as wrong."""
    return verdict.strip(" *.\"'`").upper().startswith("CORRECT")


def _quiet(weight: weights.Weight, done: int, total: int, source: str) -> None:
    """Weights come without a progress bar."""
