"""Tokens that look right and are not: each gets 401 in the envelope, and none gets in (scoreboard row 16)."""

import base64
import hmac
import json
import time
from datetime import timedelta
from hashlib import sha256, sha512
from uuid import uuid4

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pydantic import SecretStr

from maintainuk.domain.errors import NotSignedIn
from maintainuk.domain.sign_in import Client
from maintainuk.infrastructure.security.tokens import REQUIRED, Tokens
from tests.visitor import visitors_of
from tests.world import World

LEFT_OUT = object()
RSA_KEY = rsa.generate_private_key(65537, 2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())


def b64(raw):
    text = raw if isinstance(raw, bytes) else json.dumps(raw, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


class Forger:
    """Knows our format, our public key and one genuine token; for some tricks even our private key."""

    def __init__(self, settings, genuine):
        self.settings = settings
        self.genuine = genuine
        self.tokens = Tokens(settings)
        self.header, self.payload, self.signature = genuine.split(".")
        self.claims = json.loads(base64.urlsafe_b64decode(self.payload + "==="))
        self.private = Ed25519PrivateKey.from_private_bytes(settings.derived_key("token-signing"))
        self.public = self.private.public_key()

    def stated(self, **header):
        """Our header with changes."""
        ours = {"alg": "EdDSA", "kid": self.tokens.key_id, "typ": "at+jwt"} | header
        return {name: value for name, value in ours.items() if value is not LEFT_OUT}

    def signed(self, header=None, raw_header=None, key=None, raw_payload=None, **claims):
        """A token truly signed with our key: as if that had leaked, only what the token says can give it away."""
        said = {name: value for name, value in (self.claims | claims).items() if value is not LEFT_OUT}
        start = f"{b64(raw_header or header or self.stated())}.{b64(raw_payload or said)}"
        return f"{start}.{b64((key or self.private).sign(start.encode()))}"

    def with_mac(self, key, algorithm="HS256", digest=sha256, **header):
        """A token with a symmetric signature."""
        start = f"{b64(self.stated(alg=algorithm, **header))}.{self.payload}"
        return f"{start}.{b64(hmac.digest(key, start.encode(), digest))}"

    def public_as(self, encoding, how):
        return self.public.public_bytes(encoding, how)


def from_now(**length):
    return int(time.time() + timedelta(**length).total_seconds())


OUR_JWK = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIuvHnfcCs"}

ALGORITHMS = {
    "no signature": lambda f: f"{b64(f.stated(alg='none'))}.{f.payload}.",
    "no signature, spelt otherwise": lambda f: f"{b64(f.stated(alg='nOnE'))}.{f.payload}.",
    "no signature, but our old one": lambda f: f"{b64(f.stated(alg='none'))}.{f.payload}.{f.signature}",
    "no algorithm": lambda f: f.signed(f.stated(alg=LEFT_OUT)),
    "an empty algorithm": lambda f: f.signed(f.stated(alg="")),
    "a list of algorithms": lambda f: f.signed(f.stated(alg=["EdDSA"])),
    "a number as algorithm": lambda f: f.signed(f.stated(alg=1)),
    "our algorithm in small letters": lambda f: f.signed(f.stated(alg="eddsa")),
    "Ed448 by name": lambda f: f.signed(f.stated(alg="Ed448")),
    "HS256 with our public key": lambda f: f.with_mac(f.public_as(Encoding.Raw, PublicFormat.Raw)),
    "HS256 with our public key as PEM": lambda f: f.with_mac(
        f.public_as(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    ),
    "HS256 with our public key as DER": lambda f: f.with_mac(
        f.public_as(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    ),
    "HS256 with an empty key": lambda f: f.with_mac(b""),
    "HS256 with our key id": lambda f: f.with_mac(f.tokens.key_id.encode()),
    "HS512 with our public key": lambda f: f.with_mac(f.public_as(Encoding.Raw, PublicFormat.Raw), "HS512", sha512),
    "RS256 with a key of their own": lambda f: jwt.encode(f.claims, RSA_KEY, "RS256", {"kid": f.tokens.key_id}),
    "ES256 with a key of their own": lambda f: jwt.encode(f.claims, EC_KEY, "ES256", {"kid": f.tokens.key_id}),
    "EdDSA with a key of their own": lambda f: f.signed(key=Ed25519PrivateKey.generate()),
}
HEADERS = {
    "a key id that is a path": lambda f: f.with_mac(b"", kid="../../../../dev/null"),
    "a key id that is SQL": lambda f: f.with_mac(b"x", kid="' UNION SELECT 'x' --"),
    "a key id that is a command": lambda f: f.signed(f.stated(kid="|sleep 5")),
    "another key id": lambda f: f.signed(f.stated(kid="0" * 16)),
    "no key id": lambda f: f.signed(f.stated(kid=LEFT_OUT)),
    "a key address": lambda f: f.signed(f.stated(jku="https://evil.example.net/keys.json")),
    "a key of its own": lambda f: f.signed(f.stated(jwk=OUR_JWK)),
    "a certificate address": lambda f: f.signed(f.stated(x5u="https://evil.example.net/cert.pem")),
    "a certificate": lambda f: f.signed(f.stated(x5c=["MIIB"])),
    "something critical that we do not know": lambda f: f.signed(f.stated(crit=["exp"])),
    "an unencoded payload": lambda f: f.signed(f.stated(b64=False, crit=["b64"])),
    "a compressed payload": lambda f: f.signed(f.stated(zip="DEF")),
    "the type of a refresh token": lambda f: f.signed(f.stated(typ="rt+jwt")),
    "the type of an identity token": lambda f: f.signed(f.stated(typ="JWT")),
    "no type": lambda f: f.signed(f.stated(typ=LEFT_OUT)),
    "two algorithms": lambda f: f.signed(
        raw_header=f'{{"alg":"none","alg":"EdDSA","kid":"{f.tokens.key_id}","typ":"at+jwt"}}'.encode()
    ),
    "our header with a space more": lambda f: f.signed(
        raw_header=f'{{"alg": "EdDSA","kid":"{f.tokens.key_id}","typ":"at+jwt"}}'.encode()
    ),
    "a header that is a list": lambda f: f.signed(raw_header=b"[]"),
    "a header that is no JSON": lambda f: f.signed(raw_header=b"EdDSA"),
    "a deeply nested header": lambda f: f.signed(raw_header=b"[" * 2_000),
}
CLAIMS = {
    "it ran out": lambda f: f.signed(exp=from_now(minutes=-1)),
    "it ran out long ago": lambda f: f.signed(exp=1),
    "it never runs out": lambda f: f.signed(exp=None),
    "it runs out at infinity": lambda f: f.signed(exp=float("inf")),
    "it runs out in words": lambda f: f.signed(exp="tomorrow"),
    "it runs out in a string": lambda f: f.signed(exp=str(from_now(hours=1))),
    "it runs out in a fraction": lambda f: f.signed(exp=from_now(hours=1) + 0.5),
    "it runs out in truth": lambda f: f.signed(exp=True),
    "it is not good yet": lambda f: f.signed(nbf=from_now(minutes=10)),
    "it was issued tomorrow": lambda f: f.signed(iat=from_now(days=1)),
    "another issuer": lambda f: f.signed(iss="https://evil.example.net"),
    "a list of issuers": lambda f: f.signed(iss=["maintainuk"]),
    "a client that does not exist": lambda f: f.signed(aud="admin"),
    "all clients": lambda f: f.signed(aud=list(Client)),
    "our client in a list": lambda f: f.signed(aud=["staff"]),
    "a subject that is no id": lambda f: f.signed(sub="admin"),
    "a subject that is SQL": lambda f: f.signed(sub="' OR 1=1 --"),
    "a subject that is a number": lambda f: f.signed(sub=1),
    "a session that is no id": lambda f: f.signed(sid={"$ne": None}),
    "an organisation that is a list": lambda f: f.signed(orgId=[f.claims["orgId"]]),
    "a role version that is truth": lambda f: f.signed(rver=True),
    "permissions in a string": lambda f: f.signed(permissions="tickets:read"),
    "a claim that we do not make": lambda f: f.signed(admin=True),
    "a payload that is a list": lambda f: f.signed(raw_payload=b"[]"),
    "a payload that is null": lambda f: f.signed(raw_payload=b"null"),
    "a payload that is no JSON": lambda f: f.signed(raw_payload=b"\xff\xfe"),
    "a deeply nested payload": lambda f: f.signed(raw_payload=b'{"sub":' * 700 + b"1" + b"}" * 700),
    **{f"no {name}": lambda f, name=name: f.signed(**{name: LEFT_OUT}) for name in REQUIRED},
    **{f"null as {name}": lambda f, name=name: f.signed(**{name: None}) for name in REQUIRED},
}
FORMS = {
    "another person in the same envelope": lambda f: (
        f"{f.header}.{b64(f.claims | {'sub': str(uuid4())})}.{f.signature}"
    ),
    "a longer life in the same envelope": lambda f: (
        f"{f.header}.{b64(f.claims | {'exp': from_now(days=9)})}.{f.signature}"
    ),
    "its signature is cut off": lambda f: f"{f.header}.{f.payload}.",
    "its signature is shorter": lambda f: f.genuine[:-4],
    "its signature is all noughts": lambda f: f"{f.header}.{f.payload}.{b64(bytes(64))}",
    "its last letter differs in bits that do not count": lambda f: (
        f.genuine[:-1] + ("B" if f.genuine[-1] == "A" else "A")
    ),
    "one bit of the signature differs": lambda f: (
        f"{f.header}.{f.payload}.{'A' if f.signature[0] != 'A' else 'B'}{f.signature[1:]}"
    ),
    "it has padding": lambda f: f.genuine + "==",
    "its parts are in another order": lambda f: f"{f.payload}.{f.header}.{f.signature}",
    "it has four parts": lambda f: f.genuine + "." + f.signature,
    "it has five parts": lambda f: f"{f.header}.{f.payload}.{f.payload}.{f.payload}.{f.signature}",
    "it has one part": lambda f: f.header,
    "it is dots": lambda _: "..",
    "it is empty": lambda _: "",
    "it is a word": lambda _: "null",
    "it is huge": lambda f: f.genuine + "A" * 100_000,
    "it has a huge header": lambda f: f.signed(f.stated(kid="A" * 50_000)),
    "it is in quotes": lambda f: f'"{f.genuine}"',
    "it is there twice": lambda f: f"{f.genuine},{f.genuine}",
    "it has a space within": lambda f: f.genuine.replace(".", " .", 1),
    "it has a letter from another alphabet": lambda f: f.genuine[:-5] + "\u00e9" + f.genuine[-4:],
    "it has a NUL": lambda f: f.genuine[:50] + "\x00" + f.genuine[50:],
    "it is JSON": lambda f: json.dumps({"protected": f.header, "payload": f.payload, "signature": f.signature}),
}
HOSTILE = ALGORITHMS | HEADERS | CLAIMS | FORMS


@pytest.fixture(scope="module")
async def visitor(settings):
    """One API for the whole set, which it leaves as it was."""
    async with visitors_of(settings) as visitor:
        yield visitor


@pytest.fixture(scope="module")
async def world(settings):
    world = World(settings)
    yield world
    await world.close()


@pytest.fixture(scope="module")
async def nia(world):
    return await world.staff(await world.organisation())


@pytest.fixture(scope="module")
async def forger(settings, visitor, nia):
    answer = await visitor().signs_in(nia)
    return Forger(settings, answer.json()["data"]["accessToken"])


async def shown(visitor, token):
    raw = [(b"authorization", b"Bearer " + token.encode("latin-1"))]
    return await visitor().http.get("/api/v1/me", headers=raw)


def refused(answer):
    body = answer.json()
    return answer.status_code == 401 and body["data"] is None and body["error"]["code"] and body["traceId"]


async def test_the_genuine_token_is_taken(visitor, forger):
    assert (await shown(visitor, forger.genuine)).status_code == 200
    assert (await shown(visitor, forger.signed())).status_code == 200


@pytest.mark.parametrize("trick", HOSTILE.values(), ids=HOSTILE.keys())
async def test_a_hostile_token_is_refused(visitor, forger, trick):
    answer = await shown(visitor, trick(forger))

    assert refused(answer)
    assert answer.json()["error"]["code"] == "not-signed-in"


def test_the_set_is_large_enough():
    assert len(HOSTILE) >= 100


async def test_a_token_of_another_installation_is_refused(settings, visitor, forger):
    elsewhere = Forger(
        settings.model_copy(update={"secret_key": SecretStr("another installation's secret, long enough")}),
        forger.genuine,
    )

    assert refused(await shown(visitor, elsewhere.signed()))
    assert refused(await shown(visitor, elsewhere.signed(forger.stated())))


async def test_a_refresh_token_is_no_access_token(visitor, nia):
    browser = visitor()
    await browser.signs_in(nia)

    assert refused(await shown(visitor, browser.refresh_token))


async def test_an_access_token_is_no_refresh_token(visitor, forger):
    browser = visitor()
    browser.holds(forger.genuine)

    assert refused(await browser.refreshes())


async def test_a_session_that_never_was_is_refused(visitor, forger):
    assert refused(await shown(visitor, forger.signed(sid=str(uuid4()))))


async def test_a_session_of_another_organisation_is_refused(visitor, world, forger):
    other = await world.staff(await world.organisation("Elsewhere"))
    foreign_session = await world.session(other)

    assert refused(await shown(visitor, forger.signed(sid=str(foreign_session))))
    assert refused(await shown(visitor, forger.signed(orgId=str(other.org_id))))


async def test_somebody_else_s_name_on_one_s_own_session_is_refused(visitor, world, nia, forger):
    colleague = await world.staff(nia.org_id, name="Owen Price")

    answer = await shown(visitor, forger.signed(sub=str(colleague.id)))

    assert answer.status_code == 401 or answer.json()["data"]["user"]["id"] == str(nia.id)


async def test_a_role_that_a_token_claims_is_not_believed(visitor, forger):
    answer = await shown(visitor, forger.signed(role="OrgAdmin", permissions=["everything"], rver=99))

    assert answer.json()["data"]["user"]["role"] == "Coordinator"


async def test_a_remembered_token_still_runs_out(settings, world, nia, monkeypatch):
    tokens = Tokens(settings)
    token = (await world.headers(nia))["Authorization"].removeprefix("Bearer ")
    tokens.verify(token)

    monkeypatch.setattr(time, "time", lambda: world.now.timestamp() + 15 * 60 + 6)

    with pytest.raises(NotSignedIn):
        tokens.verify(token)


@pytest.mark.parametrize("scheme", ["Basic", "Token", "bearer:", "", "Bearer Bearer"])
async def test_only_a_bearer_token_counts(visitor, forger, scheme):
    answer = await visitor().http.get("/api/v1/me", headers={"Authorization": f"{scheme} {forger.genuine}"})

    assert refused(answer)


async def test_a_token_in_the_address_or_a_cookie_does_not_count(visitor, forger):
    browser = visitor()
    browser.http.cookies.set("access_token", forger.genuine)
    browser.http.cookies.set("Authorization", f"Bearer {forger.genuine}")

    assert refused(await browser.http.get(f"/api/v1/me?access_token={forger.genuine}&token={forger.genuine}"))
