"""A small OpenID Connect provider on this machine, which can be made to misbehave."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT_ID, CLIENT_SECRET = "meals", "a secret of two"
KEY, OTHER_KEY = (RSAKey.generate_key(2048, parameters={"kid": "one"}) for _ in range(2))


class Provider:
    """What the provider is and does. `subject` is who is signed in there; the rest changes what it answers."""

    def __init__(self) -> None:
        self.issuer = ""
        self.subject = "ann-17"
        self.claims: dict[str, Any] = {}
        """What the ID token says instead of the truth; None leaves it out."""
        self.metadata: dict[str, Any] = {}
        self.key = KEY
        self.answers: dict[str, Callable[[BaseHTTPRequestHandler], None]] = {}
        """Path -> what answers there instead."""
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []
        self.now: Callable[[], float] = time.time
        self.released = threading.Event()
        """What keeps a slow answer waiting."""

    def authorized(self, address: str) -> dict[str, str]:
        """Return the parameters with which the provider leads the signed-in person back from `address`."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert (asked["client_id"], asked["response_type"], asked["code_challenge_method"]) == (
            CLIENT_ID,
            "code",
            "S256",
        )
        assert "openid" in asked["scope"].split()
        code = secrets.token_urlsafe(8)
        self.codes[code] = asked
        return {"code": code, "state": asked["state"]}

    def discovery(self) -> dict[str, Any]:
        """Return what the provider says of itself."""
        places = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        found = {name: f"{self.issuer}/{path}" for name, path in places.items()}
        return {"issuer": self.issuer, **found, **self.metadata}

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """Return the answer to a code, which works once, for the client that began with it."""
        client = base64.b64decode(authorization.removeprefix("Basic ")).decode()
        asked = self.codes.pop(form.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        right = asked is not None and asked["code_challenge"] == challenge.rstrip(b"=").decode()
        if not right or form["redirect_uri"] != asked["redirect_uri"] or client != f"{CLIENT_ID}:{CLIENT_SECRET}":  # type: ignore[index]
            return 400, {"error": "invalid_grant"}
        now = int(self.now())
        claims = {"iss": self.issuer, "sub": self.subject, "aud": CLIENT_ID, "iat": now, "exp": now + 300}
        claims |= {"nonce": asked["nonce"], "email": "ann@example.org", **self.claims}  # type: ignore[index]
        told = {name: value for name, value in claims.items() if value is not None}
        text = jwt.encode({"alg": "RS256", "kid": "one"}, told, self.key)
        return 200, {"access_token": "unused", "token_type": "Bearer", "id_token": text}


def send(handler: BaseHTTPRequestHandler, status: int, body: Any) -> None:
    """Send JSON."""
    content = json.dumps(body).encode()
    handler.send_response(status)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content)


@contextmanager
def running() -> Iterator[Provider]:
    """Run a provider at an address of its own."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            provider.asked.append(path)
            if path in provider.answers:
                provider.answers[path](self)
            elif path == "/authorize":
                asked = parse_qs(urlsplit(self.path).query)
                back = provider.authorized(self.path)
                self.send_response(303)
                self.send_header("Location", f"{asked['redirect_uri'][0]}?{urlencode(back)}")
                self.end_headers()
            elif path == "/keys":
                send(self, 200, {"keys": [KEY.as_dict(private=False)]})
            else:
                send(self, 200, provider.discovery())

        def do_POST(self) -> None:
            provider.asked.append(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            if self.path in provider.answers:
                provider.answers[self.path](self)
            else:
                form = {name: values[0] for name, values in parse_qs(body).items()}
                send(self, *provider.token(form, self.headers["Authorization"]))

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield provider
    finally:
        provider.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
