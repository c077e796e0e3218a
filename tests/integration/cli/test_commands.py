"""Every command over HTTP, once for people and once for programs, and the code that it ends with."""

import json
from pathlib import Path
from uuid import UUID, uuid4

from app.cli.exits import ExitCode
from tests.integration.cli.conftest import SERVICE_KEY
from tests.support.command import Command
from tests.support.instance import Instance

TEA = "我每天早上喝乌龙茶。"


def talk(*messages: str, session: str, title: str = "") -> str:
    """Lines of a conversation."""
    lines: list[dict[str, object]] = [{"session": {"id": session, "title": title or session}}]
    roles = ("user", "assistant")
    lines += [{"message": {"role": roles[n % 2], "content": text}} for n, text in enumerate(messages)]
    return "".join(f"{json.dumps(line)}\n" for line in lines)


async def test_memories_are_added_found_pinned_and_forgotten(memocha: Command) -> None:
    added = await memocha("memories", "add", TEA, "--json")
    assert added.code == 0
    one = added.document["id"]
    two, *fields = (await memocha("memories", "add", "-", said="My kite is red.\n")).out.rstrip("\n").split("\t")
    assert fields[1:] == ["fact", "-", "-", "My kite is red."]

    found = await memocha("memories", "search", "What", "do", "I", "fly?", "--kind", "fact", "-k", "1")
    assert found.out.split("\t")[0] == two
    found = await memocha("memories", "search", "乌龙茶", "--json")
    assert found.document["items"][0]["text"] == TEA
    assert not found.document["degraded"]

    assert (await memocha("memories", "pin", one)).out.split("\t")[3] == "pinned"
    [line] = (await memocha("memories", "pin", two, "--json")).lines
    assert line["pinned"]
    assert (await memocha("memories", "unpin", two)).out.split("\t")[3] == "-"
    [pinned] = (await memocha("memories", "list", "--pinned", "--json")).lines
    assert pinned["id"] == one
    listed = await memocha("memories", "list", "--limit", "1")
    assert listed.out.count("\n") == 1
    assert "There are more than these 1" in listed.err

    assert (await memocha("memories", "show", one, "--json")).document["text"] == TEA
    shown = await memocha("memories", "show", one)
    assert shown.out.startswith(f"{one}\t")
    assert TEA in shown.out

    gone = await memocha("memories", "rm", one, "--yes")
    assert (gone.code, gone.out) == (0, f"{one}: 1 memory forgotten.\n")
    again = await memocha("memories", "rm", one, two, "--yes", "--json")
    assert again.code == ExitCode.NOT_FOUND
    assert [(line["id"], line["memories"]) for line in again.lines] == [(two, 1)], "the other went all the same"
    assert json.loads(again.err)["id"] == one


async def test_nothing_is_forgotten_where_nobody_can_be_asked(memocha: Command) -> None:
    kept = (await memocha("memories", "add", "I keep this.", "--json")).document["id"]
    refused = await memocha("memories", "rm", kept)
    assert refused.code == ExitCode.USAGE
    assert "--yes" in refused.err
    told = await memocha("user", "erase", "--json")
    assert (told.code, told.problem["code"]) == (ExitCode.USAGE, "usage")
    assert (await memocha("memories", "show", kept)).code == 0


async def test_sessions_are_found_renamed_archived_and_deleted(memocha: Command) -> None:
    lines = talk("My sledge is blue.", "Nice.\x1b[2J", session="s-1", title="Snow") + talk(
        "Hello.", "Hi.", session="other"
    )
    assert (await memocha("import", "-", said=lines)).code == 0
    found = await memocha("sessions", "search", "sledge")
    assert [line.split("\t")[-1] for line in found.out.splitlines()] == ["Snow … My sledge is blue."]
    one = found.out.split("\t")[0]
    [line] = (await memocha("sessions", "search", "my sledge", "--json")).lines
    assert (line["id"], line["match"]["text"]) == (one, "My sledge is blue.")

    shown = await memocha("sessions", "show", one)
    assert [line for line in shown.out.splitlines() if "sledge" in line] == ["My sledge is blue."]
    assert "\x1b" not in shown.out
    document = (await memocha("sessions", "show", one, "--json")).document
    assert [message["content"] for message in document["messages"]] == ["My sledge is blue.", "Nice.\x1b[2J"]

    assert (await memocha("sessions", "rename", one, "Winter", "冬天")).out.endswith("\tWinter 冬天\n")
    assert (await memocha("sessions", "rename", one, "Winter", "--json")).document["title"] == "Winter"
    assert (await memocha("sessions", "archive", one)).out.split("\t")[2] == "archived"
    [line] = (await memocha("sessions", "archive", one, "--json")).lines
    assert line["archived"]
    assert one not in (await memocha("sessions", "list")).out
    assert [each["id"] for each in (await memocha("sessions", "list", "--archived", "--json")).lines] == [one]
    assert not (await memocha("sessions", "unarchive", one, "--json")).lines[0]["archived"]
    assert one in (await memocha("sessions", "list", "--any")).out

    [receipt] = (await memocha("sessions", "rm", one, "--yes", "--json")).lines
    assert (receipt["id"], receipt["messages"], receipt["memories"]) == (one, 2, 2)
    [other] = [line["id"] for line in (await memocha("sessions", "list", "--json")).lines]
    kept = await memocha("sessions", "rm", other, "--yes", "--keep-memories")
    assert kept.out == f"{other}: deleted, 2 messages, 0 memories.\n"


async def test_what_is_exported_is_imported_and_changes_nothing(memocha: Command, tmp_path: Path) -> None:
    said = talk("I sail on Sundays.", "Enjoy.", session="sail")
    (tmp_path / "one.jsonl").write_text(said)
    (tmp_path / "two.jsonl").write_text(talk("I row on Mondays.", "Good.", session="row"))
    first = await memocha("import", "one.jsonl", "two.jsonl", "--json")
    assert [(line["file"], line["state"], line["total"]) for line in first.lines] == [
        ("one.jsonl", "succeeded", 3),
        ("two.jsonl", "succeeded", 3),
    ]
    exported = await memocha("export")
    assert "I row on Mondays." in exported.out
    written = await memocha("export", "--out", "all.jsonl", "--json")
    assert written.document == {"file": "all.jsonl", "bytes": len(exported.out.encode())}
    assert (tmp_path / "all.jsonl").read_text() == exported.out
    assert (tmp_path / "all.jsonl").stat().st_mode & 0o777 == 0o600
    assert "bytes" in (await memocha("export", "-o", "all.jsonl")).out
    assert sorted(each.name for each in tmp_path.iterdir()) == ["all.jsonl", "one.jsonl", "two.jsonl"]

    taken = await memocha("import", "all.jsonl", "--no-wait", "--json")
    followed = await memocha("import", "--follow", taken.lines[0]["id"], "--json")
    assert followed.document["state"] == "succeeded"
    assert "lines taken" in (await memocha("import", "all.jsonl", "--no-wait")).out
    assert followed.document["imported"] == 0
    again = await memocha("import", "--follow", taken.lines[0]["id"])
    assert again.out.endswith("lines, all of which were there already.\n")
    more = exported.out + talk("I punt on Fridays.", session="punt")
    assert (await memocha("import", "-", said=more)).out.endswith(
        " lines, 2 of them new; the others were there already.\n"
    )
    assert (await memocha("sessions", "rm", (await memocha("sessions", "search", "punt")).out[:36], "--yes")).code == 0
    assert (await memocha("export")).out == exported.out


async def test_what_breaks_a_rule_is_named_and_the_others_are_imported(memocha: Command, tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_text('{"memory": {"text": "x"}}\n{"mesage": 1}\n')
    (tmp_path / "good.jsonl").write_text('{"memory": {"text": "I whittle spoons."}}\n')
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04 and no archive")
    (tmp_path / "empty.zip").write_bytes(b"")
    (tmp_path / "Other.ZIP").write_bytes(b"\x89PNG\r\n and no archive")
    (tmp_path / "archive").write_bytes(b"PK and no archive")
    ended = await memocha("import", "bad.jsonl", "good.jsonl")
    assert ended.code == ExitCode.INVALID
    assert "bad.jsonl: A line is not valid. Nothing was imported. line 2" in ended.err
    assert ended.out == "good.jsonl: 1 line imported.\n"
    told = await memocha("import", "bad.jsonl", "--json")
    assert (told.code, told.problem["line"], told.problem["file"]) == (ExitCode.INVALID, 2, "bad.jsonl")
    for name in ("broken.zip", "empty.zip", "Other.ZIP", "archive"):
        archive = await memocha("import", name, "--json")
        assert archive.code == ExitCode.INVALID
        assert archive.problem["code"] == "invalid_archive", "it was sent as what it is"
    assert "it is empty" in (await memocha("import", "empty.zip")).err
    (tmp_path / "empty.jsonl").write_text("\n\n")
    for more in ((), ("--no-wait",)):
        nothing = await memocha("import", "empty.jsonl", "good.jsonl", *more)
        assert (nothing.code, nothing.out.splitlines()[0]) == (
            ExitCode.INVALID,
            "empty.jsonl: there is nothing in it to import.",
        )
    told = await memocha("import", "empty.jsonl", "--json")
    assert (told.code, json.loads(told.out)["total"]) == (ExitCode.INVALID, 0)
    assert (await memocha("import", "not-there.jsonl")).code == ExitCode.USAGE
    assert (await memocha("import")).code == ExitCode.USAGE


async def test_a_list_longer_than_a_page_comes_whole(memocha: Command) -> None:
    texts = [f"Bead {number} is green." for number in range(450)]
    lines = "".join(json.dumps({"memory": {"text": text}}) + "\n" for text in texts)
    assert (await memocha("import", "-", said=lines)).code == 0
    found = (await memocha("memories", "list", "--json")).lines
    assert {line["text"] for line in found} >= set(texts)
    assert len({line["id"] for line in found}) == len(found)
    assert len((await memocha("memories", "list", "--json", "--limit", "250")).lines) == 250
    shown = await memocha("memories", "list")
    assert shown.out.count("\n") == 50
    assert (await memocha("memories", "list", "--all")).out.count("\n") == len(found)


async def test_the_user_is_shown_changed_and_erased(memocha: Command) -> None:
    changed = await memocha("user", "set", "--about-me", "I keep bees.", "--language", "pt-BR", "--keep-days", "90")
    assert "about me: I keep bees." in changed.out
    me = (await memocha("user", "show", "--json")).document
    assert (me["language"], me["retention"]["days"]) == ("pt-BR", 90)
    back = (await memocha("user", "set", "--about-me", "", "--language", "", "--keep-days", "0", "--json")).document
    assert (back["about_me"], back["language"], back["retention"]["days"]) == ("", None, None)
    assert "memory: on" in (await memocha("user", "show")).out
    assert (await memocha("user", "set")).code == ExitCode.USAGE
    wrong = await memocha("user", "set", "--language", "not a tag")
    assert wrong.code == ExitCode.INVALID
    assert "language: String should match pattern" in wrong.err
    [line] = (await memocha("user", "list", "--json")).lines
    assert UUID(line["id"])
    assert (await memocha("user", "list")).out == f"{line['id']}\tlocal\n"

    await memocha("memories", "add", "To be gone.")
    receipt = (await memocha("user", "erase", "--yes", "--json")).document
    assert receipt["memories"] >= 1
    assert (await memocha("export")).out == ""
    assert "memories: 0\n" in (await memocha("user", "erase", "--yes")).out


async def test_what_cannot_be_done_without_accounts_is_said(memocha: Command) -> None:
    said = await memocha("key", "revoke")
    assert said.code == ExitCode.INVALID
    assert "There is one" in said.err
    told = await memocha("key", "revoke", "--json")
    assert (told.code, told.problem["code"]) == (ExitCode.INVALID, "not_supported")


async def test_it_says_which_it_is(memocha: Command, instance: Instance) -> None:
    said = await memocha("--version")
    assert (said.code, said.out, said.err) == (0, f"memocha {(await instance.get('/health'))['version']}\n", "")


async def test_keys_are_made_and_tried(memocha: Command) -> None:
    made = await memocha("key", "create")
    assert len(made.out.strip()) >= 32
    assert (await memocha("key", "create", "--json")).document["key"] != made.out.strip()
    assert "takes the one that is set here" in (await memocha("key", "list")).out
    for key, given in ((made.out.strip(), True), ("", False)):
        listed = await memocha("key", "list", "--json", MEMOCHA_API_KEY=key)
        assert listed.code == ExitCode.REFUSED
        assert listed.document == {"name": "MEMOCHA_API_KEY", "required": True, "given": given, "accepted": False}


async def test_without_the_right_key_nothing_is_told(memocha: Command) -> None:
    for key in ("", "a wrong key of 24 letters"):
        ended = await memocha("memories", "list", MEMOCHA_API_KEY=key)
        assert (ended.code, ended.out) == (ExitCode.REFUSED, "")
        assert "The key was refused. Set MEMOCHA_API_KEY" in ended.err
    told = await memocha("export", "--out", "x", "--json", MEMOCHA_API_KEY="")
    assert (told.code, told.problem["code"]) == (ExitCode.REFUSED, "unauthorized")
    assert not list(memocha.folder.iterdir())
    short = await memocha("memories", "list", "--json", MEMOCHA_API_KEY="short")
    assert (short.code, short.problem["code"]) == (ExitCode.USAGE, "settings")


async def test_what_is_not_there_is_told(memocha: Command) -> None:
    unknown = str(uuid4())
    for words in ("memories show", "sessions show", "import --follow"):
        ended = await memocha(*words.split(), unknown)
        assert (ended.code, ended.out) == (ExitCode.NOT_FOUND, "")
        assert "There is no such" in ended.err
    told = await memocha("sessions", "rename", unknown, "x", "--json")
    assert (told.code, told.problem["code"]) == (ExitCode.NOT_FOUND, "session_not_found")
    assert (await memocha("memories", "show", "no-id", "--json")).problem["code"] == "usage"


async def test_the_service_is_found_by_its_address_too(memocha: Command, instance: Instance) -> None:
    elsewhere = {"MEMOCHA_DATA_DIR": str(memocha.folder / "nothing"), "MEMOCHA_API_KEY": SERVICE_KEY}
    other = Command(memocha.folder, elsewhere)
    url = f"http://127.0.0.1:{instance.port}"
    assert (await other("user", "list", "--url", url)).code == 0
    assert (await other("user", "list", MEMOCHA_URL=f"{url}/")).code == 0
    assert (await other("user", "list", MEMOCHA_PORT=str(instance.port))).code == 0
    assert (await other("user", "list", "--url", "localhost:80")).code == ExitCode.USAGE
    assert (await other("user", "list", MEMOCHA_URL="nowhere", MEMOCHA_PORT="1")).code == ExitCode.USAGE


async def test_commands_beside_the_service(memocha: Command, instance: Instance) -> None:
    assert (await memocha("migrate", "--json")).document == {"migrated": True}
    findings = (await memocha("doctor", "--json", MEMOCHA_PORT=str(instance.port))).document
    assert {finding["level"] for finding in findings} <= {"ok", "note", "fails"}
    number = (await memocha("reindex", "--json")).document["memories"]
    assert (await memocha("reindex")).out.split()[0] == f"{number:,}"
