"""The running service as the terminal talks to it, over its HTTP interface."""

import json
import time
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, Final

import httpx
from httpx_sse import connect_sse
from pydantic import SecretStr

from app.settings import is_loopback

# The service sends a comment every 15 s: three missed ones mean that the connection is dead.
SILENCE: Final = 45.0
CONNECT: Final = 5.0
TRIES: Final = 8
"""Times that a lost stream is asked for again without a new event; about 25 s in all."""
LAST: Final = ("done", "error")


class ServiceError(Exception):
    """What the person at the terminal is told; `code` is for programs."""

    code = "failed"


class ServiceDown(ServiceError):
    """Nothing answers at the service's address."""

    code = "unreachable"

    def __init__(self, url: str) -> None:
        super().__init__(f"Memocha is not running at {url}. Start it with: make up")


class ServiceRefused(ServiceError):
    """The service answered with a problem; `code` is its stable name."""

    def __init__(self, status: int, code: str, title: str) -> None:
        super().__init__(title)
        self.status = status
        self.code = code


class ConnectionLost(ServiceError):
    """The connection broke and could not be taken up again."""

    code = "connection_lost"


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a run, as the interface documents it."""

    id: int
    name: str
    data: dict[str, Any]


class Turn:
    """One run, followed to its end: a lost connection goes on after the last event that came."""

    def __init__(self, http: httpx.Client, body: dict[str, Any]) -> None:
        self._http = http
        self._body = body
        self.run_id: str | None = None
        self.last_id = 0
        self.ended = False

    def events(self) -> Generator[Event, None, None]:
        """The events not seen yet. Raises `ServiceError`."""
        tries = 0
        while not self.ended:
            before = self.last_id
            try:
                yield from self._request()
            except httpx.TransportError as error:
                if self.run_id is None:
                    self._give_up(error)
            except ServiceRefused as problem:
                if self.run_id is None or problem.status < 500:
                    raise
            if self.ended:
                return
            if self.run_id is None:
                raise ConnectionLost("The service ended the connection without an answer. Look at its log.")
            tries = 0 if self.last_id > before else tries + 1
            if tries > TRIES:
                raise ConnectionLost("The connection is lost. What was answered is kept; look again later.")
            time.sleep(min(0.1 * 2**tries, 5.0))

    def cancel(self) -> None:
        """Stops the run; its last events still come. One that has ended already is left as it is."""
        if self.run_id is not None:
            answer = self._http.post(f"/api/runs/{self.run_id}/cancel")
            if answer.status_code not in (404, 409):
                raise_for_problem(answer)

    def _request(self) -> Generator[Event, None, None]:
        accept = {"accept": "text/event-stream"}
        if self.run_id is None:
            yield from self._read("POST", "/api/chat", json=self._body, headers=accept)
        else:
            headers = {**accept, "last-event-id": str(self.last_id)}
            yield from self._read("GET", f"/api/runs/{self.run_id}/events", headers=headers)

    def _read(self, method: str, path: str, **options: Any) -> Generator[Event, None, None]:
        with connect_sse(self._http, method, path, **options) as source:
            raise_for_problem(source.response)
            for received in source.iter_sse():
                if not received.data:
                    continue  # httpx-sse makes an event of a comment's blank line once an id was seen
                event = Event(int(received.id or 0), received.event, json.loads(received.data))
                self.last_id = event.id
                if event.name == "run":
                    self.run_id = event.data["run_id"]
                self.ended = event.name in LAST
                yield event
                if self.ended:
                    return

    def _give_up(self, error: httpx.TransportError) -> None:
        if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
            raise ServiceDown(str(self._http.base_url).rstrip("/")) from error
        raise ConnectionLost(
            "The connection broke before the service took the message. It may not have been kept: send it again."
        ) from error


class Service:
    """The routes that a chat in the terminal needs. Every method raises `ServiceError`."""

    def __init__(self, url: str, key: SecretStr | None) -> None:
        headers = {"authorization": f"Bearer {key.get_secret_value()}"} if key is not None else {}
        timeout = httpx.Timeout(SILENCE, connect=CONNECT)
        local = is_loopback(httpx.URL(url).host)
        self._http = httpx.Client(base_url=url, headers=headers, timeout=timeout, trust_env=not local)
        self.url = url

    def close(self) -> None:
        self._http.close()

    def ready(self) -> dict[str, Any]:
        """The service's state and that of its dependencies, `down` included."""
        answer = self._send("GET", "/ready")
        body = _json(answer)
        if answer.status_code not in (200, 503) or "dependencies" not in body:
            raise ServiceError(f"What answers at {self.url} is not Memocha.")
        return body

    def session(self, session_id: str) -> dict[str, Any]:
        """One session. Raises `ServiceRefused` for an unknown one, and for a wrong key."""
        return self._ask("GET", f"/api/sessions/{session_id}")

    def signed_in(self) -> None:
        """Raises `ServiceRefused` where the key is not taken."""
        self._ask("GET", "/api/sessions", params={"limit": 1})

    def say(self, message: str, session_id: str | None) -> Turn:
        """A turn, which begins when its events are asked for."""
        return Turn(self._http, {"message": message, **({"session_id": session_id} if session_id else {})})

    def retry(self, message_id: str, session_id: str) -> Turn:
        """Another answer to a message."""
        return Turn(self._http, {"session_id": session_id, "regenerate": message_id})

    def recent_memories(self, limit: int) -> list[dict[str, Any]]:
        """What was remembered last, newest first."""
        return self._items("/api/memories", {"limit": limit})

    def search_memories(self, words: str, k: int) -> list[dict[str, Any]]:
        """The memories nearest to the words, best first, with scores."""
        return self._items("/api/memories/search", {"q": words, "k": k})

    def forget(self, memory_id: str) -> dict[str, Any]:
        """Deletes a memory; the receipt."""
        return self._ask("DELETE", f"/api/memories/{memory_id}")

    def _items(self, path: str, params: dict[str, Any]) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self._ask("GET", path, params=params)["items"]
        return items

    def _ask(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        answer = self._send(method, path, **options)
        raise_for_problem(answer)
        return _json(answer)

    def _send(self, method: str, path: str, **options: Any) -> httpx.Response:
        try:
            return self._http.request(method, path, **options)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise ServiceDown(self.url) from error
        except httpx.TransportError as error:
            raise ConnectionLost(f"{self.url} did not answer: {type(error).__name__}.") from error


def raise_for_problem(answer: httpx.Response) -> None:
    """Raises `ServiceRefused` with the problem's title for an answer that is not a success."""
    if answer.is_success:
        return
    answer.read()
    body = _json(answer)
    title = body.get("title") or f"The service answered {answer.status_code}."
    if body.get("detail"):
        title = f"{title} {body['detail']}"
    if answer.status_code == 401:
        title = "The key was refused. Set MEMOCHA_API_KEY to the service's key."
    raise ServiceRefused(answer.status_code, str(body.get("code", "")), title)


def _json(answer: httpx.Response) -> dict[str, Any]:
    try:
        body = answer.json() if answer.content else {}
    except ValueError:
        body = {}
    return body if isinstance(body, dict) else {}
