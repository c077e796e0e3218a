"""Run a command so that it dies with the process that asked for it. A script of its own, standard library only.

On Linux it asks the kernel for a signal at the parent's death, gives up root where told to, and becomes the command.
Elsewhere it stays between the two, and ends the command when the pipe from the parent closes.

It runs between fork and exec in a process of its own, not in a `preexec_fn`: that would run Python in a
forked copy of a program with threads, where it may deadlock.
"""

import argparse
import ctypes
import os
import signal
import subprocess
import sys
import threading

PR_SET_PDEATHSIG = 1
PR_SET_KEEPCAPS = 8
PR_GET_SECUREBITS, PR_SET_SECUREBITS = 27, 28
PR_SET_NO_NEW_PRIVS = 38
PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 47, 2
SECBIT_NO_SETUID_FIXUP, SECBIT_KEEP_CAPS = 1 << 2, 1 << 4
CAPABILITY_VERSION_3 = 0x20080522
ORPHANED = 70


def main() -> None:
    """Parse the arguments and run the command; does not return on Linux."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--parent", type=int, required=True)
    parser.add_argument("--death-signal", type=int, default=signal.SIGKILL)
    parser.add_argument("--uid", type=int)
    parser.add_argument("--gid", type=int)
    parser.add_argument("--capability", type=int, help="number of the one capability to keep beside the uid")
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()
    if sys.platform == "linux":
        if options.uid is not None:
            give_up_root(options.uid, options.gid, options.capability)
        # After the change of user: the kernel clears the request when credentials change.
        prctl(PR_SET_PDEATHSIG, options.death_signal)
        if os.getppid() != options.parent:
            sys.exit(ORPHANED)  # the parent died before the request was made
        os.execv(options.command[0], options.command)  # noqa: S606
    sys.exit(watch(options))


def prctl(option: int, *values: int) -> int:
    """Call prctl(2); raise OSError where it fails."""
    libc = ctypes.CDLL(None, use_errno=True)
    result: int = libc.prctl(option, *(ctypes.c_ulong(value) for value in (*values, 0, 0, 0, 0)[:4]))
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"prctl({option}): {os.strerror(number)}")
    return result


def give_up_root(uid: int, gid: int, capability: int | None) -> None:
    """Become `uid` for good, keeping only `capability` (or none) across exec."""
    if capability is not None:
        # Without NO_SETUID_FIXUP, access(2) would ignore the capability, and Postgres checks its own binary so.
        bits = prctl(PR_GET_SECUREBITS)
        prctl(PR_SET_SECUREBITS, bits | SECBIT_KEEP_CAPS | SECBIT_NO_SETUID_FIXUP)
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)
    if capability is not None:
        set_capabilities(1 << capability)
        prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability)
    prctl(PR_SET_NO_NEW_PRIVS, 1)


def set_capabilities(mask: int) -> None:
    """Make `mask` (below 2**32) the effective, permitted and inheritable set of this process."""
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    data = (ctypes.c_uint32 * 6)(mask, mask, mask, 0, 0, 0)
    if libc.capset(header, data) < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"capset: {os.strerror(number)}")


def watch(options: argparse.Namespace) -> int:
    """Run the command as a child; end it when standard input, the parent's pipe, closes."""
    child = subprocess.Popen(options.command, stdin=subprocess.DEVNULL)  # noqa: S603

    def end_with_parent() -> None:
        sys.stdin.buffer.read()
        child.send_signal(options.death_signal)

    def forward(number: int, _frame: object) -> None:
        child.send_signal(number)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, forward)
    threading.Thread(target=end_with_parent, daemon=True).start()
    code = child.wait()
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    main()
