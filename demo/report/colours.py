"""The colours of bytes: what kind of thing a field is, so that the same kind looks the same all over the page."""

from __future__ import annotations

from demo.report.parts import Part

KINDS = {
    "frame": "lengths, tags, and what else holds the message together",
    "choice": "numbers that choose: types, versions, suites, algorithms",
    "text": "names, dates and other text",
    "random": "randomness",
    "key": "public keys and what is made from them",
    "proof": "proofs: signatures, MACs, Finished",
    "sealed": "ciphertext",
    "filling": "padding",
}
"""The kinds, with what they are, for the legend."""

_LABELS = {
    "frame": "length|tag|unused bits|CRLF|CRLF CRLF|SP|:|{|}|LF|00|00 |01|02|Y|bc|critical|padding_length",
    "text": "text|data|value|name|otp|acknowledged|method|request-target|reason-phrase|field-name|body|notBefore"
    "|notAfter|dNSName|protocol_name",
    "random": "gmt_unix_time|random_bytes|random|IV|nonce_explicit|seed|serialNumber",
    "key": "modulus|publicExponent|subjectPublicKey|public|dh_p|dh_g|dh_Ys|dh_Yc|ecdh_Yc|keyIdentifier"
    "|SubjectKeyIdentifier",
    "proof": "signature|signatureValue|MAC|verify_data|lHash|H|T",
    "sealed": "block-ciphered|ciphertext|aead-ciphered|EncryptedPreMasterSecret|maskedSeed|maskedDB",
    "filling": "padding|PS",
}
_KIND_OF = {label: kind for kind, labels in _LABELS.items() for label in labels.split("|")}


def kind_of(part: Part, around: Part | None) -> str:
    """Return the kind of a part that is not divided further. Contents are of the kind of what they are the contents "
    "of.
    """
    if part.label == "contents" and around is not None:
        return _KIND_OF.get(around.label, "choice")
    if part.label == "tag" and part.end - part.start > 1:  # the tag of an AEAD, not of DER
        return "proof"
    if part.section.startswith(("RFC 9110", "RFC 9112", "RFC 7617", "RFC 8951")) and part.label not in _KIND_OF:
        return "text"
    return _KIND_OF.get(part.label, "choice")
