"""What is wrong with a request, in a client's terms: which parameter, what was given, and the rule that it breaks."""

import json
from collections.abc import Mapping
from typing import Any, Final

LONGEST: Final = 40
"""Characters of a value that are told back."""
WORDS: Final = ("content", "text")
"""Parameters that hold what people said, which is never told back."""
RULES: Final = {
    "literal_error": "must be {expected}",
    "greater_than_equal": "must be {ge:g} or more",
    "less_than_equal": "must be {le:g} or less",
    "greater_than": "must be more than {gt:g}",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "int_parsing_size": "must be a whole number of fewer digits",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "string_type": "must be a string",
    "string_unicode": "must be text in UTF-8",
    "string_too_short": "must have {min_length} characters at least",
    "string_too_long": "must have {max_length} characters at the most",
    "list_type": "must be a list",
    "too_short": "must hold {min_length} at least",
    "too_long": "must hold {max_length} at the most",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "dict_type": "must be an object",
    "uuid_type": "must be a UUID",
    "uuid_parsing": "must be a UUID",
}
"""By the kind of pydantic's error."""
LITERALS: Final = {"True": "true", "False": "false", "None": "null"}


def refusal(error: Mapping[str, Any]) -> tuple[str, str | None]:
    """What to tell of one of pydantic's errors, without a full stop, and the parameter, as OpenAI writes it."""
    param = _path(error["loc"][1:])
    name = param or "The body"
    match error["type"]:
        case "json_invalid":
            return "The body must be JSON", None
        case "missing":
            return f"{name} is missing", param
        case "value_error" | "assertion_error":
            rule = error["msg"].removeprefix("Value error, ")
            return f"{param}: {rule}" if param else rule, param
        case kind:
            limits = error.get("ctx") or {}
            if limits.get("max_length") == 0:
                rule = "must be empty, since nothing is called here"
            elif limits.get("min_length") == 1:
                rule = "must not be empty"
            elif kind in RULES:
                rule = RULES[kind].format_map({**limits, "expected": _expected(limits)})
            else:
                rule = error["msg"].replace("Input should", "should", 1)
    return f"{name} {rule}; {_given(error['input'], param)} was given", param


def _path(loc: tuple[int | str, ...]) -> str | None:
    """`messages[0].role`"""
    path = "".join(f"[{each}]" if isinstance(each, int) else f".{each}" for each in loc)
    return path.removeprefix(".") or None


def _expected(limits: Mapping[str, Any]) -> str:
    expected = str(limits.get("expected", ""))
    return LITERALS.get(expected, expected)


def _given(value: Any, param: str | None) -> str:
    match value:
        case str():
            told = json.dumps(value, ensure_ascii=False)
            hidden = param is not None and param.rpartition(".")[2] in WORDS
            return f"a string of {len(value)} characters" if hidden or len(told) > LONGEST else told
        case None | bool() | int() | float():
            told = json.dumps(value)
            return told if len(told) <= LONGEST else "a longer number"
        case list() | tuple():
            return f"a list of {len(value)}"
        case dict():
            return "an object"
    return "something else"
