"""What keys and cookies say: 256 random bits. Only a digest is kept; of so many bits it needs no salt, nor be slow."""

import hashlib
import secrets

from app.roles import KEY_PREFIX

HINT = len(KEY_PREFIX) + 4
"""Characters of a key that are shown, to tell keys apart."""
LONGEST = 100
"""Characters. What is longer is none of ours, and is not looked up."""


def new_token() -> str:
    """For a cookie."""
    return secrets.token_urlsafe(32)


def new_key() -> str:
    """A key. Its beginning tells people, and programs that look for secrets, what it is."""
    return KEY_PREFIX + new_token()


def new_password() -> str:
    """For somebody to sign in with once: 96 bits, to be read out and typed."""
    return "-".join(secrets.token_hex(3) for _ in range(4))


def digest(token: str) -> bytes:
    """What is kept of it, and looked up."""
    return hashlib.sha256(token.encode(errors="surrogateescape")).digest()
