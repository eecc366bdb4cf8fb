"""The object identifiers that the formats here use, by their names in the standards.

Standard     RFC 5280 appendix A, RFC 8017 appendix A, RFC 3279, 4055, 5480, 5758, 8018, 8410,
             9881, 9935; X.520.
Left out     All others: an unknown identifier is shown by its numbers.

>>> describe("1.2.840.113549.1.1.11"), describe("1.2.3")
('sha256WithRSAEncryption (1.2.840.113549.1.1.11)', '1.2.3')
"""

from __future__ import annotations

NAMES = {
    # RFC 8017 appendix A.1 and appendix A.2: keys and signatures of PKCS #1.
    "1.2.840.113549.1.1.1": "rsaEncryption",
    "1.2.840.113549.1.1.4": "md5WithRSAEncryption",
    "1.2.840.113549.1.1.5": "sha1WithRSAEncryption",
    "1.2.840.113549.1.1.7": "id-RSAES-OAEP",
    "1.2.840.113549.1.1.8": "id-mgf1",
    "1.2.840.113549.1.1.9": "id-pSpecified",
    "1.2.840.113549.1.1.10": "id-RSASSA-PSS",
    "1.2.840.113549.1.1.11": "sha256WithRSAEncryption",
    "1.2.840.113549.1.1.12": "sha384WithRSAEncryption",
    "1.2.840.113549.1.1.13": "sha512WithRSAEncryption",
    "1.2.840.113549.1.1.14": "sha224WithRSAEncryption",
    # RFC 8017 appendix B.1: hash functions.
    "1.2.840.113549.2.5": "id-md5",
    "1.3.14.3.2.26": "id-sha1",
    "2.16.840.1.101.3.4.2.1": "id-sha256",
    "2.16.840.1.101.3.4.2.2": "id-sha384",
    "2.16.840.1.101.3.4.2.3": "id-sha512",
    "2.16.840.1.101.3.4.2.4": "id-sha224",
    # RFC 5480 §2.1.1, RFC 5758 §3.2: elliptic curves and ECDSA. RFC 8410 §3: Ed25519.
    "1.2.840.10045.2.1": "id-ecPublicKey",
    "1.2.840.10045.3.1.7": "secp256r1",
    "1.3.132.0.34": "secp384r1",
    "1.3.132.0.35": "secp521r1",
    "1.2.840.10045.4.1": "ecdsa-with-SHA1",
    "1.2.840.10045.4.3.1": "ecdsa-with-SHA224",
    "1.2.840.10045.4.3.2": "ecdsa-with-SHA256",
    "1.2.840.10045.4.3.3": "ecdsa-with-SHA384",
    "1.2.840.10045.4.3.4": "ecdsa-with-SHA512",
    "1.3.101.110": "id-X25519",
    "1.3.101.112": "id-Ed25519",
    # RFC 9881 §2: ML-DSA. RFC 9935 §3: ML-KEM.
    "2.16.840.1.101.3.4.3.17": "id-ml-dsa-44",
    "2.16.840.1.101.3.4.3.18": "id-ml-dsa-65",
    "2.16.840.1.101.3.4.3.19": "id-ml-dsa-87",
    "2.16.840.1.101.3.4.4.1": "id-alg-ml-kem-512",
    "2.16.840.1.101.3.4.4.2": "id-alg-ml-kem-768",
    "2.16.840.1.101.3.4.4.3": "id-alg-ml-kem-1024",
    # RFC 8018: password-based encryption of keys.
    "1.2.840.113549.1.5.12": "id-PBKDF2",
    "1.2.840.113549.1.5.13": "id-PBES2",
    "1.2.840.113549.2.7": "id-hmacWithSHA1",
    "1.2.840.113549.2.8": "id-hmacWithSHA224",
    "1.2.840.113549.2.9": "id-hmacWithSHA256",
    "1.2.840.113549.2.10": "id-hmacWithSHA384",
    "1.2.840.113549.2.11": "id-hmacWithSHA512",
    "1.2.840.113549.3.7": "des-EDE3-CBC",
    "2.16.840.1.101.3.4.1.2": "aes128-CBC-PAD",
    "2.16.840.1.101.3.4.1.22": "aes192-CBC-PAD",
    "2.16.840.1.101.3.4.1.42": "aes256-CBC-PAD",
    # The older schemes of RFC 8018 and RFC 7292, weaker ciphers, and scrypt (RFC 7914): refused by name.
    "1.2.840.113549.1.5.1": "pbeWithMD2AndDES-CBC",
    "1.2.840.113549.1.5.3": "pbeWithMD5AndDES-CBC",
    "1.2.840.113549.1.5.4": "pbeWithMD2AndRC2-CBC",
    "1.2.840.113549.1.5.6": "pbeWithMD5AndRC2-CBC",
    "1.2.840.113549.1.5.10": "pbeWithSHA1AndDES-CBC",
    "1.2.840.113549.1.5.11": "pbeWithSHA1AndRC2-CBC",
    "1.2.840.113549.1.5.14": "id-PBMAC1",
    "1.2.840.113549.1.12.1.1": "pbeWithSHAAnd128BitRC4",
    "1.2.840.113549.1.12.1.2": "pbeWithSHAAnd40BitRC4",
    "1.2.840.113549.1.12.1.3": "pbeWithSHAAnd3-KeyTripleDES-CBC",
    "1.2.840.113549.1.12.1.4": "pbeWithSHAAnd2-KeyTripleDES-CBC",
    "1.2.840.113549.1.12.1.5": "pbeWithSHAAnd128BitRC2-CBC",
    "1.2.840.113549.1.12.1.6": "pbewithSHAAnd40BitRC2-CBC",
    "1.2.840.113549.3.2": "rc2CBC",
    "1.3.14.3.2.7": "desCBC",
    "1.3.6.1.4.1.11591.4.11": "id-scrypt",
    # X.520, RFC 4519, RFC 5280 appendix A.1: attributes of names.
    "2.5.4.3": "commonName",
    "2.5.4.4": "surname",
    "2.5.4.5": "serialNumber",
    "2.5.4.6": "countryName",
    "2.5.4.7": "localityName",
    "2.5.4.8": "stateOrProvinceName",
    "2.5.4.9": "streetAddress",
    "2.5.4.10": "organizationName",
    "2.5.4.11": "organizationalUnitName",
    "2.5.4.12": "title",
    "2.5.4.41": "name",
    "2.5.4.42": "givenName",
    "2.5.4.43": "initials",
    "2.5.4.44": "generationQualifier",
    "2.5.4.46": "dnQualifier",
    "2.5.4.65": "pseudonym",
    "0.9.2342.19200300.100.1.1": "userId",
    "0.9.2342.19200300.100.1.25": "domainComponent",
    "1.2.840.113549.1.9.1": "emailAddress",
    # RFC 2985 §5.3, §5.4: attributes of certification requests.
    "1.2.840.113549.1.9.7": "challengePassword",
    "1.2.840.113549.1.9.14": "extensionRequest",
    "1.2.840.113549.1.9.2": "unstructuredName",
    "1.2.840.113549.1.9.8": "unstructuredAddress",
    # Microsoft's attributes of requests, by the names of its header wincrypt.h.
    "1.3.6.1.4.1.311.2.1.14": "szOID_CERT_EXTENSIONS",
    "1.3.6.1.4.1.311.13.1": "szOID_RENEWAL_CERTIFICATE",
    "1.3.6.1.4.1.311.13.2.1": "szOID_ENROLLMENT_NAME_VALUE_PAIR",
    "1.3.6.1.4.1.311.13.2.2": "szOID_ENROLLMENT_CSP_PROVIDER",
    "1.3.6.1.4.1.311.13.2.3": "szOID_OS_VERSION",
    "1.3.6.1.4.1.311.21.20": "szOID_REQUEST_CLIENT_INFO",
    # RFC 5280 §4.2, §5.2, §5.3: extensions of certificates and CRLs.
    "2.5.29.9": "subjectDirectoryAttributes",
    "2.5.29.14": "subjectKeyIdentifier",
    "2.5.29.15": "keyUsage",
    "2.5.29.16": "privateKeyUsagePeriod",
    "2.5.29.17": "subjectAltName",
    "2.5.29.18": "issuerAltName",
    "2.5.29.19": "basicConstraints",
    "2.5.29.20": "cRLNumber",
    "2.5.29.21": "cRLReasons",
    "2.5.29.24": "invalidityDate",
    "2.5.29.27": "deltaCRLIndicator",
    "2.5.29.28": "issuingDistributionPoint",
    "2.5.29.29": "certificateIssuer",
    "2.5.29.30": "nameConstraints",
    "2.5.29.31": "cRLDistributionPoints",
    "2.5.29.32": "certificatePolicies",
    "2.5.29.32.0": "anyPolicy",
    "2.5.29.33": "policyMappings",
    "2.5.29.35": "authorityKeyIdentifier",
    "2.5.29.36": "policyConstraints",
    "2.5.29.37": "extKeyUsage",
    "2.5.29.37.0": "anyExtendedKeyUsage",
    "2.5.29.46": "freshestCRL",
    "2.5.29.54": "inhibitAnyPolicy",
    "1.3.6.1.5.5.7.1.1": "authorityInfoAccess",
    "1.3.6.1.5.5.7.1.11": "subjectInfoAccess",
    "1.3.6.1.5.5.7.2.1": "id-qt-cps",
    "1.3.6.1.5.5.7.2.2": "id-qt-unotice",
    "1.3.6.1.5.5.7.48.1": "id-ad-ocsp",
    "1.3.6.1.5.5.7.48.2": "id-ad-caIssuers",
    # RFC 5280 §4.2.1.12: purposes.
    "1.3.6.1.5.5.7.3.1": "serverAuth",
    "1.3.6.1.5.5.7.3.2": "clientAuth",
    "1.3.6.1.5.5.7.3.3": "codeSigning",
    "1.3.6.1.5.5.7.3.4": "emailProtection",
    "1.3.6.1.5.5.7.3.8": "timeStamping",
    "1.3.6.1.5.5.7.3.9": "OCSPSigning",
    # RFC 5652: CMS, of which certs-only messages are made.
    "1.2.840.113549.1.7.1": "id-data",
    "1.2.840.113549.1.7.2": "id-signedData",
    "1.2.840.113549.1.7.6": "id-encryptedData",
    # RFC 7292 §4.2, RFC 2985: the bags of PKCS #12, and their attributes.
    "1.2.840.113549.1.12.10.1.1": "keyBag",
    "1.2.840.113549.1.12.10.1.2": "pkcs8ShroudedKeyBag",
    "1.2.840.113549.1.12.10.1.3": "certBag",
    "1.2.840.113549.1.12.10.1.4": "crlBag",
    "1.2.840.113549.1.12.10.1.5": "secretBag",
    "1.2.840.113549.1.12.10.1.6": "safeContentsBag",
    "1.2.840.113549.1.9.20": "friendlyName",
    "1.2.840.113549.1.9.21": "localKeyId",
    "1.2.840.113549.1.9.22.1": "x509Certificate",
}

OIDS = {name: dotted for dotted, name in NAMES.items()}
"""The dotted form of each name: `OIDS["keyUsage"]`."""


def describe(dotted: str) -> str:
    """Return the identifier as a person reads it: its name, if it is known here, and its numbers."""
    name = NAMES.get(dotted)
    return f"{name} ({dotted})" if name else dotted
