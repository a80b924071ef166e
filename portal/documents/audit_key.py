"""The portal's own key (Ed25519), with which the checkpoints of the audit trail are signed.

A store of secrets hands it over (`PORTAL_AUDIT_KEY`); else the portal makes one and keeps it in its data folder.
"""

from __future__ import annotations

import os
import secrets
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from flask import current_app

NAME = "audit-ed25519.pem"


def sign(message: bytes) -> str:
    """The signature over a message, in hexadecimal."""
    return _own().sign(message).hex()


def public_key() -> str:
    """The public key in hexadecimal: 32 bytes, as RFC 8032 writes them."""
    return _own().public_key().public_bytes_raw().hex()


def standing_key() -> str:
    """The public key where one is handed over or has been made; empty where the portal would make one first."""
    return public_key() if _handed_over() or _file().exists() else ""


def holds(signature: str, message: bytes, public: str) -> bool:
    """Whether a signature over a message was made with the key to which `public` belongs."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(bytes.fromhex(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True


@lru_cache(maxsize=8)
def parsed(pem: str) -> Ed25519PrivateKey:
    """The private key that a text holds.

    Raises:
        ValueError: it holds none of this kind.
    """
    try:
        key = serialization.load_pem_private_key(pem.encode(), password=None)
    except (UnsupportedAlgorithm, TypeError) as error:
        raise ValueError("it cannot be read") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError("it is a key of another kind")
    return key


def _own() -> Ed25519PrivateKey:
    handed_over = _handed_over()
    return parsed(handed_over) if handed_over else _read(_file())


def _handed_over() -> str:
    key: str = current_app.config["ENVIRONMENT"].audit_key
    return key


def _file() -> Path:
    folder: Path = current_app.config["ENVIRONMENT"].data_dir
    return folder / "keys" / NAME


@lru_cache(maxsize=8)
def _read(file: Path) -> Ed25519PrivateKey:
    if not file.exists():
        _make(file)
    try:
        return parsed(file.read_text("ascii"))
    except ValueError as error:
        raise ValueError(f"{file} holds no Ed25519 key: {error}") from error


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
