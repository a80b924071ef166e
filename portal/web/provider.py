"""Speaks with the OpenID Connect provider: its metadata, the code for a token, and what the token proves."""

from __future__ import annotations

import hmac
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, RSAKey

from config import SingleSignOn
from portal.workflow.clock import now

#: Seconds to reach the provider, and to wait for its answer.
PATIENCE = (3.05, 6)
#: Seconds that the provider's description is kept; seconds for which one that failed is not asked again.
KEPT, RESTED = 600, 5
#: Seconds by which the clocks may differ.
LEEWAY = 30
#: Seconds for which what the portal signs to prove itself to the provider holds.
ASSERTED = 60
#: Ways of signing that are believed: with the provider's own key pair, never with a secret that both know.
ALGORITHMS = ("RS256",)
_NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class Unreachable(Exception):
    """The provider does not answer, or not as its standard says."""


class Forged(Exception):
    """The answer proves nothing: it was changed, made by another, for another, or is out of date."""


@dataclass(frozen=True)
class Proven:
    """What the provider says of who signed in; `second_factor` is whether he gave one there.

    `subject` is his alone for as long as the provider stands; a login may be given to another one day.
    """

    subject: str
    login: str
    groups: tuple[str, ...]
    second_factor: bool = False


class Provider:
    """One provider; its description is kept for some minutes in this process."""

    def __init__(self, settings: SingleSignOn) -> None:
        self.settings = settings
        self._known: tuple[float, dict[str, Any]] | None = None
        self._failed = float("-inf")

    def start(self, back: str, state: str, nonce: str, verifier: str, *, anew: bool = False) -> str:
        """The address at the provider at which signing in begins.

        Args:
            anew: whether the provider has to ask the officer although he is signed in there.

        Raises:
            Unreachable: the provider does not answer.
        """
        address, _ = self._client(back).create_authorization_url(
            self._description()["authorization_endpoint"],
            state=state,
            nonce=nonce,
            code_verifier=verifier,
            **({"max_age": 0, "prompt": "login"} if anew else {"max_age": self.settings.max_age}),
        )
        return str(address)

    def prove(
        self, back: str, code: str, nonce: str, verifier: str, *, since: datetime | None = None
    ) -> Proven:
        """Change a code for a token, and read the token.

        Args:
            since: the moment before which a sign-in there does not count; the oldest age allowed, if none is given.

        Raises:
            Unreachable: the provider does not answer. Forged: the code or the token is not to be believed.
        """
        described = self._description()
        try:
            answer = self._client(back).fetch_token(
                described["token_endpoint"], code=code, code_verifier=verifier, timeout=PATIENCE,
                allow_redirects=False,
            )  # fmt: skip
        except AuthlibBaseError as error:
            raise Forged(f"the provider refused the code: {error.error}") from error
        except (requests.RequestException, ValueError, TypeError) as error:
            raise Unreachable(str(error)) from error
        token = answer.get("id_token") if isinstance(answer, Mapping) else None
        if not isinstance(token, str):
            raise Forged("the answer holds no token of identity")
        oldest = since or now() - timedelta(seconds=self.settings.max_age)
        return self._read(token, self._asked(described["jwks_uri"]), nonce, oldest)

    def _read(self, token: str, keys: dict[str, Any], nonce: str, oldest: datetime) -> Proven:
        try:
            claims = jwt.decode(token, self._strong(keys), algorithms=list(ALGORITHMS)).claims
            self._registry().validate(claims)
        except (JoseError, ValueError, TypeError, KeyError, UnicodeError) as error:
            raise Forged(f"{type(error).__name__}: {error}") from error
        given = claims.get("nonce")
        if not isinstance(given, str) or not hmac.compare_digest(given.encode(), nonce.encode()):
            raise Forged("the token answers another request")
        audience = claims["aud"]
        if isinstance(audience, list) and len(audience) > 1 and claims.get("azp") != self.settings.client_id:
            raise Forged("the token is meant for another")
        at = claims.get("auth_time")
        if not isinstance(at, int) or at < oldest.timestamp() - LEEWAY:
            raise Forged("the officer signed in there too long ago, or nobody says when")
        return self._proven(claims)

    def _strong(self, keys: dict[str, Any]) -> KeySet:
        """The provider's keys but for those that are too short to be believed."""
        given = KeySet.import_key_set(keys)  # type: ignore[arg-type]
        least = self.settings.rsa_bits
        strong = [key for key in given.keys if isinstance(key, RSAKey) and key.raw_value.key_size >= least]
        if not strong:
            raise Forged(f"no key of the provider has {least} bits (PORTAL_OIDC_RSA_BITS)")
        return KeySet([*strong])

    def _registry(self) -> jwt.JWTClaimsRegistry:
        return jwt.JWTClaimsRegistry(
            now=lambda: int(now().timestamp()),
            leeway=LEEWAY,
            iss={"essential": True, "value": self.settings.issuer},
            aud={"essential": True, "value": self.settings.client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
        )

    def _proven(self, claims: Mapping[str, Any]) -> Proven:
        login, groups = claims.get(self.settings.login_claim), claims.get(self.settings.groups_claim, [])
        if not isinstance(login, str) or not 0 < len(login) <= 80 or not login.isprintable():
            raise Forged(f"the token has no claim {self.settings.login_claim}")
        subject = claims["sub"]
        if not isinstance(subject, str) or not 0 < len(subject) <= 255 or not subject.isprintable():
            raise Forged("the token does not name who it is about")
        known = groups if isinstance(groups, list) else []
        return Proven(
            subject, login, tuple(group for group in known if isinstance(group, str)), self._factor(claims)
        )

    def _factor(self, claims: Mapping[str, Any]) -> bool:
        """Whether the claims of the ways (`amr`, a list) or of the strength (`acr`, a text) name an accepted value."""
        ways = claims.get("amr")
        said = [*(ways if isinstance(ways, list) else []), claims.get("acr")]
        return any(isinstance(one, str) and one in self.settings.second_factors for one in said)

    def _client(self, back: str) -> OAuth2Session:
        mine = self.settings
        made = OAuth2Session(
            mine.client_id,
            mine.client_key or mine.client_secret,
            token_endpoint_auth_method="private_key_jwt" if mine.client_key else "client_secret_basic",
            scope="openid profile email",
            redirect_uri=back,
            code_challenge_method="S256",
        )
        made.register_client_auth_method(PrivateKeyJWT(claims={"exp": int(now().timestamp()) + ASSERTED}))
        return self.prepared(made)

    def prepared(self, session: Any) -> Any:
        """A session before it is used; tests put their own provider behind it."""
        return session

    def _description(self) -> dict[str, Any]:
        at = time.monotonic()
        if self._known and at - self._known[0] < KEPT:
            return self._known[1]
        if at - self._failed < RESTED:
            raise Unreachable("it did not answer a moment ago")
        try:
            found = self._asked(f"{self.settings.issuer.rstrip('/')}/.well-known/openid-configuration")
            self._check(found)
        except Unreachable:
            self._failed = at
            raise
        self._known = (at, found)
        return found

    def _check(self, found: dict[str, Any]) -> None:
        """The description is the issuer's own, and leads to addresses as safe as his."""
        if found.get("issuer") != self.settings.issuer:
            raise Unreachable("the description names another issuer")
        scheme = urlsplit(self.settings.issuer).scheme
        for name in _NEEDED:
            address = found.get(name)
            if not isinstance(address, str) or urlsplit(address).scheme not in ("https", scheme):
                raise Unreachable(f"the description has no {name}")

    def _asked(self, address: str) -> dict[str, Any]:
        with self.prepared(requests.Session()) as session:
            try:
                answer = session.get(address, timeout=PATIENCE, allow_redirects=False)
                found = answer.json() if answer.status_code == 200 else None
            except (requests.RequestException, ValueError) as error:
                raise Unreachable(str(error)) from error
        if not isinstance(found, dict):
            raise Unreachable(f"{address} answers {answer.status_code}")
        return found
