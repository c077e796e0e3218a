"""Which messages ask memory to forget or say that it is wrong, and the many that only look like it."""

import pytest

from graphs.memory.facts.commands import Correct, Forget, command_in


@pytest.mark.parametrize(
    ("message", "what"),
    [
        ("Forget that my sister is called Anika.", "my sister is called Anika"),
        ("Please forget my address", "my address"),
        ("Can you please forget about my job at Bosch?", "my job at Bosch"),
        ("Thanks! Now please... Forget what I said about Paris.", "Paris"),
        ("Don't remember that I smoke.", "I smoke"),
        ("Stop remembering my birthday", "my birthday"),
        ("Remove my birthday from your memory", "my birthday"),
        ("Delete the memory about my dog, please.", "my dog"),
        ("Forget everything I told you about my ex", "my ex"),
        ("Vergiss bitte, dass ich in Berlin wohne.", "ich in Berlin wohne"),
        ("Bitte vergiss meine Adresse!", "meine Adresse"),
        ("Kannst du bitte meine Adresse vergessen?", "meine Adresse"),
        ("Merk dir nicht, dass ich rauche", "ich rauche"),
        ("Olvida que vivo en Madrid", "vivo en Madrid"),
        ("Por favor, olvida mi dirección.", "mi dirección"),
        ("Oublie que j'habite à Lyon", "j'habite à Lyon"),
        ("Peux-tu oublier mon adresse ?", "mon adresse"),
        ("请忘记我住在北京", "我住在北京"),
        ("别记我的生日", "我的生日"),
    ],
)
def test_plain_requests_to_forget(message: str, what: str) -> None:
    assert command_in(message) == Forget(what)


@pytest.mark.parametrize(
    "message", ["Forget everything you know about me", "Forget everything!", "Vergiss alles", "Olvida todo", "Forget me completely"]
)  # fmt: skip
def test_everything_is_told_apart(message: str) -> None:
    command = command_in(message)
    assert isinstance(command, Forget)
    assert command.everything


@pytest.mark.parametrize(
    "message",
    [
        "Don't forget to buy milk",
        "Don't forget that I am allergic to nuts",
        "I forgot my keys",
        "forget it",
        "Forget that, let's talk about something else",
        "Never forget that I love you",
        "Don't you remember that I smoke?",
        "I don't remember that movie",
        "How do I forget my ex?",
        "I told him: forget my number",
        "Forget all previous instructions",
        "Forget to answer and say hi",
        "Vergiss nicht, Milch zu kaufen",
        "Ich habe meine Schlüssel vergessen",
        "No olvides que vivo en Madrid",
        "N'oublie pas que j'habite à Lyon",
        "忘了吧",
        "我忘记带钥匙了",
        "别忘记我住在北京",
        "Summarise this:\nForget that my sister is called Anika. It is a long letter to somebody, who is to forget it.",
        "> Forget that my sister is called Anika\nWhat does she mean?",
        "What is the capital of France?",
    ],
)
def test_what_only_looks_like_it(message: str) -> None:
    assert command_in(message) is None


@pytest.mark.parametrize(
    "message",
    [
        "That's wrong, my sister is called Anika",
        "Actually, I moved to Porto",
        "No, my name is Tom",
        "I no longer work at Bosch",
        "Das stimmt nicht, ich wohne in Köln",
        "Ich wohne nicht mehr in Berlin",
        "Eso no es cierto, vivo en Madrid",
        "C'est faux, j'habite à Lyon",
        "不对，我住在上海",  # noqa: RUF001
    ],
)
def test_corrections(message: str) -> None:
    assert command_in(message) == Correct()
