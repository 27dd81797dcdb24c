"""Why there is no secure connection to a cluster, and what to do about it."""

import ssl

#: OpenSSL's codes of a certificate of other names (than a host's, an address), and of one that has
#: expired or does not yet hold: https://docs.openssl.org/master/man3/X509_STORE_CTX_get_error/
_OTHER_NAME, _EXPIRED = (62, 64), (9, 10)


def insecure(error: ssl.SSLError, url: str, prefix: str) -> str:
    """What an error of TLS means; `prefix` stands before the names of variables.

    >>> insecure(ssl.SSLError(1, "wrong version number"), "https://es:9200", "")[:50]
    'No secure connection to https://es:9200 can be mad'
    """
    if not isinstance(error, ssl.SSLCertVerificationError):
        reason = getattr(error, "reason", None) or error
        return (
            f"No secure connection to {url} can be made: {reason}. See that it "
            f"speaks TLS: where it does not, {prefix}ES_URL begins with http://."
        )
    said = f"The certificate of {url} is not trusted: {error.verify_message}."
    if error.verify_code in _OTHER_NAME:
        return f"{said} Write {prefix}ES_URL with a name that the certificate has."
    if error.verify_code in _EXPIRED:
        return f"{said} Have it renewed, or see that this machine's clock is right."
    return f"{said} Set {prefix}ES_CA_CERTS to the PEM file of the authority that signed it."
