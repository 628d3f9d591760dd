"""Runs a command as a person in a terminal would: in_terminal.py TRANSCRIPT ANSWER... -- COMMAND...

Each answer is typed when a question stands there; ^C and ^D are the keys. The transcript gets what the
terminal showed. The exit code is the command's, 128 + N when signal N ended it.
"""
import os
import pty
import select
import sys
import time

SECONDS = 60.0


def wait_for_question(terminal, shown, deadline):
    """Reads until the last line is a question; False when the command has ended."""
    while not shown.endswith(b": "):
        ready, _, _ = select.select([terminal], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            raise SystemExit("no question within %d s after: %r" % (SECONDS, bytes(shown[-300:])))
        try:
            block = os.read(terminal, 65536)
        except OSError:
            return False
        if not block:
            return False
        shown += block
    return True


def main():
    split = sys.argv.index("--")
    transcript, answers, command = sys.argv[1], sys.argv[2:split], sys.argv[split + 1:]
    child, terminal = pty.fork()
    if child == 0:
        os.execvp(command[0], command)
    deadline = time.monotonic() + SECONDS
    shown, whole = bytearray(), bytearray()
    for answer in answers:
        if not wait_for_question(terminal, shown, deadline):
            break
        whole += shown
        shown.clear()
        keys = {"^C": b"\x03", "^D": b"\x04"}.get(answer)
        os.write(terminal, keys if keys else answer.encode() + b"\n")
    asks_more = wait_for_question(terminal, shown, deadline)
    whole += shown
    with open(transcript, "wb") as file:
        file.write(whole)
    if asks_more:
        raise SystemExit("one question too many: %r" % bytes(shown[-300:]))
    _, status = os.waitpid(child, 0)
    sys.exit(128 + os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status))


main()
