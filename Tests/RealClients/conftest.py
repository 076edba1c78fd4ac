import os
import pathlib
import shlex
import sys

import pytest

from connection import GENERATION, MODES
from lines import Lines
from official_schema import Conversation

# These use no SDK: once is enough.
collect_ignore = [f"test_{name}.py" for name in ("revisions", "conformance", "official_schema")] * (GENERATION == 1)
CHECKED = pytest.StashKey[int]()
TAP = pathlib.Path(__file__).parent / "tap.py"


@pytest.fixture(scope="session")
def built_program():
    path = os.environ.get("BOUND_MCP") or str(pathlib.Path(__file__).parents[2] / ".build/release/bound-mcp")
    if not os.access(path, os.X_OK):
        pytest.exit(f"build the program first (make build): there is no {path}", returncode=1)
    return path


@pytest.fixture
def tapped(tmp_path, request):
    """Makes programs with a tap on what clients and they say to each other; all must be as the official schema says."""
    records = tmp_path / "records"
    records.mkdir()

    def tapped(name, *command, only=None):
        """The path of a program that runs the command; with `only`, only such a first one is listened to."""
        command = " ".join(shlex.quote(word) for word in command)
        script = tmp_path / f"tapped-{name}"
        passed = f'[ "$1" = {only} ] || exec {command} "$@"\n' if only else ""
        script.write_text(
            f'#!/bin/sh\n{passed}exec "{sys.executable}" -I -S "{TAP}" "{records}/{name}.$$" {command} "$@"\n')
        script.chmod(0o755)
        return str(script)

    yield tapped
    conversations = {record.name: Conversation.recorded(record) for record in records.iterdir()}
    request.config.stash[CHECKED] = request.config.stash.get(CHECKED, 0) + sum(
        one.count for one in conversations.values())
    assert conversations, "nothing was said"
    faults = [(name, fault) for name, one in conversations.items() for fault in one.faults]
    if request.node.get_closest_marker("wrong_client"):
        faults = [(name, fault) for name, fault in faults if not fault.startswith("client")]
    assert faults == []


@pytest.fixture
def program(built_program, tapped):
    """The program, with a tap on it when it serves."""
    return tapped("bound-mcp", built_program, only="serve")


@pytest.fixture
def talk(program, workspace):
    """Starts servers that are spoken to in lines."""
    open_ones = []

    def talk(revision, capabilities=None, *options):
        open_ones.append(Lines([program, *workspace, *options], revision, capabilities or {}))
        return open_ones[-1]

    yield talk
    for lines in open_ones:
        lines.close()


def pytest_configure(config):
    config.addinivalue_line("markers", "wrong_client: what the client sends is wrong on purpose")


def pytest_terminal_summary(terminalreporter, config):
    terminalreporter.write_line(f"{config.stash.get(CHECKED, 0)} messages are as the official schemas say")


@pytest.fixture(params=MODES)
def mode(request):
    return request.param


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture
def workspace(tmp_path):
    """The arguments for a workspace of the test's own, with a sender."""
    return ["serve", "--db", str(tmp_path / "workspace.db"), "--sender", "sales@example.com"]
