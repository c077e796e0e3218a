"""Whom a part runs as when we are root and it must not be.

Postgres refuses to run as root. The data folder, the packages or the home folder may lie under folders that only root
may enter (`/root` is 0700), and opening those to others is not ours to do. So the unprivileged process keeps one
capability, to pass folders that it has no right to; what it owns it reads and writes as usual. Its superuser
cannot sign in, so that no SQL reaches files through it.
"""

import os
import pwd
import stat
import sys
from pathlib import Path

from app.embedded.errors import DataUnusable
from app.embedded.process import Identity

CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1, 2


def identity_for(owned: Path, needs: tuple[Path, ...]) -> Identity | None:
    """The user to run a server as whose data is in `owned`, able to reach `needs`; None where it can be us.

    Data that exists keeps its owner; new data belongs to `nobody`. Raises DataUnusable where that cannot be done.
    """
    if os.geteuid() != 0:
        _check_ours(owned)
        return None
    if sys.platform != "linux":
        raise DataUnusable("Postgres does not run as root on this system. Start Memocha as a normal user.")
    uid, gid = _owner(owned)
    if all(_may_enter(path, uid, gid) for path in (owned, *needs)):
        return Identity(uid, gid)
    return Identity(uid, gid, _capability())


def hand_over(path: Path, identity: Identity | None) -> None:
    """Give `path` to the user that the server runs as."""
    if identity is not None:
        os.chown(path, identity.uid, identity.gid)


def _check_ours(owned: Path) -> None:
    if owned.exists() and owned.stat().st_uid != os.geteuid():
        raise DataUnusable(
            f"{owned} belongs to user id {owned.stat().st_uid}, and this is {os.geteuid()}: it was made by another "
            f"user, or by root. Start Memocha as that user, or give the folder to this one: chown -R {os.geteuid()} "
            f"{owned.parent}"
        )


def _owner(owned: Path) -> tuple[int, int]:
    if owned.exists() and (found := owned.stat()).st_uid != 0:
        return found.st_uid, found.st_gid
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError as error:
        raise DataUnusable(
            "Postgres does not run as root, and this system has no user 'nobody' to run it as. "
            "Start Memocha as a normal user, or set MEMOCHA_DATABASE_URL."
        ) from error
    return nobody.pw_uid, nobody.pw_gid


def _may_enter(path: Path, uid: int, gid: int) -> bool:
    """Whether the mode bits let that user through every folder down to `path`."""
    folders = [folder for folder in (path, *path.parents) if folder.is_dir()]
    return all(_lets_in(folder.stat(), uid, gid) for folder in folders)


def _lets_in(folder: os.stat_result, uid: int, gid: int) -> bool:
    if folder.st_uid == uid:
        return bool(folder.st_mode & stat.S_IXUSR)
    if folder.st_gid == gid:
        return bool(folder.st_mode & stat.S_IXGRP)
    return bool(folder.st_mode & stat.S_IXOTH)


def _capability() -> int:
    """The narrowest capability that we hold and that passes folders."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    held = {line.split(":")[0]: int(line.split()[1], 16) for line in status.splitlines() if line.startswith("Cap")}
    for capability in (CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE):
        if held["CapPrm"] & held["CapBnd"] & 1 << capability:
            return capability
    raise DataUnusable(
        "Postgres does not run as root, and this root may not lend it the right to enter the data folder. "
        "Start Memocha as a normal user, or set MEMOCHA_DATABASE_URL."
    )
