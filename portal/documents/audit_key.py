"""The portal's own key (Ed25519), with which the checkpoints of the audit trail are signed."""

from __future__ import annotations

import os
import secrets
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from flask import current_app

_NAME = "audit-ed25519.pem"


def sign(message: bytes) -> str:
    """The signature over a message, in hexadecimal."""
    return _own().sign(message).hex()


def public_key() -> str:
    """The public key in hexadecimal: 32 bytes, as RFC 8032 writes them."""
    return _own().public_key().public_bytes_raw().hex()


def standing_key() -> str:
    """The public key where one has been made; empty where the portal has signed nothing yet."""
    return public_key() if _file().exists() else ""


def holds(signature: str, message: bytes, public: str) -> bool:
    """Whether a signature over a message was made with the key to which `public` belongs."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(bytes.fromhex(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _own() -> Ed25519PrivateKey:
    return _read(_file())


def _file() -> Path:
    folder: Path = current_app.config["ENVIRONMENT"].data_dir
    return folder / "keys" / _NAME


@lru_cache(maxsize=8)
def _read(file: Path) -> Ed25519PrivateKey:
    if not file.exists():
        _make(file)
    key = serialization.load_pem_private_key(file.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"{file} holds no Ed25519 key")
    return key


def _make(file: Path) -> None:
    """Made once: of two processes that begin together, the second finds the key of the first."""
    file.parent.mkdir(parents=True, exist_ok=True)
    words = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    beside = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
        opened.write(words)
        opened.flush()
        os.fsync(opened.fileno())
    try:
        os.link(beside, file)
    except FileExistsError:
        pass
    finally:
        beside.unlink()
