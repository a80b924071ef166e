"""A provider of single sign-on inside the test: it answers requests without a network, honestly or forged."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey
from requests.adapters import BaseAdapter

from portal.workflow.clock import now

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ISSUER, CLIENT, SECRET = "https://id.example", "portal", "between us"
KEY, OTHER_KEY = RSAKey.generate_key(3072, {"kid": "k1"}), RSAKey.generate_key(3072, {"kid": "k1"})
SHORT_KEY = RSAKey.generate_key(2048, {"kid": "k1"})


class FakeProvider(BaseAdapter):
    """Keeps what was asked of it; `claims` are put over honest ones, `sign` makes the token of them."""

    def __init__(self) -> None:
        super().__init__()
        self.claims: dict[str, Any] = {"preferred_username": "10130000.officer.goods"}
        self.sign: Callable[[dict[str, Any]], str] = by_key(KEY)
        self.down, self.metadata, self.token = False, dict[str, Any](), dict[str, Any]()
        self.key = KEY
        self.given: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []
        self.patience: list[Any] = []
        #: Which public key the client proves itself with, instead of the secret between us.
        self.client_key: RSAKey | None = None
        self.assertions: list[dict[str, Any]] = []

    def authorize(self, address: str) -> str:
        """What the officer does at the provider: he signs in, and is led back with a code; the query to bring back."""
        query = {key: values[0] for key, values in parse_qs(urlsplit(address).query).items()}
        assert (query["client_id"], query["response_type"]) == (CLIENT, "code")
        assert query["code_challenge_method"] == "S256"
        assert query["max_age"] == ("0" if query.get("prompt") == "login" else "43200")
        code = f"code{len(self.given)}"
        self.given[code] = query
        return f"code={code}&state={query['state']}"

    def send(
        self, request: requests.PreparedRequest, timeout: Any = None, **options: Any
    ) -> requests.Response:  # type: ignore[override]
        path = urlsplit(request.url or "").path
        self.asked.append(path)
        self.patience.append(timeout)
        if self.down:
            raise requests.ConnectTimeout("nobody is there")
        answer = requests.Response()
        answer.status_code, found = self._answer(path, request)
        answer._content = found if isinstance(found, bytes) else json.dumps(found).encode()
        answer.url, answer.request = request.url or "", request
        return answer

    def close(self) -> None:
        """Nothing is open."""

    def _answer(self, path: str, request: requests.PreparedRequest) -> tuple[int, Any]:
        if path.endswith("openid-configuration"):
            return 200, {
                "issuer": ISSUER, "authorization_endpoint": f"{ISSUER}/auth", "token_endpoint": f"{ISSUER}/token",
                "jwks_uri": f"{ISSUER}/keys",
            } | self.metadata  # fmt: skip
        if path == "/keys":
            return 200, {"keys": [self.key.as_dict(private=False)]}
        return self._token({key: values[0] for key, values in parse_qs(str(request.body)).items()}, request)

    def _token(self, sent: dict[str, str], request: requests.PreparedRequest) -> tuple[int, Any]:
        query = self.given.pop(sent["code"], None)
        digest = hashlib.sha256(sent["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if not self._knows(sent, request):
            return 401, {"error": "invalid_client"}
        if (
            query is None
            or query["code_challenge"] != challenge
            or query["redirect_uri"] != sent["redirect_uri"]
        ):
            return 400, {"error": "invalid_grant"}
        at = int(now().timestamp())
        claims = {
            "iss": ISSUER,
            "aud": CLIENT,
            "sub": "1",
            "iat": at,
            "auth_time": at,
            "exp": at + 300,
            "nonce": query["nonce"],
        }
        claims = {key: value for key, value in (claims | self.claims).items() if value is not None}
        return 200, {"access_token": "a", "token_type": "Bearer", "id_token": self.sign(claims)} | self.token

    def _knows(self, sent: dict[str, str], request: requests.PreparedRequest) -> bool:
        """Whether the client proves who it is: by its secret, or by its key (RFC 7523)."""
        given = request.headers.get("Authorization")
        if self.client_key is None:
            login = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
            return given == f"Basic {login}"
        if given or sent.get("client_assertion_type") != ASSERTION:
            return False
        at = int(now().timestamp())
        try:
            claims = jwt.decode(sent["client_assertion"], self.client_key, algorithms=["RS256"]).claims
        except JoseError:
            return False
        self.assertions.append(claims)
        mine = (claims["iss"], claims["sub"], claims["aud"]) == (CLIENT, CLIENT, f"{ISSUER}/token")
        return mine and at < claims["exp"] <= at + 90


def by_key(key: RSAKey, algorithm: str = "RS256") -> Callable[[dict[str, Any]], str]:
    return lambda claims: jwt.encode({"alg": algorithm, "kid": "k1"}, claims, key, algorithms=[algorithm])


def _part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def unsigned(claims: dict[str, Any]) -> str:
    return f"{_part({'alg': 'none'})}.{_part(claims)}."


def with_public_key_as_secret(claims: dict[str, Any]) -> str:
    """HS256 with what everybody knows: the provider's public key."""
    body = f"{_part({'alg': 'HS256', 'kid': 'k1'})}.{_part(claims)}"
    mac = hmac.new(KEY.as_pem(private=False), body.encode(), hashlib.sha256).digest()
    return f"{body}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


def tampered(claims: dict[str, Any]) -> str:
    """Signed for one officer, and changed to name another."""
    head, _, signature = by_key(KEY)(claims).split(".")
    return f"{head}.{_part(claims | {'preferred_username': '10130000.head'})}.{signature}"
