"""docs/configuration.md is what the settings make of it."""

from app.configuration import PAGE, page, rooms
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
    assert rows.index("## pgvector") > rows.index("## Milvus")
