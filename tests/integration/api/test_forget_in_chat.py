"""Asked to "forget that ..." in a chat: what goes, what stays, and what the model is told of it."""

from tests.support.model_server import Behaviour, ModelServer
from tests.support.running import Client


async def told(service: Client, message: str) -> None:
    """Say something in a session of its own, and wait until it can be found."""
    await service.say(message)
    await service.remembered(message)


def note(model_server: ModelServer) -> str:
    """What the model was last sent as the user's words."""
    return str(model_server.requests[-1].messages[-1]["content"])


async def test_what_is_meant_goes_and_nothing_else(service: Client, model_server: ModelServer) -> None:
    await told(service, "My sister is called Anika.")
    await told(service, "My brother is called Tom.")
    turn = await service.say("Please forget that my sister is called Anika.")
    assert "1 memory was deleted" in note(model_server)
    await service.forgotten("My sister is called Anika.")
    assert turn.recalled == [] or all("Anika" not in text for text in turn.recalled)
    assert "My brother is called Tom." in await service.search("My brother is called Tom.")


async def test_how_many_went_is_told_at_once_and_for_good(service: Client, model_server: ModelServer) -> None:
    await told(service, "My violin was made in Cremona.")
    turn = await service.say("Forget that my violin was made in Cremona.")
    count = turn.of("memories")["forgotten"]
    assert count >= 1
    assert f"{count} memor" in note(model_server)
    question, answer = await service.history(turn.session_id)
    assert (question["forgotten"], answer["forgotten"]) == (count, 0)
    replayed = await service.get(f"/api/runs/{turn.of('run')['run_id']}/events")
    assert f'"forgotten":{count}' in replayed.text.replace(" ", "")

    # Asked again there is nothing left; what the message brought about stays true, and the model is told so.
    again = await service.stream_turn({"session_id": turn.session_id, "regenerate": answer["id"]})
    assert again.of("memories")["forgotten"] == count
    assert f"{count} memor" in note(model_server)
    assert "nothing was deleted" not in note(model_server)

    other = await service.say("What else is there?", session_id=turn.session_id)
    assert other.of("memories")["forgotten"] == 0
    whole = await service.post(
        "/api/chat", json={"message": "Forget my violin."}, headers={"accept": "application/json"}
    )
    assert whole.json()["forgotten"] == 0


async def test_neither_the_request_nor_its_answer_is_remembered(service: Client, model_server: ModelServer) -> None:
    await told(service, "My doctor is Dr. Quillfeather.")
    model_server.will(Behaviour(text="I have forgotten that your doctor is Dr. Quillfeather."))
    turn = await service.say("Forget that my doctor is Dr. Quillfeather.")
    await told(service, "Something else is said after that, about turnips.")
    found = await service.search("doctor Quillfeather", k=50)
    assert [text for text in found if "Quillfeather" in text] == []
    stays = [message["content"] for message in await service.history(turn.session_id)]
    assert "Forget that my doctor is Dr. Quillfeather." in stays, "the conversation is the person's own"


async def test_what_was_said_a_moment_ago_goes_too(service: Client, model_server: ModelServer) -> None:
    turn = await service.say("My locker number is 4711.")
    forgetting = await service.say("Forget my locker number.", session_id=turn.session_id)
    assert forgetting.of("memories")["forgotten"] >= 1
    assert "deleted from memory" in note(model_server)
    await told(service, "Later on there was talk of parsnips.")
    assert [text for text in await service.search("locker number 4711", k=50) if "4711" in text] == []


async def test_when_nothing_fits_nothing_goes(service: Client, model_server: ModelServer) -> None:
    await told(service, "I like my coffee black.")
    await service.say("Forget that I hate coffee.")
    assert "nothing was deleted" in note(model_server)
    await service.say("Forget that my cat is called Minou.")
    assert "nothing was deleted" in note(model_server)
    assert "I like my coffee black." in await service.search("I like my coffee black.")


async def test_everything_is_not_cleared_by_a_word_in_a_chat(service: Client, model_server: ModelServer) -> None:
    await told(service, "I play the cello.")
    await service.say("Forget everything you know about me.")
    assert "Clear all" in note(model_server)
    assert "I play the cello." in await service.search("I play the cello.")


async def test_the_next_turn_is_sent_without_the_note(service: Client, model_server: ModelServer) -> None:
    turn = await service.say("Forget my shoe size.")
    await service.say("What is new?", session_id=turn.session_id)
    assert "(Memory:" not in "".join(str(message["content"]) for message in model_server.requests[-1].messages)
