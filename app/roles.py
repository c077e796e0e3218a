"""What people may do, and what their keys are for."""

from typing import Final, Literal, get_args

KEY_PREFIX: Final = "mem_"
"""How keys begin that people have made for themselves."""
UserRole = Literal["member", "admin"]
SignInWay = Literal["password", "oidc"]
Scope = Literal["chat", "memories:read", "memories:write", "account", "users"]
"""What a key may be for: `chat`: to talk, and the sessions; `account`: the user's own settings, keys, import, export,
erasure; `users`: other accounts, where the user is an admin."""
SCOPES: Final[tuple[Scope, ...]] = get_args(Scope)
