"""Checkpoints: a run's, gone when it has ended."""

from operator import add
from typing import Annotated, Any

import pytest
from langgraph.graph import END, START, StateGraph
from sqlalchemy import text
from typing_extensions import TypedDict

from app.checkpoints import BEGINS, PooledSaver, open_saver
from app.db.checkpoints import TABLES
from app.db.engine import Database
from app.db.ids import new_id


class Counted(TypedDict):
    count: int


async def rows(database: Database, thread: str) -> int:
    async with database.transaction() as tx:
        counts = [
            (await tx.execute(text(f"SELECT count(*) FROM {table} WHERE thread_id = :id"), {"id": thread})).scalar_one()
            for table in TABLES
        ]
    return sum(counts)


class Listed(TypedDict):
    done: Annotated[list[str], add]


class Killed(Exception):
    """Ends a run as a kill does: nothing of it is told to the graph."""


def three_nodes(saver: PooledSaver, breaks: set[str]) -> Any:
    """A graph of three nodes in a row, each of which notes that it was run, or breaks."""

    def node(name: str) -> Any:
        async def run(state: Listed) -> dict[str, list[str]]:
            if name in breaks:
                raise Killed
            return {"done": [name]}

        return run

    builder = StateGraph(Listed)
    for name in ("a", "b", "c"):
        builder.add_node(name, node(name))
    builder.add_edge(START, "a")
    builder.add_edge("a", "b")
    builder.add_edge("b", "c")
    builder.add_edge("c", END)
    return builder.compile(checkpointer=saver)


@pytest.mark.parametrize(("broken", "left"), [("b", ("b",)), ("c", ("c",))])
async def test_a_run_goes_on_from_its_last_finished_node(
    database: Database, module_database_url: str, broken: str, left: tuple[str, ...]
) -> None:
    async with open_saver(module_database_url, 2) as saver:
        breaks = {broken}
        graph = three_nodes(saver, breaks)
        thread = str(new_id())
        config: Any = {"configurable": {"thread_id": thread}}
        begins: Any = {"configurable": {"thread_id": thread, BEGINS: True}}
        with pytest.raises(Killed):
            await graph.ainvoke({"done": ["input"]}, begins, durability="async")
        state = await graph.aget_state(config)
        assert state.next == left
        breaks.clear()
        assert (await graph.ainvoke(None, config, durability="async"))["done"] == ["input", "a", "b", "c"]
        assert (await graph.aget_state(config)).next == ()


async def test_before_a_node_has_finished_nothing_is_kept(database: Database, module_database_url: str) -> None:
    async with open_saver(module_database_url, 2) as saver:
        graph, thread = three_nodes(saver, {"a"}), str(new_id())
        with pytest.raises(Killed):
            await graph.ainvoke({"done": []}, {"configurable": {"thread_id": thread, BEGINS: True}}, durability="async")
        assert await rows(database, thread) == 0
        assert not (await graph.aget_state({"configurable": {"thread_id": thread}})).values


async def test_what_begins_anew_takes_nothing_from_what_was_left(database: Database, module_database_url: str) -> None:
    async with open_saver(module_database_url, 2) as saver:
        breaks = {"c"}
        graph, thread = three_nodes(saver, breaks), str(new_id())
        begins: Any = {"configurable": {"thread_id": thread, BEGINS: True}}
        for word in ("first", "second"):
            with pytest.raises(Killed):
                await graph.ainvoke({"done": [word]}, begins, durability="async")
        state = await graph.aget_state({"configurable": {"thread_id": thread}})
        assert state.values["done"] == ["second", "a", "b"]
        breaks.clear()
        done = await graph.ainvoke(None, {"configurable": {"thread_id": thread}}, durability="async")
        assert done["done"] == ["second", "a", "b", "c"]


async def test_dropping_leaves_nothing_of_the_thread_and_all_of_others(
    database: Database, module_database_url: str
) -> None:
    async with open_saver(module_database_url, 2) as saver:
        builder = StateGraph(Counted)
        builder.add_node("add", lambda state: {"count": state["count"] + 1})
        builder.add_edge(START, "add")
        builder.add_edge("add", END)
        graph = builder.compile(checkpointer=saver)
        mine, other = str(new_id()), str(new_id())
        for thread in (mine, other):
            config: Any = {"configurable": {"thread_id": thread}}
            await graph.ainvoke({"count": 1}, config)
        before = await rows(database, other)
        assert before == await rows(database, mine) > 0
        await saver.drop(mine)
        assert await rows(database, mine) == 0
        assert await rows(database, other) == before
