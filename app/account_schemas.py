"""What goes over HTTP about accounts, keys and sign-ins."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field, StringConstraints

from app.roles import Scope, SignInWay, UserRole
from app.schemas import Input, Text

Mode = Literal["open", "key", "accounts"]
Password = Annotated[Text, Field(min_length=1, max_length=1_000)]
Login = Annotated[Text, Field(min_length=1, max_length=200)]


class AuthState(BaseModel):
    """How one signs in here, and who has."""

    mode: Mode
    """`open`: nobody has to, and there is one user; `key`: there is one key; `accounts`: a sign-in, or a key of one's
    own."""
    signed_in: bool
    login: str | None = None
    role: UserRole | None = None
    must_change_password: bool = False
    """Another chose it: until it is changed nothing else is done."""
    has_password: bool = False
    oidc: str | None = None
    """What a button says that leads to `GET /api/auth/oidc`; null: there is none."""


class SignInRequest(Input):
    """Who somebody is."""

    login: Login
    password: Password


class PasswordChange(Input):
    """Two of them."""

    old: Password
    new: Password


class SignedIn(BaseModel):
    """A browser that you are signed in with."""

    id: UUID
    way: SignInWay
    """How: by a password, or with the OpenID Connect provider."""
    agent: str
    """What it calls itself."""
    created_at: datetime
    last_seen_at: datetime
    """To the minute."""
    expires_at: datetime
    current: bool
    """It is this one."""


class SignInList(BaseModel):
    """The one seen last first."""

    items: list[SignedIn]


class Ended(BaseModel):
    """How many sign-ins have ended."""

    sign_ins: int


class NewKey(Input):
    """A key to make."""

    name: Annotated[Text, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=5)]
    """`chat`: to talk, and the sessions; `memories:read`, `memories:write`; `account`: settings, keys, import, export,
    erasure; `users`: other accounts."""
    expires_at: AwareDatetime | None = None


class Key(BaseModel):
    """A key of yours."""

    id: UUID
    name: str
    hint: str
    """How it begins."""
    scopes: list[Scope]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    """To the minute."""
    current: bool
    """It is the one that asks."""


class MadeKey(Key):
    """A key that was made just now."""

    key: str
    """Shown this once: only a digest of it is kept."""


class KeyList(BaseModel):
    """The newest first; those that were revoked are left out."""

    items: list[Key]


class NewUser(Input):
    """An account to make."""

    login: Login
    role: UserRole = "member"
    password: bool = True
    """Whether there is to be one to sign in with once; without, only an OpenID Connect provider lets them in."""


class UserPatch(Input):
    """What to change; what is left out stays."""

    role: UserRole = "member"
    disabled: bool = False
    """No credential of theirs is taken any more."""
    new_password: Literal[True] = True
    """Sets one to sign in with once, and ends their sign-ins."""


class Account(BaseModel):
    """A user as an admin sees them: nothing of what they said or what is remembered."""

    id: UUID
    login: str
    role: UserRole
    created_at: datetime
    last_seen_at: datetime | None
    """To the minute."""
    disabled_at: datetime | None
    has_password: bool
    sessions: int
    messages: int
    memories: int


class ChangedAccount(Account):
    """An account that was made or changed just now."""

    one_time_password: str | None = None
    """Shown this once, where one was set: whoever signs in with it chooses another."""


class AccountList(BaseModel):
    """Every account, by login."""

    items: list[Account]
