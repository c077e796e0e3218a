"""For which models memories are numbered."""

from pathlib import Path

import pytest

from app.citations import citations_on
from app.settings import Settings

EMBEDDED = {"llm": "openai:qwen2.5-coder-0.5b", "llm_base_url": "http://127.0.0.1:4242/v1"}


@pytest.mark.parametrize(
    ("given", "on"),
    [
        pytest.param({}, False, id="no model yet: the embedded one will be started"),
        pytest.param({"llm": "openai:gpt-5-mini"}, True, id="a large one"),
        pytest.param({"llm": "ollama:qwen3"}, True, id="one of the person's own"),
        pytest.param({"llm": "openai:gpt-5-mini", "citations": "off"}, False, id="off is off"),
        pytest.param(EMBEDDED, False, id="the embedded one"),
        pytest.param({**EMBEDDED, "citations": "on"}, True, id="the embedded one, if it must be"),
        pytest.param(
            {**EMBEDDED, "llm": "openai:own", "local_model_path": Path("own.gguf")}, False, id="another embedded one"
        ),
    ],
)
def test_for_which_models(given: dict[str, object], on: bool) -> None:
    assert citations_on(Settings(_env_file=None, **given)) is on  # type: ignore[arg-type]
