"""What the figures were measured on, and with."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = (
    "gmpy2", "tlslite-ng", "ecdsa", "rsa", "pyaes", "chacha20poly1305", "purepycrypto", "asn1crypto", "pyasn1",
    "cryptography",
)  # fmt: skip


def describe() -> dict[str, str]:
    """Return the processor, and the versions of Python and of all packages that are measured or used."""
    return {
        "processor": _processor(),
        "Python": f"{platform.python_implementation()} {platform.python_version()}",
        **{package: _version(package) for package in PACKAGES},
    }


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _processor() -> str:
    try:  # Linux knows the model; elsewhere the architecture has to do
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())
