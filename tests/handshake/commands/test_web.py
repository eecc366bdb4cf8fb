"""The web: browsers at our `--http` server, and our client at nginx."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import PeerTool, run
from tests.handshake.commands.test_command import Start, client, folder, server  # noqa: F401 - fixtures

CONFIGURATION = """
daemon off;
master_process off;
pid {there}/nginx.pid;
events {{}}
http {{
    access_log off;
    client_body_temp_path {there};
    proxy_temp_path {there};
    fastcgi_temp_path {there};
    uwsgi_temp_path {there};
    scgi_temp_path {there};
    ssl_protocols TLSv1.2;
    ssl_session_cache {cache};
    ssl_session_tickets {tickets};
    server {{
        listen 127.0.0.1:{port} ssl;
        ssl_certificate {here}/RSA.pem;
        ssl_certificate_key {here}/RSA.key;
        ssl_certificate {here}/P-256.pem;
        ssl_certificate_key {here}/P-256.key;
        ssl_client_certificate {here}/ca.pem;
        ssl_verify_client on;
        location / {{
            return 200 "$ssl_client_s_dn, $ssl_cipher, resumed: $ssl_session_reused\\n";
        }}
    }}
}}
"""


@pytest.fixture(params=["ticket", "session ID"])
def nginx(
    request: pytest.FixtureRequest,
    peer_tool: PeerTool,
    folder: Path,  # noqa: F811 - fixture
    tmp_path: Path,
) -> Iterator[tuple[int, str]]:
    """The port of an nginx that wants clients' certificates, and how it lets sessions be resumed."""
    by: str = request.param
    program = peer_tool("nginx")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    tickets, cache = ("on", "none") if by == "ticket" else ("off", "shared:x:1m")
    words = CONFIGURATION.format(here=folder, there=tmp_path, port=port, tickets=tickets, cache=cache)
    (tmp_path / "nginx.conf").write_text(words)
    command = [program, "-e", "stderr", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        for _ in range(500):
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except ConnectionRefusedError:
                assert process.poll() is None, process.communicate()
                time.sleep(0.02)
        yield port, by
        process.terminate()
        process.communicate()


def test_our_client_fetches_from_nginx_with_a_certificate(
    nginx: tuple[int, str],
    folder: Path,  # noqa: F811 - fixture
    tmp_path: Path,
) -> None:
    port, by = nginx
    request = b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n"
    options = ["--cert", f"{folder}/client.pem", "--key", f"{folder}/client.key", "--session", f"{tmp_path}/session"]
    for suite, resumed in (("ECDHE-ECDSA-AES128-GCM-SHA256", "."), ("ECDHE-ECDSA-AES128-GCM-SHA256", "r")):
        done = client(folder, port, *options, "--suites", suite, stdin=request)
        assert done.returncode == 0, done.stderr
        head, _, body = done.stdout.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 OK\r\n")
        assert body.decode() == f"CN=client, {suite}, resumed: {resumed}\n"
    assert f"session: resumed, by its {by}" in done.stderr.decode()
    # And without a certificate, it is a page that refuses.
    done = client(folder, port, stdin=request)
    assert done.stdout.startswith(b"HTTP/1.1 400 Bad Request\r\n")


@pytest.mark.parametrize("kind", ["RSA", pytest.param("P-256", marks=pytest.mark.slow)])
def test_a_browser_shows_our_page(
    peer_tool: PeerTool,
    folder: Path,  # noqa: F811 - fixture
    server: Start,  # noqa: F811 - fixture
    tmp_path: Path,
    kind: str,
) -> None:
    """Chromium, which is given our root to trust."""
    chromium, certutil = peer_tool("chromium"), peer_tool("certutil")
    trust = tmp_path / ".pki" / "nssdb"
    trust.mkdir(parents=True)
    run(certutil, "-N", "-d", f"sql:{trust}", "--empty-password")
    run(certutil, "-A", "-d", f"sql:{trust}", "-n", "root", "-t", "C,,", "-i", folder / "ca.pem")
    port, _ = server("--http", kind=kind)
    command = [chromium, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}/data"]
    done = subprocess.run(
        [*command, "--dump-dom", f"https://localhost:{port}/"],
        env={**os.environ, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert "<h1>Hello from Cutaway</h1>" in done.stdout, done.stderr
    assert "version: TLS 1.3" in done.stdout
    assert "suite: TLS_AES_128_GCM_SHA256" in done.stdout
    assert "key exchange: X25519MLKEM768" in done.stdout
