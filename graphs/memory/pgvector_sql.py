"""The statements that LangChain's store does not have: words kept beside vectors, and both sides' scores by themselves.

Values go in as parameters, never into the text. Names of tables are made by us and quoted.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphs.memory.index import IndexFilter, Vector
from graphs.memory.pgvector_store import DENSE, KEY, METRIC, WORDS, vector_text

LONGEST_WORD = 100
"""Characters of a word that count: a key of Postgres's trees ends at 2,700 bytes."""


@dataclass(frozen=True, slots=True)
class Names:
    """The quoted names of one generation of the index: the schema, then a table of vectors and one of words."""

    schema: str
    generation: str

    @property
    def table(self) -> str:
        """The table of vectors, without its schema."""
        return f"entries_{self.generation}"

    @property
    def entries(self) -> str:
        return f'"{self.schema}"."{self.table}"'

    @property
    def words(self) -> str:
        return f'"{self.schema}"."words_{self.generation}"'

    def trigger(self, what: str) -> str:
        """The function that keeps the words after an insert, an update or a delete."""
        return f'"{self.schema}"."words_{what}_{self.generation}"'


def layout(names: Names, *, inline: bool) -> list[str]:
    """What makes the table of vectors one that is searched by user and by words. `inline`: vectors fit into a page."""
    counted = (
        f"(SELECT user_id, left(word, {LONGEST_WORD}) AS word, {KEY} AS memory_id, count(*)::int AS times, "  # noqa: S608
        f"length FROM %s, unnest(string_to_array({WORDS}, ' ')) AS word WHERE {WORDS} <> '' GROUP BY 1, 2, 3, 5)"
    )
    put_in = f"INSERT INTO {names.words} (user_id, word, memory_id, times, length) {counted % 'added'};"
    take_out = (
        f"DELETE FROM {names.words} AS w USING {counted % 'removed'} AS gone "  # noqa: S608
        "WHERE w.user_id = gone.user_id AND w.word = gone.word AND w.memory_id = gone.memory_id;"
    )
    # Vacuumed early: what is not yet known to be visible to all has its row read for every word that is counted.
    tidy = (
        "autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_vacuum_scale_factor = 0.05, "
        "autovacuum_analyze_scale_factor = 0.05"
    )
    return [
        # A vector that moves aside into another table is read with a search of its own, ten thousand for a question.
        *([f"ALTER TABLE {names.entries} ALTER COLUMN {DENSE} SET STORAGE PLAIN"] if inline else []),
        f"ALTER TABLE {names.entries} SET ({tidy})",
        f"CREATE INDEX ON {names.entries} (user_id, session_id, seq) INCLUDE ({KEY}, kind, created_at, length)",
        f'CREATE TABLE {names.words} (user_id UUID NOT NULL, word TEXT COLLATE "C" NOT NULL, memory_id UUID NOT NULL, '
        "times INTEGER NOT NULL, length INTEGER NOT NULL, "
        "PRIMARY KEY (user_id, word, memory_id) INCLUDE (times, length))",
        f"ALTER TABLE {names.words} SET ({tidy})",
        *_trigger(names, "insert", put_in, "NEW TABLE AS added"),
        *_trigger(names, "update", take_out + put_in, "OLD TABLE AS removed NEW TABLE AS added"),
        *_trigger(names, "delete", take_out, "OLD TABLE AS removed"),
    ]


def _trigger(names: Names, what: str, body: str, tables: str) -> list[str]:
    """Whoever writes to the table of vectors, LangChain's store included, the words follow in the same transaction."""
    function = names.trigger(what)
    return [
        f"CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NULL; END $$",
        f"CREATE TRIGGER words_{what} AFTER {what.upper()} ON {names.entries} REFERENCING {tables} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {function}()",
    ]


def dropped(names: Names) -> list[str]:
    """What removes a generation; nothing of it need be there."""
    return [
        f"DROP TABLE IF EXISTS {names.entries}, {names.words}",
        *(f"DROP FUNCTION IF EXISTS {names.trigger(what)}()" for what in ("insert", "update", "delete")),
    ]


def dense_search(names: Names, wanted: IndexFilter, vector: Vector, limit: int) -> tuple[str, dict[str, Any]]:
    """Ids with cosine similarities."""
    where, values = conditions(wanted)
    statement = (
        f"SELECT e.{KEY}, -(e.{DENSE} {METRIC.operator} CAST(:vector AS vector)) AS score FROM {names.entries} AS e "  # noqa: S608
        f"WHERE {where} ORDER BY e.{DENSE} {METRIC.operator} CAST(:vector AS vector) LIMIT :limit"
    )
    return statement, {**values, "vector": vector_text(vector), "limit": limit}


def words_search(
    names: Names, wanted: IndexFilter, words: str, limit: int, *, k1: float, b: float
) -> tuple[str, dict[str, Any]]:
    """Ids with BM25, as `graphs.memory.bm25` has it. How rare a word is and how long a memory, it takes from all the
    user's memories, whatever the filter leaves of them."""
    where, values = conditions(wanted)
    asked = Counter(word[:LONGEST_WORD] for word in words.replace("\x00", "").split())
    statement = f"""
        WITH asked AS (
            SELECT * FROM unnest(CAST(:words AS text[]), CAST(:weights AS float8[])) AS asked (word, weight)
        ), whole AS MATERIALIZED (
            SELECT count(*)::float8 AS memories, avg(length)::float8 AS length
            FROM {names.entries} WHERE user_id = :user_id
        ), hits AS MATERIALIZED (
            SELECT word, memory_id, times::float8, length::float8
            FROM {names.words} WHERE user_id = :user_id AND word = ANY(CAST(:words AS text[]))
        ), rarity AS (
            SELECT word,
                weight * (:k1 + 1) * ln(1 + (memories - holding + 0.5::float8) / (holding + 0.5::float8)) AS idf
            FROM (SELECT word, count(*)::float8 AS holding FROM hits GROUP BY word) AS held
            JOIN asked USING (word) CROSS JOIN whole
        ), scored AS (
            SELECT memory_id, sum(idf * times / (times + :k1 * (1 - :b + :b * hits.length / whole.length))) AS score
            FROM hits JOIN rarity USING (word) CROSS JOIN whole GROUP BY memory_id
        )
        {_allowed(names, wanted, where)} ORDER BY score DESC LIMIT :limit
    """  # noqa: S608
    return statement, {
        **values,
        "words": list(asked),
        "weights": [float(weight) for weight in asked.values()],
        "k1": k1,
        "b": b,
        "limit": limit,
    }


def _allowed(names: Names, wanted: IndexFilter, where: str) -> str:
    """Of what is scored, what the filter lets through."""
    narrow = wanted.session_id or wanted.kinds or wanted.since or wanted.until
    if narrow:
        # The user's memories are read once, from an index alone, for all that is asked of them. Looked up one by one,
        # 4,000 memories that hold a word took 43 ms among a million, in place of 13.
        mine = f"SELECT e.{KEY} FROM {names.entries} AS e WHERE {where} OFFSET 0"  # noqa: S608
        return f"SELECT {KEY}, score FROM scored JOIN ({mine}) AS mine ON {KEY} = memory_id WHERE score > 0"  # noqa: S608
    # Nearly all pass, so that no more of the best are looked up than are wanted: 8 ms in place of 13.
    passes = f"SELECT FROM {names.entries} AS e WHERE e.{KEY} = memory_id AND {where} OFFSET 0"
    best = "SELECT * FROM scored WHERE score > 0 ORDER BY score DESC"
    return f"SELECT memory_id AS {KEY}, score FROM ({best}) AS best WHERE EXISTS ({passes})"  # noqa: S608


def conditions(wanted: IndexFilter) -> tuple[str, Mapping[str, Any]]:
    """The filter as a condition over `e`, and its values; the user comes first, always."""
    parts = ["e.user_id = :user_id"]
    values: dict[str, Any] = {"user_id": wanted.user_id}
    if wanted.session_id is not None:
        parts.append("e.session_id = :session_id")
        values["session_id"] = wanted.session_id
    if wanted.kinds:
        parts.append("e.kind = ANY(CAST(:kinds AS text[]))")
        values["kinds"] = sorted(kind.value for kind in wanted.kinds)
    if wanted.since is not None:
        parts.append("e.created_at >= :since")
        values["since"] = wanted.since
    if wanted.until is not None:
        parts.append("e.created_at < :until")
        values["until"] = wanted.until
    if wanted.hidden_session is not None:
        parts.append("(e.session_id IS DISTINCT FROM :hidden_session OR e.seq < :hidden_from_seq)")
        values |= {"hidden_session": wanted.hidden_session, "hidden_from_seq": wanted.hidden_from_seq}
    return " AND ".join(parts), values
