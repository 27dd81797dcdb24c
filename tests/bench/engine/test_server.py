from pathlib import Path

from bench.engine.server import bound_url

TRANSPORT = "[o.e.t.TransportService   ] [n] publish_address {127.0.0.1:37895}, bound_addresses {}"
HTTP = "[o.e.h.AbstractHttpServerTransport] [n] publish_address {127.0.0.1:33059}, bound_addresses"


def test_the_port_is_read_from_the_line_of_http(tmp_path: Path) -> None:
    console = tmp_path / "console.log"
    console.write_text(f"[2026][INFO ]{TRANSPORT}\n")
    assert bound_url(tmp_path) is None
    console.write_text(f"[2026][INFO ]{TRANSPORT}\n[2026][INFO ]{HTTP}\n")
    assert bound_url(tmp_path) == "http://127.0.0.1:33059"
