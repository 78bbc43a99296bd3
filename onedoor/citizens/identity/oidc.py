"""An OpenID Connect service: authorization code with PKCE; what it says is signed and verified.

Basis: OpenID Connect Core 1.0 §3.1; RFC 7636 (PKCE); RFC 9700 (state, nonce, exact return address).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import jwt

from onedoor.citizens.identity.claims import Identity, named, read
from onedoor.kernel.errors import Refusal

TIMEOUT = 10
SIGNED_BY = ("RS256", "ES256", "PS256", "EdDSA")
"""Only keys the service alone has: nothing signed with a shared secret, nothing unsigned."""
LEEWAY = 60
"""Seconds by which two clocks may differ."""


class Oidc:
    """The county's identity service."""

    def __init__(self, issuer: str, client: str, secret: str) -> None:
        self.issuer, self.client, self.secret = issuer, client, secret
        self.name = str(named().get("service", "OpenID Connect"))

    def begin(self, back: str) -> tuple[str, Mapping[str, str]]:
        """Return the address of the service's own page, and the secrets that fit its answer."""
        kept = {what: secrets.token_urlsafe(32) for what in ("state", "nonce", "verifier")}
        challenge = hashlib.sha256(kept["verifier"].encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": self.client,
            "redirect_uri": back,
            "scope": "openid profile phone",
            "state": kept["state"],
            "nonce": kept["nonce"],
            "code_challenge": base64.urlsafe_b64encode(challenge).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        return f"{_found(self.issuer)['authorization_endpoint']}?{urlencode(asked)}", kept

    def finish(
        self, told: Mapping[str, str], kept: Mapping[str, str], back: str, *, on: date
    ) -> Identity:
        """Exchange the code that came back for what the service signed, and verify it."""
        state = kept.get("state", "")
        if not state or not hmac.compare_digest(told.get("state", "").encode(), state.encode()):
            raise Refusal(
                "identity.not_ours", "这次登录不是从这里开始的，或者已经过期。请重新登录。"
            )
        if "code" not in told:
            raise Refusal("identity.cancelled", "没有登录：您取消了，或者统一身份认证没有通过。")
        answer = _json(
            _found(self.issuer)["token_endpoint"],
            {
                "grant_type": "authorization_code",
                "code": told["code"],
                "redirect_uri": back,
                "client_id": self.client,
                "client_secret": self.secret,
                "code_verifier": kept.get("verifier", ""),
            },
        )
        claims = self._verified(str(answer.get("id_token", "")), kept.get("nonce", ""))
        return read(claims, on=on)

    def _verified(self, signed: str, nonce: str) -> Mapping[str, Any]:
        try:
            key = _keys(_found(self.issuer)["jwks_uri"]).get_signing_key_from_jwt(signed)
            claims: Mapping[str, Any] = jwt.decode(
                signed,
                key.key,
                algorithms=list(SIGNED_BY),
                audience=self.client,
                issuer=self.issuer,
                leeway=LEEWAY,
                options={"require": ["exp", "iat", "aud", "iss", "sub"]},
            )
        except jwt.PyJWKClientConnectionError as error:
            raise _away() from error
        except jwt.PyJWTError as error:
            raise _untrue() from error
        if not nonce or not hmac.compare_digest(str(claims.get("nonce", "")), nonce):
            raise _untrue()
        return claims


@lru_cache(maxsize=4)
def _found(issuer: str) -> Mapping[str, str]:
    """Return what the service says of itself; asked once a process."""
    told: Mapping[str, str] = _json(f"{issuer}/.well-known/openid-configuration")
    if told.get("issuer") != issuer:
        raise _untrue()
    return told


@lru_cache(maxsize=4)
def _keys(address: str) -> jwt.PyJWKClient:
    return jwt.PyJWKClient(address, timeout=TIMEOUT)


def _json(address: str, form: Mapping[str, str] | None = None) -> Any:
    body = urlencode(form).encode() if form else None
    try:
        with urlopen(Request(address, data=body), timeout=TIMEOUT) as answer:
            return json.loads(answer.read(1_000_000))
    except (URLError, OSError, ValueError) as error:
        raise _away() from error


def _away() -> Refusal:
    return Refusal(
        "identity.away", "统一身份认证现在连不上。请过一会儿再试，或者用手机号登录、到窗口办。"
    )


def _untrue() -> Refusal:
    return Refusal("identity.untrue", "统一身份认证的回答核不实，没有登录。请重新登录。")
