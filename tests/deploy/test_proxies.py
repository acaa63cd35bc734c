"""The examples for nginx and Caddy, run by those programs in front of an application that repeats what it is sent."""

from __future__ import annotations

import http.client
import http.server
import json
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.installation import free_port
from tests.waiting import eventually

pytestmark = pytest.mark.process

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

NGINX = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
{user}
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {site}
}}
"""


class Echo(http.server.BaseHTTPRequestHandler):
    """Repeats the path and the headers of a request."""

    def do_GET(self) -> None:
        """Answer as JSON."""
        body = json.dumps({"path": self.path, **{name.lower(): text for name, text in self.headers.items()}}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Stay silent."""


@pytest.fixture
def application() -> Iterator[int]:
    """Return the port of what stands for the application."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@contextmanager
def running(*command: str | Path, port: int, folder: Path) -> Iterator[None]:
    """Run a proxy during the block."""
    with (folder / "said").open("wb") as said:
        proxy = subprocess.Popen(command, stdout=said, stderr=said, env={"HOME": str(folder), "PATH": PATH})
    try:
        eventually(lambda: _listens(port) or proxy.poll() is not None, "the proxy")
        assert proxy.poll() is None, (folder / "said").read_text()
        yield
    finally:
        proxy.terminate()
        proxy.wait()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def ask(port: int, path: str, host: str) -> tuple[int, dict[str, str]]:
    """Ask over TLS, as a client that claims to be at another address; return the status and what was repeated."""
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    with socket.create_connection(("127.0.0.1", port)) as plain:
        connection = http.client.HTTPConnection(host)
        connection.sock = trusting.wrap_socket(plain, server_hostname="meals.example.org")
        connection.request("GET", path, headers={"Host": host, "X-Forwarded-For": "192.0.2.1"})
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
    return answer.status, json.loads(body) if answer.status == 200 else {}


def check(port: int) -> None:
    """Check what the application learns of a request, and what is not passed on."""
    host = f"meals.example.org:{port}"
    status, seen = ask(port, "/menu/?page=2", host)
    assert status == 200
    assert seen["path"] == "/menu/?page=2"
    assert seen["host"] == host, "with its port, or a form is taken for one of another site"
    assert seen["x-forwarded-for"].split(", ")[-1] == "127.0.0.1", "what the proxy saw, not what the client says"
    assert seen["x-forwarded-proto"] == "https"
    assert len(seen["x-request-id"]) >= 32
    assert [ask(port, path, host)[0] for path in ("/metrics", "/readyz")] == [404, 404]


@pytest.mark.skipif(shutil.which("nginx", path=PATH) is None, reason="there is no nginx")
def test_nginx_passes_on_what_the_application_needs(tmp_path: Path, application: int) -> None:
    certificate, key = _certificate(tmp_path)
    port, plain = free_port(), free_port()
    site = (DEPLOY / "nginx.conf").read_text()
    for example, here in {
        "/etc/letsencrypt/live/meals.example.org/fullchain.pem": str(certificate),
        "/etc/letsencrypt/live/meals.example.org/privkey.pem": str(key),
        "listen [::]:80;": "",
        "listen [::]:443 ssl http2;": "",
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen 443 ": f"listen 127.0.0.1:{port} ",
        "127.0.0.1:8000": f"127.0.0.1:{application}",
    }.items():
        assert example in site
        site = site.replace(example, here)
    user = "user root;" if tmp_path.owner() == "root" else ""
    (tmp_path / "nginx.conf").write_text(NGINX.format(folder=tmp_path, site=site, user=user))
    nginx = shutil.which("nginx", path=PATH)
    assert nginx is not None
    command = (nginx, "-p", tmp_path, "-c", tmp_path / "nginx.conf")
    tested = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert tested.returncode == 0, tested.stderr
    assert "warn" not in tested.stderr
    with running(*command, port=port, folder=tmp_path):
        check(port)
        connection = http.client.HTTPConnection("127.0.0.1", plain)
        connection.request("GET", "/today?x=1", headers={"Host": "meals.example.org"})
        answer = connection.getresponse()
        assert (answer.status, answer.headers["Location"]) == (301, "https://meals.example.org/today?x=1")
        connection.close()


@pytest.mark.skipif(shutil.which("caddy", path=PATH) is None, reason="there is no caddy")
def test_caddy_passes_on_what_the_application_needs(tmp_path: Path, application: int) -> None:
    port = free_port()
    certificate, key = _certificate(tmp_path)
    site = (DEPLOY / "Caddyfile").read_text().replace("127.0.0.1:8000", f"127.0.0.1:{application}")
    assert "\nmeals.example.org {\n" in site
    here = f"\nhttps://meals.example.org:{port} {{\n\tbind 127.0.0.1\n\ttls {certificate} {key}\n"
    site = "{\n\tadmin off\n\tauto_https off\n}\n" + site.replace("\nmeals.example.org {\n", here)
    (tmp_path / "Caddyfile").write_text(site)
    caddy = shutil.which("caddy", path=PATH)
    assert caddy is not None
    with running(caddy, "run", "--config", tmp_path / "Caddyfile", port=port, folder=tmp_path):
        check(port)


def _certificate(folder: Path) -> tuple[Path, Path]:
    """Make a certificate for the example's host that nothing trusts."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    names = ["-subj", "/CN=meals.example.org", "-addext", "subjectAltName=DNS:meals.example.org"]
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    files = ["-keyout", key, "-out", certificate]
    subprocess.run(["openssl", "req", "-x509", *curve, *names, *files], check=True, capture_output=True)
    return certificate, key
