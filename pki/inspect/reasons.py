"""Why the fields of certificates, requests and certificates in messages are there: a sentence for each label.

Standard     Those that each field's section names; the sentences are this project's own. What the fields are, the
             sentences in `meanings` say.
Left out     Keys, lists of revoked certificates, and extensions that this project's authority does not issue.
"""

from __future__ import annotations

REASONS = {
    # X.690: how every value is written.
    "tag": "a reader must know how to read what follows, and refuse what it did not expect there",
    "length": (
        "a reader must know where the value ends; only the shortest form is allowed, so that there is one encoding"
    ),
    "contents": "what tag and length have announced",
    "unused bits": "bits are sent in whole octets, and somebody has to say how many of the last one count",
    # Certificates.
    "Certificate": "whoever trusts the issuer's key can trust the subject's, without ever having met the subject",
    "tbsCertificate": "the signature is of these very bytes: not one of them can be changed without breaking it",
    "version": "extensions exist since the third version, which is written as 2",
    "serialNumber": "it is random, so that nobody can know beforehand what will be signed and prepare a collision",
    "signature": "the algorithm stands inside of what is signed as well, so nobody can swap it for a weaker one",
    "signatureAlgorithm": "a verifier must know the algorithm before it can check what is inside",
    "signatureValue": "only the issuer's private key could make it; anybody can check it with the issuer's public key",
    "issuer": "a verifier looks for the certificate of this name, and takes the public key from there",
    "subject": "the key would be of no use if nobody knew whose it is",
    "validity": "keys get lost and names change hands: nobody vouches for ever",
    "notBefore": "nothing signed before it should count",
    "notAfter": "limits for how long a stolen key can do harm, even if nobody notices",
    "subjectPublicKeyInfo": "this is what is certified: that this key is the subject's",
    "subjectPKInfo": (
        "the request is signed with the private key that belongs to it, which shows that the applicant has it"
    ),
    "subjectPublicKey": "with it anybody encrypts to the subject, or checks what the subject has signed",
    "RSAPublicKey": "two numbers are all that it takes to encrypt and to check signatures",
    "modulus": "whoever could factor it would have the private key; nobody knows how, for numbers of this size",
    "publicExponent": "65537 is a prime with only two bits set, which makes the public operation fast",
    "namedCurve": "both sides must compute on the same curve, and only on one that is known to be good",
    "Ecdsa-Sig-Value": "two numbers, for the verifier needs both",
    "r": "made of a number that is used once: the same r twice would give the private key away",
    "s": "only who has the private key can find an s that fits r and the message",
    "RSASSA-PSS-params": (
        "PSS leaves its hash function, its mask and its salt open: signer and verifier must use the same"
    ),
    "hashAlgorithm": "a hash function that gets weak must be replaceable, and the verifier must know by which",
    "maskGenAlgorithm": "the mask is made with a hash function, too, and could be with another one",
    "saltLength": "the verifier must know where the salt begins",
    "trailerField": "room for a choice that nobody has ever made",
    "algorithm": "identifiers are unique in the world: everybody can define one, and nobody can confuse two",
    "parameters": "RSA needs none; the standard wants an explicit NULL all the same",
    "[0]": "the field has a default and may be missing: the wrapping tells that it is there",
    "[3]": "the field may be missing: the wrapping tells that it is there",
    # Names.
    "Name": "issuers are matched with subjects by the bytes of their names",
    "RelativeDistinguishedName": "names are paths, as in a directory: from the country down to the one who is named",
    "AttributeTypeAndValue": "a name says of each of its parts what kind of part it is",
    "type": "the same text means something else as a country and as a common name",
    "value": "what people read; programs compare the DNS names of the extension instead",
    "dNSName": "the client compares it with the name that it wanted to reach",
    # Extensions.
    "Extensions": "a name and a key alone do not say what the key may be used for",
    "Extension": "new facts can be added without changing the format",
    "extnID": "who does not know the identifier can still skip the extension, or has to refuse it if it is critical",
    "critical": "a limit that is not understood must not be ignored",
    "extnValue": "wrapped in octets, so that whoever does not know the extension can step over it",
    "BasicConstraints": "without it, anybody with a certificate could sign certificates for everybody else",
    "cA": "the one bit between being certified and certifying others",
    "KeyUsage": "a key that does one thing only cannot be abused for another",
    "ExtKeyUsageSyntax": "a client's certificate must not make anybody a server",
    "KeyPurposeId": "the verifier looks for the purpose that it is about to rely on",
    "SubjectAltName": "host names have a field of their own, so nothing has to be guessed from the common name",
    "SubjectKeyIdentifier": "one name may have several keys: it tells which one is meant",
    "AuthorityKeyIdentifier": "the issuer may have several keys: it tells which one to try",
    "keyIdentifier": "the same bytes as the SubjectKeyIdentifier of the issuer's certificate",
    # Requests.
    "CertificationRequest": (
        "the private key stays at home: only the public one travels, with a proof that both belong together"
    ),
    "certificationRequestInfo": "the signature is of these very bytes",
    "attributes": "wishes, which the authority may grant or not",
    "Attribute": "each wish says what it is",
    "values": "a set of values, of which there is one",
    # Certificates in a message.
    "ContentInfo": "the format carries signed and encrypted data as well, and says which",
    "contentType": "the reader must know how to read what follows",
    "content": "the format's own envelope, so that certificates can travel in it",
    "SignedData": "certificates were first sent along with signatures; for certificates alone, the rest stays empty",
    "digestAlgorithms": "nothing is signed, so nothing was hashed",
    "encapContentInfo": "there are no data: only certificates are to be carried",
    "eContentType": "the standard wants a type even where there are no data",
    "certificates": "this is what the applicant came for",
    "certificate": "as many as are needed; here, the new one",
    "signerInfos": "each certificate has its own signature; the message needs none, for TLS protects it",
}
"""Why a field with this label is there."""
