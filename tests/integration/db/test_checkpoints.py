"""Checkpoints: a run's, gone when it has ended."""

from typing import Any

from langgraph.graph import END, START, StateGraph
from sqlalchemy import text
from typing_extensions import TypedDict

from app.checkpoints import open_saver
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
