"""An OpenID provider on this machine, in the wire format of the standard: discovery, keys, codes, signed tokens."""

import gzip
import json
import threading
import time
from base64 import urlsafe_b64encode
from contextlib import suppress
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT_ID, SECRET = "maintainuk-at-fairweather", "a secret of two parties"


class OpenIdFake:
    def __init__(self) -> None:  # noqa: C901  (one handler with its few methods)
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
        self.stranger = RSAKey.generate_key(2048, {"kid": "one"})
        self.email = "nia.prosser@example.com"
        self.changes: dict[str, Any] = {}
        """Claims that the next token has otherwise; None takes one away."""
        self.algorithm, self.signs_with = "RS256", self.key
        self.says_it_is: str | None = None
        self.endpoint: str | None = None
        self.asked: dict[str, str] = {}
        self.seen: list[str] = []
        self.drips, self.pause, self.padding, self.packs = False, 0.0, 0, False
        """How it misbehaves: a byte now and then for ever, late, with so much more to read, all of that packed."""
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                fake.seen.append(self.path)
                time.sleep(fake.pause)
                if fake.drips:
                    self.drip()
                elif self.path.endswith("/.well-known/openid-configuration"):
                    self.answer(
                        {
                            "issuer": fake.says_it_is or fake.issuer,
                            "authorization_endpoint": f"{fake.endpoint or fake.issuer}/authorize",
                            "token_endpoint": f"{fake.issuer}/token",
                            "jwks_uri": f"{fake.issuer}/keys",
                        }
                    )
                elif self.path == "/keys":
                    self.answer({"keys": [fake.key.as_dict(private=False)]})
                else:
                    self.answer({"error": "not_found"}, 404)

            def do_POST(self) -> None:
                length = int(self.headers["content-length"])
                sent = {name: values[0] for name, values in parse_qs(self.rfile.read(length).decode()).items()}
                self.answer(*fake.token(sent, self.headers.get("authorization", "")))

            def answer(self, body: dict[str, Any], status: int = 200) -> None:
                written = json.dumps(body).encode() + b" " * fake.padding
                self.send_response(status)
                if fake.packs:
                    written = gzip.compress(written)
                    self.send_header("content-encoding", "gzip")
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(written)))
                self.end_headers()
                self.wfile.write(written)

            def drip(self) -> None:
                self.send_response(200)
                self.end_headers()
                with suppress(OSError):
                    while True:
                        self.wfile.write(b" ")
                        self.wfile.flush()
                        time.sleep(0.05)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def signs_in(self, address: str) -> tuple[str, str]:
        """Somebody who was sent to `address` signs in; what they bring back: state and code."""
        self.asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        return self.asked["state"], "code-1"

    def token(self, sent: dict[str, str], authorisation: str) -> tuple[dict[str, Any], int]:
        challenge = urlsafe_b64encode(sha256(sent.get("code_verifier", "").encode()).digest()).decode().rstrip("=")
        is_right = (
            sent.get("code") == "code-1"
            and sent.get("grant_type") == "authorization_code"
            and sent.get("redirect_uri") == self.asked.get("redirect_uri")
            and self.asked.get("code_challenge_method") == "S256"
            and challenge == self.asked.get("code_challenge")
            and authorisation.startswith("Basic ")
        )
        if not is_right:
            return {"error": "invalid_grant"}, 400
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "sub": "248289761001",
            "iat": now,
            "exp": now + 300,
            "nonce": self.asked["nonce"],
            "email": self.email,
            "email_verified": True,
        } | self.changes
        kept = {name: value for name, value in claims.items() if value is not None}
        return {"access_token": "at", "token_type": "Bearer", "expires_in": 300, "id_token": self.signed(kept)}, 200

    def signed(self, claims: dict[str, Any]) -> str:
        if self.algorithm == "none":
            parts = ({"alg": "none"}, claims)
            return ".".join(urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts) + "."
        return jwt.encode({"alg": self.algorithm, "kid": "one"}, claims, self.signs_with, algorithms=[self.algorithm])
