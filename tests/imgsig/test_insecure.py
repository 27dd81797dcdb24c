"""Errors of TLS say what to do about each."""

import ssl

import pytest

from imgsig.insecure import insecure

URL = "https://es:9200"


@pytest.mark.parametrize(
    ("code", "message", "remedy"),
    [
        (10, "certificate has expired", "Have it renewed"),
        (9, "certificate is not yet valid", "this machine's clock"),
        (62, "Hostname mismatch", "Write OLD_ES_URL with a name"),
        (64, "IP address mismatch", "Write OLD_ES_URL with a name"),
        (19, "self-signed certificate in certificate chain", "Set OLD_ES_CA_CERTS to the PEM"),
    ],
)
def test_what_is_wrong_with_a_certificate_is_told_with_its_remedy(code, message, remedy):
    error = ssl.SSLCertVerificationError(1, "CERTIFICATE_VERIFY_FAILED")
    error.verify_code, error.verify_message = code, message
    said = insecure(error, URL, "OLD_")
    assert said.startswith(f"The certificate of {URL} is not trusted: {message}. ")
    assert remedy in said
