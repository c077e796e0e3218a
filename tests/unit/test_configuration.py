"""docs/configuration.md is what the settings make of it."""

from app.configuration import GROUPS, PAGE, page, rooms
from app.settings import Settings


def test_the_page_is_current() -> None:
    assert PAGE.read_text() == page(), "run: python -m app.configuration"


def test_every_setting_stands_in_a_room_and_says_what_it_does() -> None:
    assert [name for names in rooms().values() for name in names] == list(Settings.model_fields)
    assert all(rooms())
    assert [name for name, field in Settings.model_fields.items() if not (field.description or "").strip()] == []


def test_a_row_tells_default_values_and_unit() -> None:
    rows = page().splitlines()
    deadline = "Longest wait for memory, seconds; then words alone."
    assert f"| `MEMOCHA_RECALL_DEADLINE` | `2` | above 0 to 30 | {deadline} |" in rows
    assert any(row.startswith("| `MEMOCHA_REWRITE` | `off` | `off`, `on` | ") for row in rows)
    assert any(row.startswith("| `OPENAI_API_KEY` | none | ") for row in rows)


def test_each_setting_has_one_row_and_those_of_the_engines_come_last() -> None:
    groups = [part.split("\n| `") for part in page().split("\n## ")[1:]]
    named = {group[0].splitlines()[0]: [row.split("`")[0] for row in group[1:]] for group in groups}
    assert sorted(name for names in named.values() for name in names) == sorted(
        str(field.validation_alias or f"MEMOCHA_{name.upper()}") for name, field in Settings.model_fields.items()
    )
    *_, last = named
    assert last == "Parameters of the engines"
    assert {"MEMOCHA_MILVUS_HNSW_M", "MEMOCHA_PGVECTOR_HNSW_EF", "MEMOCHA_DATABASE_POOL_SIZE"} <= set(named[last])
    assert {"MEMOCHA_MILVUS_URI", "MEMOCHA_PGVECTOR_URL", "MEMOCHA_DATABASE_URL"} <= set(named["Where things are kept"])
    assert len(named) == len(GROUPS) + 1, "a room of the settings stands under no heading"
