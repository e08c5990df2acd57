"""Convert old Word documents to DOCX with LibreOffice, in a process of its own within limits."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from articleqa.loaders.protocol import UnreadableDataError

SECONDS = 120
"""Limit on the processor time of a conversion."""

CLOCK_SECONDS = 300.0
"""Limit on the clock time of a conversion; a worker process is ended after 600 seconds."""

MEMORY = 4_000_000_000
"""Limit on LibreOffice's address space, in bytes: twice what a worker process has."""

LARGEST = 200_000_000
"""Limit on the size of each file that LibreOffice writes, in bytes."""

_SETTINGS = """\
<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
{}
</oor:items>
"""
_SETTING = (
    '<item oor:path="/org.openoffice.{}"><prop oor:name="{}" oor:op="fuse"><value>{}</value></prop></item>'
)
_PROFILE = _SETTINGS.format(
    "\n".join(
        _SETTING.format(*each)
        for each in (
            ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
            ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
            ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
            ("Office.Common/Load", "UpdateDocMode", "0"),
            ("Office.Writer/Content/Update", "Link", "0"),
            ("Inet/Settings", "ooInetProxyType", "2"),  # a proxy that refuses every connection
            ("Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
            ("Inet/Settings", "ooInetHTTPProxyPort", "9"),
            ("Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
            ("Inet/Settings", "ooInetHTTPSProxyPort", "9"),
            ("Inet/Settings", "ooInetNoProxy", ""),
        )
    )
)
"""The settings of LibreOffice: it runs no macros, follows no links and reaches no network."""

_SCRIPT = """\
ulimit -S -v "$1"; ulimit -S -f "$2"; ulimit -S -t "$3"; ulimit -c 0
folder=$4; shift 4
exec 3<&0
(cat <&3 >/dev/null; rm -rf -- "$folder"; kill -s KILL 0) >/dev/null 2>&1 &
exec "$@" 3<&- </dev/null
"""
"""Run a program within limits of its own: those of a worker process are too small for it.

The process group ends, and its folder is removed, when the process that holds the other end of standard input
ends for whatever reason.
"""


def program() -> str:
    """Return the path of LibreOffice; empty if it is not installed, or the system has no process groups."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found if found and os.name == "posix" else ""


def identity() -> list[str | int]:
    """Return what changes when LibreOffice is installed, updated or removed."""
    with suppress(OSError):
        if found := program():
            file = Path(found).resolve()
            return [str(file), file.stat().st_size, file.stat().st_mtime_ns]
    return []


def docx_of(data: bytes, import_filter: str) -> bytes:
    """Return a document of Word as DOCX; `import_filter` is LibreOffice's name for its format.

    Raises:
        UnreadableDataError: LibreOffice cannot read it, or takes too long, or is not installed.
    """
    with TemporaryDirectory(prefix="articleqa-", ignore_cleanup_errors=True) as name:
        folder = Path(name).resolve()
        given, made = folder / "document.doc", folder / "made" / "document.docx"
        settings = folder / "profile" / "user" / "registrymodifications.xcu"
        settings.parent.mkdir(parents=True)
        settings.write_text(_PROFILE, encoding="utf-8")
        given.write_bytes(data)
        _run(
            [
                *(program(), f"-env:UserInstallation={(folder / 'profile').as_uri()}"),
                *("--headless", "--norestore", "--nolockcheck", "--nologo", "--nodefault"),
                *(f"--infilter={import_filter}", "--convert-to", "docx:MS Word 2007 XML"),
                *("--outdir", str(made.parent), str(given)),
            ],
            folder,
        )
        try:
            if made.stat().st_size <= LARGEST:
                return made.read_bytes()
        except OSError:
            raise UnreadableDataError(
                "LibreOffice cannot read it: it is damaged, or too large; save it as .docx"
            ) from None
    raise UnreadableDataError("too large as a DOCX file; split it")


def _run(command: list[str], folder: Path) -> None:
    """Run `command` until it ends or its time is over, then end whatever it started."""
    limits = (MEMORY // 1024, LARGEST // 512, SECONDS)
    try:
        process = subprocess.Popen(
            ["/bin/sh", "-c", _SCRIPT, "sh", *map(str, limits), str(folder), *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env={**os.environ, "HOME": str(folder), "SAL_USE_VCLPLUGIN": "svp"},
            start_new_session=True,
        )
    except OSError:
        raise UnreadableDataError("LibreOffice cannot be started; save it as .docx") from None
    try:
        process.wait(CLOCK_SECONDS)
    except subprocess.TimeoutExpired:
        raise UnreadableDataError(
            f"LibreOffice takes more than {CLOCK_SECONDS:.0f} seconds to read it; save it as .docx"
        ) from None
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if process.stdin:
            process.stdin.close()
