"""What the fields of DER are, and why they are there: for each label that this room's readers and writers give.

Standard     Those that each field's section names; the sentences are this project's own.
"""

from __future__ import annotations

from explain.meaning import Meaning, Vocabulary

MEANINGS: Vocabulary = {
    # X.690: how every value is written.
    "tag": Meaning(
        "says the type of the value that follows",
        "a reader must know how to read what follows, and refuse what it did not expect there",
        "frame",
    ),
    "length": Meaning(
        "says how many octets of contents follow",
        "a reader must know where the value ends; only the shortest form is allowed, so that there is one encoding",
        "frame",
    ),
    "unused bits": Meaning(
        "how many bits at the end of the last octet do not count",
        "bits are sent in whole octets, and somebody has to say how many of the last one count",
        "frame",
    ),
    # Certificates: RFC 5280 §4.1.
    "Certificate": Meaning(
        "somebody's signed word that a key belongs to a name",
        "whoever trusts the issuer's key can trust the subject's, without ever having met the subject",
    ),
    "tbsCertificate": Meaning(
        "what is signed: “to be signed”",
        "the signature is of these very bytes: not one of them can be changed without breaking it",
    ),
    "version": Meaning(
        "the version of the format, counted from 0 in most formats",
        "extensions exist since the third version, which is written as 2",
    ),
    "serialNumber": Meaning(
        "tells this certificate from the issuer's others; revocation goes by it",
        "it is random, so that nobody can know beforehand what will be signed and prepare a collision",
        "random",
    ),
    "signature": Meaning(
        "in what is signed: how it is signed; after it: the signature",
        "the algorithm stands inside of what is signed as well, so nobody can swap it for a weaker one",
        "proof",
    ),
    "signatureAlgorithm": Meaning(
        "how it is signed; must be as inside of what is signed",
        "a verifier must know the algorithm before it can check what is inside",
    ),
    "signatureValue": Meaning(
        "the issuer's signature of all the bytes of what is signed",
        "only the issuer's private key could make it; anybody can check it with the issuer's public key",
        "proof",
    ),
    "issuer": Meaning(
        "who signed it", "a verifier looks for the certificate of this name, and takes the public key from there"
    ),
    "subject": Meaning("whom it speaks of", "the key would be of no use if nobody knew whose it is"),
    "validity": Meaning(
        "in which time its issuer vouches for it", "keys get lost and names change hands: nobody vouches for ever"
    ),
    "notBefore": Meaning("the first second in which it holds", "nothing signed before it should count", "text"),
    "notAfter": Meaning(
        "the last second in which it holds",
        "limits for how long a stolen key can do harm, even if nobody notices",
        "text",
    ),
    "subjectPublicKeyInfo": Meaning(
        "the subject's public key, and what kind of key that is",
        "this is what is certified: that this key is the subject's",
    ),
    "subjectPKInfo": Meaning(
        "the public key to be certified, and what kind of key that is",
        "the request is signed with the private key that belongs to it, which shows that the applicant has it",
    ),
    "subjectPublicKey": Meaning(
        "the key itself, in the form that its algorithm has",
        "with it anybody encrypts to the subject, or checks what the subject has signed",
        "key",
    ),
    "issuerUniqueID": Meaning("once told two issuers of one name apart; not used any more", ""),
    "subjectUniqueID": Meaning("once told two subjects of one name apart; not used any more", ""),
    "algorithm": Meaning(
        "the identifier of the algorithm",
        "identifiers are unique in the world: everybody can define one, and nobody can confuse two",
    ),
    "parameters": Meaning(
        "what else the algorithm needs to know; NULL if that is nothing",
        "RSA needs none; the standard wants an explicit NULL all the same",
    ),
    "namedCurve": Meaning(
        "the elliptic curve that the key's point lies on",
        "both sides must compute on the same curve, and only on one that is known to be good",
    ),
    "[0]": Meaning(
        "a wrapping that only says which optional field it holds",
        "the field has a default and may be missing: the wrapping tells that it is there",
    ),
    "[1]": Meaning("a wrapping that only says which optional field it holds", ""),
    "[2]": Meaning("a wrapping that only says which optional field it holds", ""),
    "[3]": Meaning(
        "a wrapping that only says which optional field it holds",
        "the field may be missing: the wrapping tells that it is there",
    ),
    # Names.
    "Name": Meaning(
        "a distinguished name, from the most general part to the most specific",
        "issuers are matched with subjects by the bytes of their names",
    ),
    "RelativeDistinguishedName": Meaning(
        "one level of the name", "names are paths, as in a directory: from the country down to the one who is named"
    ),
    "AttributeTypeAndValue": Meaning(
        "one attribute of the name", "a name says of each of its parts what kind of part it is"
    ),
    "type": Meaning("which attribute it is", "the same text means something else as a country and as a common name"),
    "value": Meaning(
        "the text, or what else it is",
        "what people read; programs compare the DNS names of the extension instead",
        "text",
    ),
    "otherName": Meaning("a name of a kind that an identifier tells", ""),
    "type-id": Meaning("the kind of the name", ""),
    "rfc822Name": Meaning("a mailbox", ""),
    "dNSName": Meaning(
        "a host name; with *. at its beginning, any one label stands there",
        "the client compares it with the name that it wanted to reach",
        "text",
    ),
    "x400Address": Meaning("an address of a mail system that is gone", ""),
    "directoryName": Meaning("a distinguished name", ""),
    "ediPartyName": Meaning("a name in electronic trade; not in use", ""),
    "uniformResourceIdentifier": Meaning("a URI", ""),
    "iPAddress": Meaning("an IP address, or one with its mask", ""),
    "registeredID": Meaning("an object identifier as a name", ""),
    # Extensions: RFC 5280 §4.2.
    "Extensions": Meaning(
        "what the certificate says beyond name and key",
        "a name and a key alone do not say what the key may be used for",
    ),
    "Extension": Meaning("one more fact or limit", "new facts can be added without changing the format"),
    "extnID": Meaning(
        "which extension it is",
        "who does not know the identifier can still skip the extension, or has to refuse it if it is critical",
    ),
    "critical": Meaning(
        "if true, whoever does not understand the extension must refuse the certificate",
        "a limit that is not understood must not be ignored",
        "frame",
    ),
    "extnValue": Meaning(
        "what the extension says, as DER within an OCTET STRING",
        "wrapped in octets, so that whoever does not know the extension can step over it",
    ),
    "BasicConstraints": Meaning(
        "whether the subject may issue certificates itself",
        "without it, anybody with a certificate could sign certificates for everybody else",
    ),
    "cA": Meaning("true for a certificate authority", "the one bit between being certified and certifying others"),
    "pathLenConstraint": Meaning("how many authorities may stand below this one", ""),
    "KeyUsage": Meaning(
        "what the key may be used for, a bit for each use",
        "a key that does one thing only cannot be abused for another",
    ),
    "ExtKeyUsageSyntax": Meaning(
        "for which purposes the certificate was issued", "a client's certificate must not make anybody a server"
    ),
    "KeyPurposeId": Meaning("one such purpose", "the verifier looks for the purpose that it is about to rely on"),
    "SubjectAltName": Meaning(
        "the names of the subject that programs compare, such as host names",
        "host names have a field of their own, so nothing has to be guessed from the common name",
    ),
    "IssuerAltName": Meaning("further names of the issuer", ""),
    "SubjectKeyIdentifier": Meaning(
        "a short name of this key, by which certificates below refer to it",
        "one name may have several keys: it tells which one is meant",
        "key",
    ),
    "AuthorityKeyIdentifier": Meaning(
        "which of the issuer's keys signed", "the issuer may have several keys: it tells which one to try"
    ),
    "keyIdentifier": Meaning(
        "the short name of the issuer's key",
        "the same bytes as the SubjectKeyIdentifier of the issuer's certificate",
        "key",
    ),
    "authorityCertIssuer": Meaning("who issued the issuer's certificate", ""),
    "authorityCertSerialNumber": Meaning("the serial number of the issuer's certificate", ""),
    "CertificatePolicies": Meaning("the rules under which it was issued", ""),
    "PolicyInformation": Meaning("one such set of rules", ""),
    "policyIdentifier": Meaning("the identifier of the rules", ""),
    "policyQualifiers": Meaning("what there is to read about the rules", ""),
    "PolicyQualifierInfo": Meaning("one thing to read", ""),
    "policyQualifierId": Meaning("what kind of thing it is", ""),
    "cPSuri": Meaning("where the authority's practices are published", ""),
    "UserNotice": Meaning("a text that was to be shown to users", ""),
    "noticeRef": Meaning("a numbered text of an organization", ""),
    "organization": Meaning("whose text it is", ""),
    "noticeNumbers": Meaning("the numbers of the texts", ""),
    "noticeNumber": Meaning("the number of one text", ""),
    "explicitText": Meaning("the text itself", ""),
    "PolicyMappings": Meaning("which rules of others count as rules of one's own", ""),
    "mapping": Meaning("one pair of rules that count as equal", ""),
    "issuerDomainPolicy": Meaning("the issuer's own rules", ""),
    "subjectDomainPolicy": Meaning("the rules of the subject that count as equal", ""),
    "PolicyConstraints": Meaning("from where on in the chain rules must be named", ""),
    "requireExplicitPolicy": Meaning("after how many certificates all must name acceptable rules", ""),
    "inhibitPolicyMapping": Meaning("after how many certificates no mapping counts any more", ""),
    "InhibitAnyPolicy": Meaning("after how many certificates “any rules” is no answer any more", ""),
    "NameConstraints": Meaning("for which names the authority may issue certificates", ""),
    "permittedSubtrees": Meaning("the only names, of each kind listed, that it may certify", ""),
    "excludedSubtrees": Meaning("names that it may not certify", ""),
    "GeneralSubtree": Meaning("one such part of all names", ""),
    "CRLDistributionPoints": Meaning("where to get the list that would say if it were revoked", ""),
    "FreshestCRL": Meaning("where to get what changed since that list", ""),
    "DistributionPoint": Meaning("one place to get the list", ""),
    "distributionPoint": Meaning("the address of the place", ""),
    "fullName": Meaning("the whole address", ""),
    "reasons": Meaning("which reasons of revocation the list there covers", ""),
    "cRLIssuer": Meaning("who signs the list, if not the issuer of the certificate", ""),
    "AuthorityInfoAccessSyntax": Meaning("where to ask about the issuer", ""),
    "SubjectInfoAccessSyntax": Meaning("where to ask about the subject", ""),
    "AccessDescription": Meaning("one place to ask", ""),
    "accessMethod": Meaning("what can be had there", ""),
    # Requests: RFC 2986.
    "CertificationRequest": Meaning(
        "a signed wish to have a key certified",
        "the private key stays at home: only the public one travels, with a proof that both belong together",
    ),
    "certificationRequestInfo": Meaning(
        "what is signed, with the key that is to be certified", "the signature is of these very bytes"
    ),
    "attributes": Meaning("what else is wished or said", "wishes, which the authority may grant or not"),
    "attribute": Meaning("one thing more that is said", ""),
    "Attribute": Meaning("one wish", "each wish says what it is"),
    "values": Meaning("what is wished", "a set of values, of which there is one"),
    "challengePassword": Meaning("a word that was agreed on with the authority beforehand", ""),
    # Lists of revoked certificates: RFC 5280 §5.
    "CertificateList": Meaning("an authority's signed word which of its certificates hold no longer", ""),
    "tbsCertList": Meaning("what is signed: “to be signed”", ""),
    "thisUpdate": Meaning("when the list was made", ""),
    "nextUpdate": Meaning("by when there will be another one", ""),
    "revokedCertificates": Meaning("the certificates that hold no longer", ""),
    "revokedCertificate": Meaning("one of them", ""),
    "userCertificate": Meaning("its serial number", ""),
    "revocationDate": Meaning("since when it is revoked", ""),
    "CRLReason": Meaning("why it was revoked", ""),
    "InvalidityDate": Meaning("since when it ought not to have been relied on", ""),
    "CertificateIssuer": Meaning("who issued it, if not the one who signed the list", ""),
    "CRLNumber": Meaning("counts the issuer's lists", ""),
    "BaseCRLNumber": Meaning("the number of the list that this one brings up to date", ""),
    "IssuingDistributionPoint": Meaning("which certificates the list covers", ""),
    "onlyContainsUserCerts": Meaning("it covers no authorities", ""),
    "onlyContainsCACerts": Meaning("it covers authorities only", ""),
    "onlySomeReasons": Meaning("it covers these reasons only", ""),
    "indirectCRL": Meaning("it may cover certificates of other issuers", ""),
    "onlyContainsAttributeCerts": Meaning("it covers attribute certificates only", ""),
    # Certificates in a message: RFC 5652.
    "ContentInfo": Meaning(
        "a message, and what kind of message it is",
        "the format carries signed and encrypted data as well, and says which",
    ),
    "contentType": Meaning("the kind of the message", "the reader must know how to read what follows"),
    "content": Meaning("the message", "the format's own envelope, so that certificates can travel in it"),
    "SignedData": Meaning(
        "signed data; here without data or signatures, to carry certificates",
        "certificates were first sent along with signatures; for certificates alone, the rest stays empty",
    ),
    "digestAlgorithms": Meaning(
        "the hash functions of the signatures, of which there are none", "nothing is signed, so nothing was hashed"
    ),
    "encapContentInfo": Meaning(
        "the data, of which there are none", "there are no data: only certificates are to be carried"
    ),
    "eContentType": Meaning("the kind of the data", "the standard wants a type even where there are no data"),
    "certificates": Meaning("the certificates that it carries", "this is what the applicant came for"),
    "certificate": Meaning(
        "one of them, whole; explained as a file of its own", "as many as are needed; here, the new one"
    ),
    "crls": Meaning("the lists of revoked certificates that it carries", ""),
    "signerInfos": Meaning(
        "the signatures, of which there are none",
        "each certificate has its own signature; the message needs none, for TLS protects it",
    ),
    # Keys: RFC 8017, 5915, 5958, 8410.
    "RSAPublicKey": Meaning(
        "an RSA public key: two numbers", "two numbers are all that it takes to encrypt and to check signatures"
    ),
    "RSAPrivateKey": Meaning("an RSA private key: more numbers than needed, for speed", ""),
    "modulus": Meaning(
        "n, the product of the primes",
        "whoever could factor it would have the private key; nobody knows how, for numbers of this size",
        "key",
    ),
    "publicExponent": Meaning(
        "e, the power that a message is raised to",
        "65537 is a prime with only two bits set, which makes the public operation fast",
        "key",
    ),
    "privateExponent": Meaning("d, which undoes that: secret", ""),
    "prime1": Meaning("p, the first prime: secret", ""),
    "prime2": Meaning("q, the second prime: secret", ""),
    "exponent1": Meaning("dP, d mod p − 1: secret", ""),
    "exponent2": Meaning("dQ, d mod q − 1: secret", ""),
    "coefficient": Meaning("qInv, the inverse of q mod p: secret", ""),
    "otherPrimeInfos": Meaning("the primes after the second: secret", ""),
    "OtherPrimeInfo": Meaning("one of them", ""),
    "prime": Meaning("the prime: secret", ""),
    "exponent": Meaning("d mod the prime less one: secret", ""),
    "ECPrivateKey": Meaning("a private key on an elliptic curve", ""),
    "CurvePrivateKey": Meaning("32 random bytes, of which all the rest is made: secret", ""),
    "OneAsymmetricKey": Meaning("a private key, with what kind of key it is", ""),
    "privateKeyAlgorithm": Meaning("what kind of key it is", ""),
    "privateKey": Meaning("the key itself: secret", ""),
    "publicKey": Meaning("the public key that belongs to it", ""),
    # Encrypted keys: RFC 5958 §3, RFC 8018, RFC 1421.
    "EncryptedPrivateKeyInfo": Meaning("a private key that a password has encrypted", ""),
    "encryptionAlgorithm": Meaning("how it is encrypted", ""),
    "PBES2-params": Meaning("how to get from the password to the plaintext", ""),
    "keyDerivationFunc": Meaning("how a key is made of the password", ""),
    "PBKDF2-params": Meaning("what goes into the key besides the password", ""),
    "salt": Meaning("random, so that nobody can try passwords ahead of time", ""),
    "iterationCount": Meaning("how often the hash is repeated, to make guessing slow", ""),
    "keyLength": Meaning("how long the key is", ""),
    "prf": Meaning("the function that is repeated; HMAC with SHA-1 if it is missing", ""),
    "encryptionScheme": Meaning("what the key is used in", ""),
    "iv": Meaning("random, so that equal keys look different when encrypted", ""),
    "encryptedData": Meaning("the private key, encrypted", ""),
    "encrypted key": Meaning("the private key, encrypted", ""),
    # Signatures: RFC 4055, RFC 3279, RFC 8032.
    "RSASSA-PSS-params": Meaning(
        "the choices that PSS leaves open",
        "PSS leaves its hash function, its mask and its salt open: signer and verifier must use the same",
    ),
    "hashAlgorithm": Meaning(
        "the hash function of the message",
        "a hash function that gets weak must be replaceable, and the verifier must know by which",
    ),
    "maskGenAlgorithm": Meaning(
        "the function that makes the mask, and its hash function",
        "the mask is made with a hash function, too, and could be with another one",
    ),
    "saltLength": Meaning("how many random bytes each signature has", "the verifier must know where the salt begins"),
    "trailerField": Meaning("the last byte; there is only one choice", "room for a choice that nobody has ever made"),
    "Ecdsa-Sig-Value": Meaning("an ECDSA signature: two numbers", "two numbers, for the verifier needs both"),
    "r": Meaning(
        "made of the x-coordinate of a random point",
        "made of a number that is used once: the same r twice would give the private key away",
    ),
    "s": Meaning(
        "ties r, the message and the private key together",
        "only who has the private key can find an s that fits r and the message",
    ),
    "R": Meaning("a point made of a number that is used once", ""),
    "S": Meaning("ties R, the message and the private key together", ""),
}
