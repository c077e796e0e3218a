"""Memories: storing, listing, changing, forgetting, searching by words."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from app.db.engine import Database
from app.db.forgetting import Forgetting
from app.db.ids import new_id
from app.db.indexing import Indexing
from app.db.memories import Memories, MemoryChange, MemoryFilter
from app.db.memory_store import PostgresMemoryStore
from app.db.messages import Messages
from app.db.models import MemoryRow
from app.db.sessions import Sessions
from app.errors import MemoryNotFound
from graphs.memory.index import IndexFilter
from graphs.memory.records import Memory, MemoryKind, MemoryState, Source

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def fact(user: UUID, said: str, *, hours: int = 0, kind: MemoryKind = MemoryKind.FACT, **more: object) -> Memory:
    return Memory(new_id(), user, kind, said, NOON + timedelta(hours=hours), **more)  # type: ignore[arg-type]


async def store(database: Database, user: UUID, *memories: Memory) -> None:
    async with database.transaction() as tx:
        assert len(await Memories(tx).add_many(user, memories)) == len(memories)


async def listed(database: Database, user: UUID, **wanted: object) -> list[str]:
    async with database.transaction() as tx:
        page = await Memories(tx).list(user, MemoryFilter(**wanted))  # type: ignore[arg-type]
        assert await Memories(tx).count(user, MemoryFilter(**wanted)) == len(page.items)  # type: ignore[arg-type]
    return [memory.text for memory in page.items]


async def said(database: Database, user: UUID, content: str, session: UUID | None = None) -> Source:
    """A message, in a new session unless told which, as the source of a memory."""
    async with database.transaction() as tx:
        if session is None:
            session = (await Sessions(tx).create(user)).id
        row, _ = await Messages(tx).add(user, session, "user", content, parent_id=None)
        return Source(session, row.id, row.created_at, row.external_id)


async def forgotten(database: Database, user: UUID, source: Source) -> bool:
    async with database.transaction() as tx:
        return (await Messages(tx).get(user, source.session_id, source.message_id)).forgotten_at is not None


async def test_what_is_stored_is_read_back_whole(database: Database, user: UUID) -> None:
    source = await said(database, user, "I moved to Utrecht")
    memory = fact(
        user, "Lives in Utrecht", session_id=source.session_id, speaker="Ann", seq=3, chunk=1,
        valid_from=NOON, valid_to=NOON + timedelta(days=1), pinned=True, sources=(source,),
    )  # fmt: skip
    await store(database, user, memory)
    async with database.transaction() as tx:
        read = await Memories(tx).get(user, memory.id)
    assert read == memory
    assert read.created_at.tzinfo is UTC


async def test_what_another_said_is_no_source(database: Database, user: UUID, stranger: UUID) -> None:
    own, theirs = await said(database, user, "mine"), await said(database, stranger, "theirs")
    memory = fact(user, "Likes tea", sources=(own, theirs))
    await store(database, user, memory)
    async with database.transaction() as tx:
        assert (await Memories(tx).get(user, memory.id)).sources == (own,)


async def test_storing_again_changes_nothing(database: Database, user: UUID) -> None:
    source = await said(database, user, "tea")
    memory = fact(user, "Likes tea", sources=(source,))
    await store(database, user, memory)
    async with database.transaction() as tx:
        await Memories(tx).change(user, memory.id, MemoryChange(text="Likes green tea"))
    async with database.transaction() as tx:
        assert await Memories(tx).add_many(user, [memory, memory]) == []
        read = await Memories(tx).get(user, memory.id)
    assert (read.text, len(read.sources)) == ("Likes green tea", 1)


async def test_the_same_memory_twice_in_one_go(database: Database, user: UUID) -> None:
    memory = fact(user, "twice", sources=(await said(database, user, "twice"),))
    async with database.transaction() as tx:
        await Memories(tx).add_many(user, [memory, memory])
    assert await listed(database, user) == ["twice"]


async def test_filters(database: Database, user: UUID) -> None:
    source = await said(database, user, "there")
    await store(
        database, user,
        fact(user, "early", hours=-5),
        fact(user, "pinned", hours=1, pinned=True),
        fact(user, "paused", hours=2, state=MemoryState.PAUSED),
        fact(user, "episode", hours=3, kind=MemoryKind.EPISODE, session_id=source.session_id),
    )  # fmt: skip
    assert await listed(database, user) == ["episode", "paused", "pinned", "early"]
    assert await listed(database, user, kind=MemoryKind.EPISODE) == ["episode"]
    assert await listed(database, user, session_id=source.session_id) == ["episode"]
    assert await listed(database, user, pinned=True) == ["pinned"]
    assert await listed(database, user, pinned=False, since=NOON) == ["episode", "paused"]
    assert await listed(database, user, state=MemoryState.PAUSED) == ["paused"]
    assert await listed(database, user, until=NOON) == ["early"]
    assert await listed(database, user, since=NOON + timedelta(hours=1), until=NOON + timedelta(hours=3)) == [
        "paused",
        "pinned",
    ]


async def test_pages(database: Database, user: UUID) -> None:
    await store(database, user, *(fact(user, str(n), hours=n // 3) for n in range(8)))
    seen: list[str] = []
    cursor = None
    while True:
        async with database.transaction() as tx:
            page = await Memories(tx).list(user, limit=3, cursor=cursor)
        seen += [memory.text for memory in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert sorted(seen) == [str(n) for n in range(8)]


async def test_changes_are_noted(database: Database, user: UUID) -> None:
    memory = fact(user, "Has a cat")
    await store(database, user, memory)
    async with database.transaction() as tx:
        await Indexing(tx).mark(user, {memory.id: 0})
    async with database.transaction() as tx:
        read, index = await Memories(tx).change(user, memory.id, MemoryChange(pinned=True, state=MemoryState.PAUSED))
        assert (read.pinned, read.state, index) == (True, MemoryState.PAUSED, False)
        assert (await Indexing(tx).pending_of(user)) == []
    async with database.transaction() as tx:
        read, index = await Memories(tx).change(user, memory.id, MemoryChange(text="Has two cats", pinned=True))
        assert (read.text, index) == ("Has two cats", True)
        assert (await Indexing(tx).pending_of(user)) == [memory.id]
    async with database.transaction() as tx:
        events = [(event.action, event.old_text) for event in await Memories(tx).history(user, memory.id)]
    assert events == [("pinned", None), ("paused", None), ("edited", "Has a cat")]
    assert [text for text, _ in await words(database, user, "two cats")] == []
    async with database.transaction() as tx:
        await Memories(tx).change(user, memory.id, MemoryChange(state=MemoryState.ACTIVE))
    assert [text for text, _ in await words(database, user, "two")] == ["Has two cats"]


async def test_recalls_are_counted(database: Database, user: UUID, stranger: UUID) -> None:
    memory = fact(user, "counted")
    await store(database, user, memory)
    async with database.transaction() as tx:
        await Memories(tx).touch_recalled(stranger, [memory.id])
        await Memories(tx).touch_recalled(user, [memory.id, new_id()])
    async with database.transaction() as tx:
        row = await tx.get_one(MemoryRow, memory.id)
        assert row.recalled_count == 1
        assert row.last_recalled_at is not None


async def words(database: Database, user: UUID, question: str, **wanted: object) -> list[tuple[str, float]]:
    found = await PostgresMemoryStore(database).search_words(IndexFilter(user, **wanted), question, 10)  # type: ignore[arg-type]
    return [(memory.text, score) for memory, score in found]


@pytest.mark.parametrize(
    ("question", "best"),
    [
        ("What is my dog called?", "My dog is called Biscuit"),
        ("dogs", "My dog is called Biscuit"),  # by stem
        ("Wo wohnt meine Schwester?", "Meine Schwester wohnt in Köln"),
        ("koln", "Meine Schwester wohnt in Köln"),  # people leave accents out
        ("我的狗", "我的狗叫饼干"),  # a script without spaces
        ("'biscuit' | & !(", "My dog is called Biscuit"),  # the language of queries means nothing here
    ],
)
async def test_words_find(database: Database, user: UUID, question: str, best: str) -> None:
    texts = ["My dog is called Biscuit", "Meine Schwester wohnt in Köln", "我的狗叫饼干", "I bought a boat yesterday"]
    await store(database, user, *(fact(user, each) for each in texts))
    assert (await words(database, user, question))[0][0] == best


@pytest.mark.parametrize("question", ["", "   ", "?!", "'", "\\", "zzz"])
async def test_words_that_find_nothing(database: Database, user: UUID, question: str) -> None:
    await store(database, user, fact(user, "My dog is called Biscuit"))
    assert await words(database, user, question) == []


async def test_a_pasted_page_is_a_question_too(database: Database, user: UUID) -> None:
    await store(database, user, fact(user, "the word number3 is here"))
    page = " ".join(f"number{n}" for n in range(5_000))
    assert len(await words(database, user, page)) == 1


async def test_the_store_gives_only_what_an_answer_may_be_given(database: Database, user: UUID, stranger: UUID) -> None:
    async with database.transaction() as tx:
        temporary = (await Sessions(tx).create(user, temporary=True)).id
    newer = fact(user, "biscuit newer")
    rest = [
        fact(user, "biscuit plain"),
        fact(user, "biscuit paused", state=MemoryState.PAUSED),
        fact(user, "biscuit superseded", superseded_by=newer.id),
        fact(user, "biscuit temporary", session_id=temporary),
    ]
    theirs = fact(stranger, "biscuit theirs")
    await store(database, user, newer)
    await store(database, user, *rest)
    await store(database, stranger, theirs)
    ids = [memory.id for memory in (newer, *rest, theirs)]
    got = await PostgresMemoryStore(database).get(user, ids)
    assert {memory.text for memory in got} == {"biscuit newer", "biscuit plain"}
    assert {text for text, _ in await words(database, user, "biscuit")} == {"biscuit newer", "biscuit plain"}
    assert await PostgresMemoryStore(database).get(user, []) == []


async def test_words_keep_to_the_filter(database: Database, user: UUID) -> None:
    here, there = await said(database, user, "x"), await said(database, user, "y")
    await store(
        database, user,
        fact(user, "tea old", hours=-9),
        fact(user, "tea here", session_id=here.session_id, seq=1, kind=MemoryKind.EPISODE),
        fact(user, "tea here later", session_id=here.session_id, seq=5, kind=MemoryKind.EPISODE),
        fact(user, "tea there", session_id=there.session_id, seq=9, kind=MemoryKind.EPISODE),
    )  # fmt: skip

    async def found(**wanted: object) -> set[str]:
        return {text for text, _ in await words(database, user, "tea", **wanted)}

    assert len(await found()) == 4
    assert await found(session_id=here.session_id) == {"tea here", "tea here later"}
    assert await found(kinds=frozenset({MemoryKind.FACT})) == {"tea old"}
    assert await found(since=NOON) == {"tea here", "tea here later", "tea there"}
    assert await found(until=NOON) == {"tea old"}
    assert await found(hidden_session=here.session_id, hidden_from_seq=5) == {"tea old", "tea here", "tea there"}


async def test_what_stands_beside_the_best_is_read_along(database: Database, user: UUID, stranger: UUID) -> None:
    here, there = await said(database, user, "x"), await said(database, user, "y")
    episode = MemoryKind.EPISODE
    here_1, here_2, paused, there_4, far = (
        fact(user, "here 1", session_id=here.session_id, seq=1, kind=episode),
        fact(user, "here 2", session_id=here.session_id, seq=2, kind=episode),
        fact(user, "here 3", session_id=here.session_id, seq=3, kind=episode, state=MemoryState.PAUSED),
        fact(user, "there 4", session_id=there.session_id, seq=4, kind=episode),
        fact(user, "a fact of here", session_id=here.session_id, seq=1),
    )
    await store(
        database, user, here_1, here_2, paused, there_4, far,
        fact(user, "here 1, second part", session_id=here.session_id, seq=1, chunk=1, kind=episode),
        fact(user, "here 4", session_id=here.session_id, seq=4, kind=episode),
        fact(user, "there 1", session_id=there.session_id, seq=1, kind=episode),
        fact(user, "there 2", session_id=there.session_id, seq=2, kind=episode),
    )  # fmt: skip
    memories = PostgresMemoryStore(database)

    async def around(owner: UUID, *found: Memory, best: Sequence[Memory] = (), **wanted: object) -> list[str]:
        ids, best_ids = ([memory.id for memory in each] for each in (found, best))
        read = await memories.around(IndexFilter(owner, **wanted), ids, best_ids)  # type: ignore[arg-type]
        return sorted(memory.text for memory in read)

    assert await around(user, here_1, there_4) == ["here 1", "there 4"]
    assert await around(user, here_1, there_4, best=[here_1]) == ["here 1", "here 2", "there 4"]
    assert await around(user, here_1, there_4, best=[there_4]) == ["here 1", "there 2", "there 4"]
    assert await around(user, far, best=[far]) == ["a fact of here"]
    assert await around(user, paused, here_1, best=[paused]) == ["here 1"]
    only_before = {"hidden_session": here.session_id, "hidden_from_seq": 2}
    assert await around(user, here_1, best=[here_1], **only_before) == ["here 1"]
    assert await around(user, here_2, best=[here_2], **only_before) == ["here 1", "here 1, second part", "here 2"]
    assert await around(user) == []
    assert await around(stranger, here_1, best=[here_1]) == []


async def test_who_speaks_is_told(database: Database, user: UUID, stranger: UUID) -> None:
    await store(database, user, fact(user, "a", speaker="Ann"), fact(user, "b", speaker="Ben"), fact(user, "c"))
    await store(database, user, fact(user, "d", speaker="Ann"))
    assert await PostgresMemoryStore(database).speakers(user) == {"Ann", "Ben"}
    assert await PostgresMemoryStore(database).speakers(stranger) == frozenset()


async def test_forgetting_takes_what_came_from_the_same_message(database: Database, user: UUID) -> None:
    source, other = await said(database, user, "one"), await said(database, user, "two")
    episode, chunk = (fact(user, each, kind=MemoryKind.EPISODE, sources=(source,)) for each in ("part 1", "part 2"))
    derived = fact(user, "derived", sources=(source, other))
    digest = fact(user, "digest", kind=MemoryKind.DIGEST, sources=(source, other))
    untouched = fact(user, "untouched", sources=(other,))
    await store(database, user, episode, chunk, derived, digest, untouched)
    async with database.transaction() as tx:
        gone = await Forgetting(tx).memories(user, [episode.id])
    assert set(gone) == {episode.id, chunk.id, derived.id, digest.id}
    assert await listed(database, user) == ["untouched"]
    assert await forgotten(database, user, source)
    assert not await forgotten(database, user, other)


async def test_forgetting_a_digest_forgets_no_day(database: Database, user: UUID) -> None:
    source = await said(database, user, "one")
    digest = fact(user, "digest", kind=MemoryKind.DIGEST, sources=(source,))
    episode = fact(user, "episode", sources=(source,))
    await store(database, user, digest, episode)
    async with database.transaction() as tx:
        assert await Forgetting(tx).memories(user, [digest.id]) == [digest.id]
    assert not await forgotten(database, user, source)


async def test_forgetting_a_session_keeps_its_messages(database: Database, user: UUID) -> None:
    source, other = await said(database, user, "one"), await said(database, user, "two")
    mine = fact(user, "mine", session_id=source.session_id, sources=(source,))
    await store(database, user, mine, fact(user, "other", session_id=other.session_id, sources=(other,)))
    async with database.transaction() as tx:
        assert await Forgetting(tx).session(user, source.session_id) == [mine.id]
    assert await listed(database, user) == ["other"]
    assert await forgotten(database, user, source)


async def test_forgetting_everything(database: Database, user: UUID, stranger: UUID) -> None:
    source = await said(database, user, "one")
    await store(database, user, fact(user, "typed in"), fact(user, "said", sources=(source,)))
    await store(database, stranger, fact(stranger, "theirs"))
    async with database.transaction() as tx:
        assert await Forgetting(tx).everything(user) == 2
    assert await listed(database, user) == []
    assert await listed(database, stranger) == ["theirs"]
    assert await forgotten(database, user, source)


async def test_an_old_revision_cannot_be_passed_off_as_indexed(database: Database, user: UUID) -> None:
    memory = fact(user, "first")
    await store(database, user, memory)
    async with database.transaction() as tx:
        ((_, revision),) = await Indexing(tx).read(user, [memory.id])
        await Memories(tx).change(user, memory.id, MemoryChange(text="second"))
        await Indexing(tx).mark(user, {memory.id: revision})
        assert await Indexing(tx).pending_of(user) == [memory.id]
        await Indexing(tx).mark(user, await Indexing(tx).revisions(user, [memory.id]))
        assert await Indexing(tx).pending_of(user) == []


async def test_strangers_see_and_change_nothing(database: Database, user: UUID, stranger: UUID) -> None:
    source = await said(database, user, "mine")
    memory = fact(user, "mine", session_id=source.session_id, sources=(source,))
    await store(database, user, memory)
    async with database.transaction() as tx:
        memories, ids = Memories(tx), [memory.id]
        assert await memories.get_many(stranger, ids) == []
        assert (await memories.list(stranger, MemoryFilter(session_id=source.session_id))).items == []
        assert await memories.add_many(stranger, [memory]) == []
        assert await memories.history(stranger, memory.id) == []
        assert await Indexing(tx).read(stranger, ids) == []
        assert await Indexing(tx).revisions(stranger, ids) == {}
        assert await Indexing(tx).of_session(stranger, source.session_id) == []
        assert await Indexing(tx).drop_episodes(stranger, [source.message_id]) == []
        await Indexing(tx).mark(stranger, {memory.id: 0})
        assert await Indexing(tx).pending_of(user) == ids
        assert await Forgetting(tx).memories(stranger, ids) == []
        assert await Forgetting(tx).session(stranger, source.session_id) == []
        assert await Forgetting(tx).everything(stranger) == 0
        for attempt in (
            memories.get(stranger, memory.id),
            memories.change(stranger, memory.id, MemoryChange(text="theirs")),
        ):
            with pytest.raises(MemoryNotFound):
                await attempt
    assert await words(database, stranger, "mine") == []
    assert await listed(database, user) == ["mine"]
    assert not await forgotten(database, user, source)


async def test_a_stranger_cannot_attach_sources_to_my_memory(database: Database, user: UUID, stranger: UUID) -> None:
    memory = fact(user, "mine")
    await store(database, user, memory)
    source = await said(database, stranger, "theirs")
    forged = Memory(memory.id, stranger, MemoryKind.FACT, "forged", NOON, sources=(source,))
    async with database.transaction() as tx:
        assert await Memories(tx).add_many(stranger, [forged]) == []
    async with database.transaction() as tx:
        assert (await Memories(tx).get(user, memory.id)).sources == ()
        assert (
            await tx.scalar(text("SELECT count(*) FROM memory_sources WHERE memory_id = :id"), {"id": memory.id}) == 0
        )


async def test_what_the_user_is_known_by(database: Database, user: UUID) -> None:
    episode = MemoryKind.EPISODE
    await store(
        database, user,
        fact(user, "old fact"), fact(user, "new fact", hours=1), fact(user, "past", valid_to=NOON),
        fact(user, "paused", state=MemoryState.PAUSED), fact(user, "a day", kind=MemoryKind.DIGEST),
        fact(user, "pinned", kind=episode, hours=-9, pinned=True), fact(user, "answer", kind=episode, role="assistant"),
        fact(user, "first", kind=episode), fact(user, "second", kind=episode, hours=1),
        fact(user, "Ann's", kind=episode, hours=2, speaker="Ann"),
    )  # fmt: skip

    async def telling(limit: int, of: UUID = user, **wanted: object) -> set[str]:
        found = await PostgresMemoryStore(database).telling(IndexFilter(of, **wanted), limit)  # type: ignore[arg-type]
        assert len({memory.id for memory in found}) == len(found)
        return {memory.text for memory in found}

    assert await telling(10) == {"pinned", "new fact", "old fact", "second", "first"}
    assert await telling(2) == {"pinned", "new fact", "second", "first"}
    assert await telling(1) == {"pinned", "second"}
    assert await telling(10, kinds=frozenset([episode])) == {"pinned", "second", "first"}
    assert await telling(10, of=new_id()) == set()
