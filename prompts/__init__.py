"""The prompts, one file each. Placeholders are `$name`, as in `string.Template`."""

from functools import cache
from importlib.resources import files
from string import Template


@cache
def load(name: str) -> Template:
    """The prompt `prompts/<name>.md`, without the line break at its end."""
    return Template((files(__name__) / f"{name}.md").read_text(encoding="utf-8").removesuffix("\n"))
