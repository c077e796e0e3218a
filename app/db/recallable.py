"""Memories as recall reads them: those that an answer may be given.

The statements are made once, over plain tables: to put one together for each question, with its objects, took longer
than Postgres took to answer it.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    DateTime,
    Integer,
    Text,
    Uuid,
    all_,
    and_,
    any_,
    bindparam,
    func,
    not_,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.convert import COLUMNS, utc
from app.db.models import MemoryRow, Session
from graphs.memory.index import IndexFilter
from graphs.memory.ranking.neighbours import REACH
from graphs.memory.records import Memory, MemoryKind, MemoryState
from graphs.memory.stem import stem_query

MOST_WORDS = 64
"""Of a question, in a search by words: a pasted page would otherwise touch every row."""


class Recallable:
    """What may be recalled of a user's memories. Of what is not the user's every method behaves as if it were not
    there. Memories come without their sources."""

    def __init__(self, tx: AsyncSession) -> None:
        self._tx = tx

    async def get(self, user_id: UUID, ids: Sequence[UUID]) -> list[Memory]:
        """Those of the memories that there are."""
        return [_read(row) for row in await self._tx.execute(_FOUND, {"user_id": user_id, "ids": list(ids)})]

    async def around(self, wanted: IndexFilter, ids: Sequence[UUID], best: Sequence[UUID]) -> list[Memory]:
        """Those of the memories that there are, and the episodes that stand beside the `best` of them, within `REACH`
        places, as far as the filter lets: each once."""
        values = {**_values(wanted), "ids": list(ids), "best": list(best)}
        return [_read(row) for row in await self._tx.execute(_AROUND, values)]

    async def speakers(self, user_id: UUID) -> frozenset[str]:
        """The names of those who speak in the memories."""
        return frozenset(name for (name,) in await self._tx.execute(_SPEAKERS, {"user_id": user_id}) if name)

    async def telling(self, wanted: IndexFilter, limit: int) -> list[Memory]:
        """Up to `limit` facts and pinned memories, pinned ones first and then the newest, and up to `limit` of the
        newest messages of the user."""
        return [_read(row) for row in await self._tx.execute(_TELLING, {**_values(wanted), "limit": limit})]

    async def search_words(self, wanted: IndexFilter, text: str, limit: int) -> list[tuple[Memory, float]]:
        """The best by words alone, best first."""
        words = any_word_of(text)
        if not words:
            return []
        rows = await self._tx.execute(_BY_WORDS, {**_values(wanted), "words": words, "limit": limit})
        return [(_read(row[:-1]), float(row[-1])) for row in rows]


def any_word_of(text: str) -> str:
    """What `to_tsquery` reads as any of the words that a question searches for; empty where it has none."""
    # Stems are letters and digits only, so the quotes cannot be left.
    return " | ".join(f"'{word}'" for word in stem_query(text).split()[:MOST_WORDS])


def _read(values: Sequence[Any]) -> Memory:
    """A row of `COLUMNS` as a memory: by position, in half the time that it takes by name."""
    key, user_id, kind, text, said, session_id, role, speaker, seq, chunk, start, end, newer, *rest = values
    pinned, recalled, state, confirmed = rest
    return Memory(
        key, user_id, _KINDS[kind], text, utc(said), session_id, role, speaker, seq, chunk,
        start and utc(start), end and utc(end), newer, pinned, recalled, _STATES[state], confirmed,
    )  # fmt: skip


_KINDS = {kind.value: kind for kind in MemoryKind}
_STATES = {state.value: state for state in MemoryState}

_memories, _sessions = MemoryRow.__table__, Session.__table__
_m = _memories.c
_columns = [_memories.c[column.key] for column in COLUMNS]
_user = bindparam("user_id", type_=Uuid)
_ids = bindparam("ids", type_=ARRAY(Uuid))

_recallable = and_(
    _m.user_id == _user,
    _m.state == MemoryState.ACTIVE,
    _m.superseded_by.is_(None),
    or_(_m.valid_to.is_(None), _m.valid_to > func.now()),
    _sessions.c.temporary.is_not(True),
)
_of_all = select(*_columns).outerjoin_from(_memories, _sessions, _sessions.c.id == _m.session_id).where(_recallable)


def _values(wanted: IndexFilter) -> dict[str, Any]:
    return {
        "user_id": wanted.user_id,
        "session_id": wanted.session_id,
        "kinds": sorted(wanted.kinds) or None,
        "since": wanted.since,
        "until": wanted.until,
        "hidden_session": wanted.hidden_session,
        "hidden_from_seq": wanted.hidden_from_seq,
    }


def _given(name: str, kind: Any) -> Any:
    return bindparam(name, type_=kind)


_visible = and_(
    or_(_given("session_id", Uuid).is_(None), _m.session_id == _given("session_id", Uuid)),
    or_(_given("kinds", ARRAY(Text)).is_(None), _m.kind == any_(_given("kinds", ARRAY(Text)))),
    or_(_given("since", DateTime(True)).is_(None), _m.created_at >= _given("since", DateTime(True))),
    or_(_given("until", DateTime(True)).is_(None), _m.created_at < _given("until", DateTime(True))),
    and_(_m.session_id == _given("hidden_session", Uuid), _m.seq >= _given("hidden_from_seq", Integer)).is_not(True),
)
"""What the filter lets be found; what is NULL of it does not matter."""

_FOUND = _of_all.where(_m.id == any_(_ids))

_middle = (
    select(_m.session_id, _m.seq)
    .outerjoin_from(_memories, _sessions, _sessions.c.id == _m.session_id)
    .where(_m.id == any_(bindparam("best", type_=ARRAY(Uuid))), _m.kind == MemoryKind.EPISODE, _recallable)
    .distinct()
    .cte("middle")
)
_AROUND = union_all(
    _FOUND,
    _of_all.join_from(_memories, _middle, _middle.c.session_id == _m.session_id)
    .where(
        _m.seq.between(_middle.c.seq - REACH, _middle.c.seq + REACH),
        # The other parts of the same message were candidates themselves.
        _m.seq != _middle.c.seq,
        _m.kind == MemoryKind.EPISODE,
        _m.id != all_(_ids),
        _visible,
    )
    .ext(distinct_on(_m.id)),
)

_limit = bindparam("limit", type_=Integer)
_certain = or_(_m.kind == MemoryKind.FACT, _m.pinned)
# As subqueries, since each side has an order and a limit of its own.
_known = _of_all.where(_visible, _certain).order_by(_m.pinned.desc(), _m.created_at.desc(), _m.id).limit(_limit)
_recent = (
    _of_all.where(_visible, not_(_certain), _m.kind == MemoryKind.EPISODE, _m.role == "user", _m.speaker.is_(None))
    .order_by(_m.created_at.desc(), _m.id.desc())
    .limit(_limit)
)
_TELLING = union_all(select(_known.subquery()), select(_recent.subquery()))

_SPEAKERS = select(_m.speaker).where(_m.user_id == _user, _m.speaker.is_not(None)).distinct()

_words = func.to_tsquery("simple", bindparam("words", type_=Text))
# 1: divided by the length's logarithm, or the longest messages would come first whatever they say.
_rank = func.ts_rank_cd(_m.words, _words, 1).label("rank")
_BY_WORDS = (
    _of_all.add_columns(_rank)
    .where(_visible, _m.words.op("@@")(_words))
    .order_by(_rank.desc(), _m.created_at.desc(), _m.id)
    .limit(_limit)
)
