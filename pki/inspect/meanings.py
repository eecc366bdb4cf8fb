"""What the fields of DER are, and why they are there: for each label that this room's readers and writers give.

Standard     Those that each field's section names; the sentences are this project's own.
"""

from __future__ import annotations

from explain.meaning import Meaning, Vocabulary

SIGNED = Meaning(
    "the part that is signed (tbs: to be signed)",
    "a signature covers a string of octets, so everything that nobody may change stands together in one value",
)
SIGNED_ALGORITHM = Meaning(
    "the algorithm of the signature, once more",
    "the algorithm beside the signature is not signed; this one is, and both must be the same, so an attacker cannot "
    "put another algorithm in its place",
)
KEY_ALGORITHM = Meaning(
    "the algorithm of the key, with its parameters",
    "each algorithm gives the same octets another meaning, so the reader must know first which one this is",
)
WRAPPING = Meaning(
    "a wrapping with the number of the optional field that is in it",
    "the field may be missing, and its type does not tell it from other fields: the number does",
)
SSH_LENGTH = Meaning(
    "how many octets follow, in four octets", "a reader must know where the string or number ends", "frame"
)

MEANINGS: Vocabulary = {
    # X.690: how every value is written.
    "tag": Meaning(
        "the type of the value that follows",
        "the contents alone do not tell their type: a number and a text can be the same octets, and a reader must see "
        "at once whether an optional field is there",
        "frame",
    ),
    "length": Meaning(
        "how many octets of contents follow",
        "a reader must know where the value ends; DER allows the shortest form only, so that a value has one encoding "
        "and what was signed can be compared octet by octet",
        "frame",
    ),
    "unused bits": Meaning(
        "how many bits at the end of the last octet do not count",
        "the length counts whole octets, but a string of bits may end within one",
        "frame",
    ),
    # X.690, where only the types are known, or where an encoding is BER.
    "BOOLEAN": Meaning("true or false", "what it is about, only the structure around it tells"),
    "INTEGER": Meaning("a whole number", "what it counts, only the structure around it tells"),
    "ENUMERATED": Meaning("one of several choices, by its number", "the structure around it lists the choices"),
    "BIT STRING": Meaning("bits", "keys and signatures are not numbers to everybody, so they stand in files as bits"),
    "OCTET STRING": Meaning("octets", "other formats, and values in DER too, are carried inside as mere octets"),
    "NULL": Meaning("nothing", "some structures have a place where a value must stand even if there is none"),
    "OBJECT IDENTIFIER": Meaning(
        "the name of something, such as an algorithm, as a path of numbers",
        "the owner of a path may add to it, so names are unique without anybody who gives out all of them",
    ),
    "UTF8String": Meaning("text in UTF-8", "names are written in all scripts"),
    "NumericString": Meaning("digits and blanks", "some numbers begin with zeros that must not be lost"),
    "PrintableString": Meaning("letters, digits and a few signs", "every device of its time could print them"),
    "TeletexString": Meaning("text in the characters of Teletex", "older certificates knew no Unicode"),
    "IA5String": Meaning("text in ASCII", "addresses of the Internet are written in it"),
    "VisibleString": Meaning("printable characters of ASCII", "control characters have no place in such a text"),
    "UniversalString": Meaning("text in UTF-32", "it holds all characters, each in four octets"),
    "BMPString": Meaning("text in UTF-16, without surrogates", "it was Unicode before UTF-8 was common"),
    "UTCTime": Meaning("a time, whose year has two digits", "it is what certificates use up to 2049"),
    "GeneralizedTime": Meaning("a time, whose year has four digits", "two digits are not enough from 2050 on"),
    "SEQUENCE": Meaning("several values, in a fixed order", "the order tells what each of them is for"),
    "SET": Meaning("several values, whose order means nothing", "DER sorts them, so that a set has one encoding"),
    "tagged value": Meaning(
        "a value with a tag of its own instead of, or around, that of its type",
        "the structure around it tells optional values of one type apart by such tags",
    ),
    "bytes": Meaning(
        "octets that do not form a value", "reading came to an end before them, and could not go on", "filling"
    ),
    "segment": Meaning(
        "a part of the string around it",
        "BER lets a writer begin a string before its length is known; DER wants it in one piece",
        "frame",
    ),
    "end-of-contents": Meaning(
        "two octets of zeros that end the value",
        "in BER, a value may begin before its length is known, and then something must mark its end",
        "frame",
    ),
    "eContent": Meaning(
        "what is signed, or a wrapping around it", "a message that only carries certificates has nothing to be signed"
    ),
    # SSH keys: RFC 4253 §6.6, RFC 5656 §3.1, RFC 8709 §4, PROTOCOL.key §1, §3.
    **{
        f"{label}.length": SSH_LENGTH
        for label in (
            *("key type", "e", "n", "key", "curve", "Q", "d", "iqmp", "p", "q", "seed and key", "comment"),
            *("ciphername", "kdfname", "kdfoptions", "publickey", "private keys"),
        )
    },
    "AUTH_MAGIC": Meaning(
        "the name and version of the form", "a reader sees at once that it is this, before it takes lengths from it"
    ),
    "ciphername": Meaning(
        "what the private keys are encrypted with", "a reader needs it to decrypt them; none says that it need not"
    ),
    "kdfname": Meaning(
        "how a password gives the key of the encryption", "the same password gives other keys in other ways"
    ),
    "kdfoptions": Meaning(
        "the salt and the rounds of that",
        "they are chosen anew for each file, and make guessing passwords cost more",
        "random",
    ),
    "number of keys": Meaning("how many keys are in the file", "their lists have no end of their own", "frame"),
    "publickey": Meaning(
        "the public key", "it is there before the encrypted part, so that it can be had without the password", "key"
    ),
    "private keys": Meaning(
        "the private keys with their comments", "this is what the cipher encrypts, as a whole", "key"
    ),
    "checkint": Meaning(
        "a random number, twice",
        "after decryption under a wrong password, the two differ, and the reader knows it",
    ),
    "d": Meaning("the private exponent of RSA, or the secret number of ECDSA", "signatures are made with it", "key"),
    "iqmp": Meaning(
        "the inverse of q modulo p",
        "a signature is calculated modulo p and modulo q, and this puts both results together",
        "key",
    ),
    "p": Meaning("the first prime factor of n", "anyone who knows a factor of n has the private key", "key"),
    "q": Meaning(
        "the second prime factor of n",
        "calculating modulo p and modulo q takes a quarter of the time that it takes modulo n",
        "key",
    ),
    "seed and key": Meaning(
        "the seed of Ed25519, and the public key once more",
        "all that a signer needs follows from the seed; OpenSSH's code wants both at hand",
        "key",
    ),
    "comment": Meaning("a remark, mostly whose key it is", "people tell their keys apart by it", "text"),
    "padding": Meaning(
        "the octets 1, 2, 3, … up to a whole block", "a block cipher encrypts whole blocks only", "filling"
    ),
    "key type": Meaning("the kind of the key", "it tells which numbers follow, and how signatures are checked"),
    "e": Meaning("the public exponent of RSA", "a verifier raises the signature to this power", "key"),
    "n": Meaning("the modulus of RSA", "all of RSA is calculated modulo this product of two primes", "key"),
    "key": Meaning("the public key of Ed25519", "it is a point, which the signer's secret number has led to", "key"),
    "curve": Meaning("the curve of the key", "the same octets are points on more than one curve"),
    "Q": Meaning(
        "the point that is the public key", "only its owner knows which multiple of the base point it is", "key"
    ),
    "JWK": Meaning(
        "a key, or a set of keys, in JSON", "programs on the Web read JSON, and need no reader of DER for it", "key"
    ),
    # PKCS #12: RFC 7292 §4.
    "PFX": Meaning(
        "private keys and certificates, to be carried from one program to another",
        "a key is of use only together with its certificate and those above it, so they travel in one file",
    ),
    "authSafe": Meaning(
        "the contents of the file, in parts",
        "the MAC is computed over these octets, so they stand together in one value",
    ),
    "AuthenticatedSafe": Meaning(
        "the parts of the file, in order", "each part can be encrypted in its own way, or not at all"
    ),
    "data": Meaning("a part that is not encrypted as a whole", "its bags may be encrypted one by one", "frame"),
    "EncryptedData": Meaning("a part that is encrypted as a whole", "it hides even whose certificates are in it"),
    "encryptedContentInfo": Meaning(
        "what is encrypted, and how", "the reader must know the algorithm before the octets make sense"
    ),
    "contentEncryptionAlgorithm": Meaning(
        "the algorithm of the encryption, with its parameters",
        "the reader must derive the same key from the password as the writer did",
    ),
    "encryptedContent": Meaning("the bags, encrypted", "only those who know the password can read them", "sealed"),
    "pkcs-12PbeParams": Meaning(
        "the salt and the number of iterations", "the password alone gives another key with another salt"
    ),
    "iterations": Meaning(
        "how many hashes a guess at the password costs", "an attacker must pay for each guess, the user only once"
    ),
    "SafeContents": Meaning("bags, in any order", "one part of the file can hold several keys and certificates"),
    "SafeBag": Meaning("one key, certificate or other thing", "the name of its kind tells how to read what is in it"),
    "bagId": Meaning("the kind of the bag", "keys, encrypted keys and certificates stand side by side in the file"),
    "bagValue": Meaning("a wrapping around what is in the bag", "its type depends on the kind of the bag"),
    "bag": Meaning("what is in a bag of a kind that is not read here", "other programs keep CRLs and secrets so"),
    "bagAttributes": Meaning("what is said about the bag", "programs show a name, and find the key of a certificate"),
    "CertBag": Meaning("a certificate, with its kind", "the format allows certificates other than those of X.509"),
    "certId": Meaning("the kind of the certificate", "the octets after it are read by it"),
    "certValue": Meaning("a wrapping around the certificate", "its type depends on the kind of the certificate"),
    "attrId": Meaning("what the attribute is about", "its values are read by it"),
    "attrValues": Meaning("the values of the attribute", "some attributes may have several"),
    "attrValue": Meaning("a value of an attribute that is not known here", "each program may add its own"),
    "friendlyName": Meaning("a name for people", "a list of certificates on a screen needs something to show", "text"),
    "localKeyId": Meaning(
        "octets that a key and its certificate have in common", "a file may hold several keys, each with a certificate"
    ),
    "macData": Meaning("the MAC of the contents", "a changed file, or a wrong password, is noticed before it is used"),
    "mac": Meaning("the MAC, with its hash function", "the reader computes it anew and compares"),
    "digestAlgorithm": Meaning("the hash function of the MAC", "both sides must use the same one"),
    "digest": Meaning("the MAC itself", "nobody can compute it without the password", "proof"),
    "macSalt": Meaning(
        "the salt of the MAC's key",
        "the same password gives another key in each file, so an attacker cannot reuse work",
        "random",
    ),
    # Certificates: RFC 5280 §4.1.
    "Certificate": Meaning(
        "a certificate: the issuer's signed statement that a key belongs to a name",
        "anyone who trusts the issuer's key can trust the subject's key, without having met the subject",
    ),
    "tbsCertificate": SIGNED,
    "version": Meaning(
        "the version of the structure around it",
        "later versions have fields that earlier ones lack, so the reader must know which to expect",
    ),
    "[0].version": Meaning(
        "the version, counted from 0: in a certificate, 2 stands for version 3",
        "only version 3 of certificates has extensions, and a reader must know whether to expect them",
    ),
    "serialNumber": Meaning(
        "the number that tells this certificate from all others of the issuer",
        "a certificate is revoked by its issuer and number; and if the number is random, nobody can predict what will "
        "be signed, which an attacker needs to prepare a collision of the hash function",
        "random",
    ),
    "signature": Meaning(
        "a signature",
        "only the private key could make it, and anyone can verify it with the public key",
        "proof",
    ),
    "tbsCertificate.signature": SIGNED_ALGORITHM,
    "tbsCertList.signature": SIGNED_ALGORITHM,
    "CertificationRequest.signature": Meaning(
        "the applicant's signature of certificationRequestInfo",
        "it shows that the applicant holds the private key that belongs to the public key in the request: otherwise "
        "applicants could have other people's keys certified in their own name",
        "proof",
    ),
    "signatureAlgorithm": Meaning(
        "the algorithm of the signature that follows",
        "there are many algorithms, and a signature does not tell by which of them it was made",
    ),
    "signatureValue": Meaning(
        "the issuer's signature of the part before it that is signed",
        "only the issuer's private key could make it, and anyone can verify it with the issuer's public key: so nobody "
        "else can make such a statement up, or change it",
        "proof",
    ),
    "issuer": Meaning(
        "the name of the authority that signed",
        "a verifier looks for a certificate with this name as its subject: the key in it verifies the signature",
    ),
    "subject": Meaning(
        "the name of the person, machine or authority whose key it is",
        "a key is of no use to anyone who does not know whose it is",
    ),
    "validity": Meaning(
        "the time for which the issuer vouches for the certificate",
        "keys are stolen and names change hands, and no authority keeps track of a certificate for ever",
    ),
    "notBefore": Meaning(
        "the first second of the validity",
        "a certificate can be issued ahead of time, and must not count before it",
        "text",
    ),
    "notAfter": Meaning(
        "the last second of the validity",
        "a stolen key does harm no longer than this, even if nobody ever notices the theft",
        "text",
    ),
    "subjectPublicKeyInfo": Meaning(
        "the subject's public key, with its algorithm",
        "the certificate exists to deliver this key: verifiers take it from here to check what the subject signs",
    ),
    "subjectPKInfo": Meaning(
        "the public key that is to be certified, with its algorithm",
        "the authority copies it into the certificate; the private key stays with the applicant, so that not even the "
        "authority can sign in the applicant's name",
    ),
    "subjectPublicKeyInfo.algorithm": KEY_ALGORITHM,
    "subjectPKInfo.algorithm": KEY_ALGORITHM,
    "subjectPublicKey": Meaning(
        "the key itself, in the form that its algorithm defines",
        "each algorithm has a form of its own, so the format around it takes any string of bits",
        "key",
    ),
    "issuerUniqueID": Meaning(
        "bits that tell two issuers of one name apart; no longer used",
        "names were expected to be given to others in time; RFC 5280 tells authorities not to do that",
    ),
    "subjectUniqueID": Meaning(
        "bits that tell two subjects of one name apart; no longer used",
        "names were expected to be given to others in time; RFC 5280 tells authorities not to do that",
    ),
    "algorithm": Meaning(
        "the identifier of an algorithm",
        "object identifiers are unique in the world, so anyone can define an algorithm without asking anyone else",
    ),
    "parameters": Meaning(
        "what the algorithm needs to know besides its identifier",
        "some algorithms leave a choice open, and both sides must make the same one; for some that leave none, the "
        "standards still want an explicit NULL",
    ),
    "namedCurve": Meaning(
        "the elliptic curve that the key belongs to",
        "the coordinates of a point mean something on their own curve only; and a named curve has been examined, where "
        "one that is spelled out could have been made to be weak",
    ),
    "[0]": WRAPPING,
    "[1]": WRAPPING,
    "[2]": WRAPPING,
    "[3]": WRAPPING,
    # Names.
    "Name": Meaning(
        "a distinguished name: its attributes from the most general to the most specific",
        "certificates form a chain by their names: the issuer of one is the subject of the next",
    ),
    "RelativeDistinguishedName": Meaning(
        "one level of the name, of one attribute or more",
        "names are paths in the tree of a directory, and sometimes it takes two attributes to tell neighbours apart",
    ),
    "AttributeTypeAndValue": Meaning(
        "one attribute of the name",
        "a name says of each of its parts what kind of part it is",
    ),
    "type": Meaning(
        "the kind of attribute",
        "the same text means one thing as a country and another as a common name",
    ),
    "value": Meaning(
        "the value, of the type that was named before it",
        "its type decides what form it has, so the format around it takes any",
        "text",
    ),
    "AttributeTypeAndValue.value": Meaning(
        "the text of the attribute",
        "this is what people read in a name; programs look for host names in SubjectAltName instead",
        "text",
    ),
    "otherName": Meaning(
        "a name of a kind that an object identifier tells",
        "new kinds of names can be used without a change of the format",
    ),
    "type-id": Meaning(
        "the kind of the name",
        "the form of the value that follows depends on it",
    ),
    "rfc822Name": Meaning(
        "a mailbox, such as user@host.example",
        "a mail program compares it with the sender or the receiver of a message",
        "text",
    ),
    "dNSName": Meaning(
        "a host name; * as its first label stands for any one label",
        "a client compares it with the name of the server that it wanted to reach",
        "text",
    ),
    "x400Address": Meaning(
        "an address of the mail system X.400; not in use",
        "X.509 comes from the same family of standards, and its names were to cover all the others",
    ),
    "directoryName": Meaning(
        "a distinguished name among names of other kinds",
        "authorities have no other name: a place that refers to one must be able to hold it",
    ),
    "ediPartyName": Meaning(
        "a name in electronic data interchange; not in use",
        "business partners had names of their own in that kind of trade",
    ),
    "uniformResourceIdentifier": Meaning(
        "a URI",
        "a program that finds it here needs to look nowhere else to know where to go",
        "text",
    ),
    "iPAddress": Meaning(
        "an IP address, of 4 or 16 octets",
        "a client that was given an address and no name compares it with this",
    ),
    "registeredID": Meaning(
        "an object identifier as a name",
        "what is registered in that tree is unique in the world and needs no further name",
    ),
    # Extensions: RFC 5280 §4.2.
    "Extensions": Meaning(
        "facts and limits besides those that have a field of their own",
        "new ones can be added without a change of the format, since each says what it is and how long it is",
    ),
    "Extension": Meaning(
        "one more fact or limit",
        "it has its own identifier and length, so a reader that does not know it can step over it",
    ),
    "extnID": Meaning(
        "which extension it is",
        "a reader that does not know it steps over it, or must refuse the whole if the extension is critical",
    ),
    "critical": Meaning(
        "whether a reader that does not understand the extension must refuse the whole",
        "a limit only holds if no reader ignores it",
        "frame",
    ),
    "extnValue": Meaning(
        "what the extension says: DER within an OCTET STRING",
        "a reader that does not know the extension can step over the octets without understanding them",
    ),
    "BasicConstraints": Meaning(
        "whether the subject is a certificate authority",
        "otherwise anyone with a certificate could issue certificates for anyone else's name",
    ),
    "cA": Meaning(
        "true if the subject may issue certificates",
        "a signature does not tell whether its maker was entitled to certify others: the issuer has to say so",
    ),
    "pathLenConstraint": Meaning(
        "how many further authorities may stand in the chain below this one",
        "an authority can let another one issue certificates without having to trust those whom that one would certify",
    ),
    "KeyUsage": Meaning(
        "what the key may be used for, a bit for each use",
        "a key that serves several uses can be turned against one of them by way of another",
    ),
    "ExtKeyUsageSyntax": Meaning(
        "the purposes for which the certificate was issued",
        "otherwise a client could pose as a server with the certificate that it has as a client",
    ),
    "KeyPurposeId": Meaning(
        "one such purpose",
        "a verifier looks for the one that it relies on, such as the authentication of servers",
    ),
    "SubjectAltName": Meaning(
        "the names of the subject that programs compare, such as host names",
        "distinguished names have no attribute for host names, and programs that took one from the common name had to "
        "guess what kind of name it was",
    ),
    "IssuerAltName": Meaning(
        "further names of the issuer",
        "an authority can have names of other kinds, too, such as a mailbox",
    ),
    "SubjectKeyIdentifier": Meaning(
        "a short identifier of this key",
        "one name may have several keys: certificates issued with this one refer to it",
        "key",
    ),
    "AuthorityKeyIdentifier": Meaning(
        "which of the issuer's keys signed",
        "an issuer may have several keys under one name, and a verifier need not try them all",
    ),
    "keyIdentifier": Meaning(
        "the identifier of the issuer's key",
        "the issuer's certificate has the same octets as its SubjectKeyIdentifier, so a verifier only has to compare",
        "key",
    ),
    "authorityCertIssuer": Meaning(
        "the name of the authority that issued the issuer's certificate",
        "with the serial number, it names one certificate of the issuer, where an identifier names a key",
    ),
    "authorityCertSerialNumber": Meaning(
        "the serial number of the issuer's certificate",
        "the number alone would not do: it is unique among the certificates of one authority only",
    ),
    "CertificatePolicies": Meaning(
        "the policies under which the certificate was issued",
        "some authorities examine applicants more thoroughly than others, and a verifier may accept only some of them",
    ),
    "PolicyInformation": Meaning(
        "one policy",
        "one certificate may meet the rules of several policies",
    ),
    "policyIdentifier": Meaning(
        "the identifier of the policy",
        "a policy is a document for people; programs can only compare identifiers",
    ),
    "policyQualifiers": Meaning(
        "information about the policy",
        "people who see the certificate cannot tell from the identifier what the policy says",
    ),
    "PolicyQualifierInfo": Meaning(
        "one piece of information",
        "information is given as an address or as a text, and both can stand side by side",
    ),
    "policyQualifierId": Meaning(
        "what kind of information it is",
        "the form of what follows depends on it",
    ),
    "qualifier": Meaning(
        "the information itself",
        "its kind decides what form it has, so the format around it takes any",
    ),
    "cPSuri": Meaning(
        "where the authority has published how it works: its certification practice statement",
        "that document is far too long to be a part of each certificate",
        "text",
    ),
    "UserNotice": Meaning(
        "a text that a program is to show when the certificate is used",
        "people who rely on the certificate were to be told under which conditions they may",
    ),
    "noticeRef": Meaning(
        "a reference to numbered texts of an organization",
        "a program can hold the texts in its user's language, which the authority does not know",
    ),
    "organization": Meaning(
        "the organization that wrote the texts",
        "each organization counts its texts by itself, so a number alone would mean nothing",
        "text",
    ),
    "noticeNumbers": Meaning(
        "the numbers of the texts",
        "one certificate can refer to several texts",
    ),
    "noticeNumber": Meaning(
        "the number of one text",
        "a number is the same in every language",
    ),
    "explicitText": Meaning(
        "the text itself",
        "a program that does not hold the organization's texts has something to show, too",
        "text",
    ),
    "PolicyMappings": Meaning(
        "which policies of the subject count as policies of the issuer",
        "two organizations that trust each other have different identifiers for rules that are worth the same",
    ),
    "mapping": Meaning(
        "one pair of policies that count as equal",
        "each equation is a decision of its own: most policies have no counterpart",
    ),
    "issuerDomainPolicy": Meaning(
        "the policy of the issuer",
        "verifiers ask for the policies of their own side, which are the issuer's",
    ),
    "subjectDomainPolicy": Meaning(
        "the policy of the subject that counts as equal",
        "the certificates that the subject issues name policies of the subject's side only",
    ),
    "PolicyConstraints": Meaning(
        "what is demanded of the policies further down the chain",
        "a verifier need not ask for any policy: an authority that insists on one has to say so",
    ),
    "requireExplicitPolicy": Meaning(
        "after how many further certificates the chain must have a policy that is valid for all of it",
        "the authority may allow its own first authorities to do without, but nobody below them",
    ),
    "inhibitPolicyMapping": Meaning(
        "after how many further certificates no mapping of policies counts any more",
        "the authority may trust the judgement of those whom it certifies, but not of those further down",
    ),
    "InhibitAnyPolicy": Meaning(
        "after how many further certificates anyPolicy does not stand for all policies any more",
        "with anyPolicy, an authority claims to meet rules that it may never have read",
    ),
    "NameConstraints": Meaning(
        "for which names the subject, and the authorities below it, may issue certificates",
        "an organization can have an authority of its own that can do no harm to the rest of the world",
    ),
    "permittedSubtrees": Meaning(
        "the names that it may certify: of the kinds that are listed, no others",
        "nobody can list all the names that are to be kept from it",
    ),
    "excludedSubtrees": Meaning(
        "the names that it may not certify, even if they are permitted",
        "an exception can be made from a range that is permitted as a whole",
    ),
    "GeneralSubtree": Meaning(
        "one range of names",
        "names form trees, so one entry can stand for a whole branch",
    ),
    "GeneralSubtree.dNSName": Meaning(
        "a domain: its own name and all names below it",
        "hosts come and go, and the constraint must hold for those that do not exist yet",
        "text",
    ),
    "GeneralSubtree.rfc822Name": Meaning(
        "a mailbox, all mailboxes of a host, or with a dot before it of all hosts below a domain",
        "mailboxes come and go, and the constraint must hold for those that do not exist yet",
        "text",
    ),
    "GeneralSubtree.uniformResourceIdentifier": Meaning(
        "a host, or with a dot before it all hosts below a domain, that URIs may name",
        "a URI is constrained by its host, since that is whose it is",
        "text",
    ),
    "GeneralSubtree.iPAddress": Meaning(
        "an IP address and a mask: a whole network",
        "addresses are given out by networks, and the mask says how many bits of the address name the network",
    ),
    "minimum": Meaning(
        "how far below its top the range begins",
        "X.509 lets a range leave out its upper levels; RFC 5280 has no use for that, and wants 0, which is left out",
    ),
    "maximum": Meaning(
        "how far below its top the range ends",
        "X.509 lets a range leave out its lower levels; RFC 5280 has no use for that, and wants it to be missing",
    ),
    "CRLDistributionPoints": Meaning(
        "where to get the CRL that would name this certificate if it were revoked",
        "a verifier has nothing but the certificate, and could not know otherwise where its issuer publishes CRLs",
    ),
    "FreshestCRL": Meaning(
        "where to get the delta CRL: what changed since the CRL",
        "a full CRL can be large; the changes are small, and can be published more often",
    ),
    "DistributionPoint": Meaning(
        "one place to get a CRL",
        "an authority may publish a CRL for each reason, or for a part of its certificates",
    ),
    "distributionPoint": Meaning(
        "the address of the place, which is its name as well",
        "certificate and CRL both state it, so a verifier sees whether this CRL is the one for this certificate",
    ),
    "fullName": Meaning(
        "the whole address, in one form or several",
        "the same CRL may be had in several ways, such as HTTP and LDAP",
    ),
    "reasons": Meaning(
        "the reasons for revocation that the CRL there covers; all, if the field is missing",
        "an authority may publish the urgent ones, such as a stolen key, apart from the others and more often",
    ),
    "cRLIssuer": Meaning(
        "who signs the CRL, if not the issuer of the certificate",
        "an authority can leave the work of revocation to another, and a verifier must know whose signature to expect",
    ),
    "AuthorityInfoAccessSyntax": Meaning(
        "where to get information about the issuer",
        "a verifier that lacks the issuer's certificate, or wants to know whether this one is revoked, can ask there",
    ),
    "SubjectInfoAccessSyntax": Meaning(
        "where to get what the subject offers",
        "an authority can say where it publishes the certificates that it issues",
    ),
    "AccessDescription": Meaning(
        "one service and where to find it",
        "there are several services, and each may be had in several places",
    ),
    "accessMethod": Meaning(
        "what can be had there",
        "asking for a certificate's status and fetching a certificate are different protocols",
    ),
    # Requests: RFC 2986.
    "CertificationRequest": Meaning(
        "an application for a certificate",
        "the private key need not leave the applicant: the public key travels, with a proof that both belong together",
    ),
    "certificationRequestInfo": Meaning(
        "the part that is signed",
        "a signature over name and key together lets nobody on the way put another name or key in their place",
    ),
    "certificationRequestInfo.subject": Meaning(
        "the name that the applicant asks for",
        "the authority decides whether the applicant is entitled to it before it certifies it",
    ),
    "attributes": Meaning(
        "what else is stated",
        "the format can carry more than it has fields for",
    ),
    "certificationRequestInfo.attributes": Meaning(
        "what else the applicant asks for or states",
        "a name and a key are not enough: a server needs its host names in the certificate, for example",
    ),
    "attribute": Meaning(
        "one thing that is stated",
        "each names its own type, so a reader can step over those that it does not know",
    ),
    "Attribute": Meaning(
        "one thing that is asked for or stated",
        "each names its own type, so a reader can step over those that it does not know",
    ),
    "values": Meaning(
        "the values of the attribute",
        "in a directory an attribute may have several; those of requests have one",
    ),
    "challengePassword": Meaning(
        "a password that applicant and authority have agreed on",
        "by it the authority knows the applicant again: for a later revocation, or before there is any certificate",
        "text",
    ),
    # CRLs: RFC 5280 §5.
    "CertificateList": Meaning(
        "a CRL: the authority's signed list of certificates that hold no longer",
        "copies of a certificate cannot be called back, so verifiers have to be told",
    ),
    "tbsCertList": SIGNED,
    "tbsCertList.version": Meaning(
        "the version of the CRL, counted from 0: 1 stands for version 2",
        "only version 2 has extensions, and a reader must know whether to expect them",
    ),
    "thisUpdate": Meaning(
        "when the CRL was made",
        "of two CRLs of one issuer, the later one counts",
        "text",
    ),
    "nextUpdate": Meaning(
        "by when the next CRL will be made",
        "an attacker on the way can withhold a new CRL, but the verifier notices that its old one is overdue",
        "text",
    ),
    "revokedCertificates": Meaning(
        "the certificates that are revoked; missing if there are none",
        "until it expires, a revoked certificate would be accepted if it were not listed",
    ),
    "revokedCertificate": Meaning(
        "one of them",
        "each was revoked at its own time and for its own reason",
    ),
    "userCertificate": Meaning(
        "its serial number",
        "the number is enough, since it is unique for the issuer, and shorter than the certificate",
    ),
    "revocationDate": Meaning(
        "when it was revoked",
        "what was signed earlier may still count",
        "text",
    ),
    "CRLReason": Meaning(
        "why it was revoked",
        "after a theft of the key, older signatures are doubtful, too; after a change of name they are not",
    ),
    "InvalidityDate": Meaning(
        "since when the key is known or thought to have been in the wrong hands",
        "a theft is noticed, and the certificate revoked, later than it happened",
        "text",
    ),
    "CertificateIssuer": Meaning(
        "who issued this certificate, and those listed after it",
        "a CRL may cover several issuers, and a serial number is unique for one of them only",
    ),
    "CRLNumber": Meaning(
        "the number of the CRL: each has a higher one than that before it",
        "a verifier can tell which of two is newer, and whether a delta CRL fits the CRL that it has",
    ),
    "BaseCRLNumber": Meaning(
        "the number of the CRL that this delta CRL brings up to date",
        "changes mean something only together with what they change",
    ),
    "IssuingDistributionPoint": Meaning(
        "which certificates the CRL covers",
        "a certificate that a part of the CRL does not name may be revoked all the same, in another part",
    ),
    "onlyContainsUserCerts": Meaning(
        "whether it covers only certificates whose subjects are not authorities",
        "a verifier must not take its silence about an authority for an answer",
    ),
    "onlyContainsCACerts": Meaning(
        "whether it covers certificates of authorities only",
        "a verifier must not take its silence about anyone else for an answer",
    ),
    "onlySomeReasons": Meaning(
        "the reasons for revocation that it covers",
        "a certificate that it does not name may be revoked for another reason",
    ),
    "indirectCRL": Meaning(
        "whether it may cover certificates of other issuers",
        "a verifier must then look at the issuer of each entry, and not at the serial number alone",
    ),
    "onlyContainsAttributeCerts": Meaning(
        "whether it covers attribute certificates only",
        "a verifier must not take its silence about a public-key certificate for an answer",
    ),
    # Certificates in a message: RFC 5652.
    "ContentInfo": Meaning(
        "a message in CMS: what kind of content it has, and the content",
        "one format carries signed data, encrypted data and others, and readers must tell them apart",
    ),
    "contentType": Meaning(
        "the kind of the content",
        "the form of the content depends on it",
    ),
    "content": Meaning(
        "the content, in a wrapping",
        "its type is known from the identifier before it only, so the format around it takes any",
    ),
    "SignedData": Meaning(
        "signed data; with certificates alone, and neither data nor signatures, it is a message to carry them",
        "signatures were sent with the certificates that verify them, so there was a place for certificates already",
    ),
    "SignedData.version": Meaning(
        "the version of the structure: the lowest one that has all that is in it",
        "a reader that knows older kinds of certificates and content only can tell that it will not understand this",
    ),
    "digestAlgorithms": Meaning(
        "the hash functions of all signatures; empty if there are none",
        "a reader can hash the data while it reads them, before it has come to the signatures",
    ),
    "encapContentInfo": Meaning(
        "the data, with their type; the type alone if there are none",
        "with the data inside, the signatures can be verified without another file",
    ),
    "eContentType": Meaning(
        "the type of the data",
        "what a program does with the data depends on it; the standard wants it even where there are no data",
    ),
    "certificates": Meaning(
        "certificates, in no particular order",
        "a receiver may lack some of those that lead to a root that it trusts",
    ),
    "certificate": Meaning(
        "one certificate, whole",
        "its issuer signed exactly these octets, so they are carried unchanged",
    ),
    "crls": Meaning(
        "CRLs",
        "a receiver can see which of the certificates are revoked without asking anyone",
    ),
    "signerInfos": Meaning(
        "a signature for each signer; empty if nobody signed",
        "several people can sign the same data, each with their own key",
    ),
    # Keys: RFC 8017, 5915, 5958, 8410.
    "RSAPublicKey": Meaning(
        "an RSA public key: a modulus and an exponent",
        "to verify a signature or to encrypt, it takes nothing but these two numbers",
    ),
    "RSAPrivateKey": Meaning(
        "an RSA private key: n and d, and numbers that make computing with d faster",
        "computing modulo each prime is much faster than modulo their product, and the results can be put together",
    ),
    "RSAPrivateKey.version": Meaning(
        "0 for a key of two primes, 1 for one of more",
        "the primes after the second follow at the end, and the reader must know whether to expect them",
    ),
    "modulus": Meaning(
        "n, the product of the primes",
        "the private key follows from its prime factors, and nobody can find those if n is large enough",
        "key",
    ),
    "publicExponent": Meaning(
        "e, the power of the public operation; nearly always 65537",
        "the operation takes a step for each bit and one more for each bit that is set: 65537 has few, and two set",
        "key",
    ),
    "privateExponent": Meaning(
        "d, the power of the private operation: secret",
        "raising to d undoes raising to e, and only those who know the primes can compute d from e",
        "key",
    ),
    "prime1": Meaning(
        "p, the first prime: secret",
        "the private operation is faster modulo p and modulo q than modulo n; anyone who knows p can compute d",
        "key",
    ),
    "prime2": Meaning(
        "q, the second prime: secret",
        "the private operation is faster modulo p and modulo q than modulo n; anyone who knows q can compute d",
        "key",
    ),
    "exponent1": Meaning(
        "dP, the power to be taken modulo p, which is d mod (p − 1): secret",
        "modulo a prime p, powers repeat after (p − 1), so a much shorter exponent than d has the same effect",
        "key",
    ),
    "exponent2": Meaning(
        "dQ, the power to be taken modulo q, which is d mod (q − 1): secret",
        "modulo a prime q, powers repeat after (q − 1), so a much shorter exponent than d has the same effect",
        "key",
    ),
    "coefficient": Meaning(
        "qInv, the inverse of q modulo p: secret",
        "it puts the results modulo p and modulo q together to the one modulo n (Chinese remainder theorem)",
        "key",
    ),
    "otherPrimeInfos": Meaning(
        "the primes after the second: secret",
        "the more primes, the smaller they are, and the faster it is to compute modulo each",
        "key",
    ),
    "OtherPrimeInfo": Meaning(
        "one of these primes, with its exponent and coefficient: secret",
        "the private operation needs for each prime what it needs for the first two",
        "key",
    ),
    "prime": Meaning(
        "the prime: secret",
        "the private operation is faster modulo each prime than modulo their product",
        "key",
    ),
    "exponent": Meaning(
        "the power to be taken modulo this prime: secret",
        "modulo a prime r, powers repeat after r − 1, so a much shorter exponent than d has the same effect",
        "key",
    ),
    "OtherPrimeInfo.coefficient": Meaning(
        "the inverse of the product of all primes before it, modulo this prime: secret",
        "it adds the result modulo this prime to the one that the primes before it have given",
        "key",
    ),
    "ECPrivateKey": Meaning(
        "a private key on an elliptic curve",
        "besides the secret number it can hold the curve and the public key, so that it can stand by itself",
        "key",
    ),
    "ECPrivateKey.version": Meaning(
        "the version of the structure, which is 1",
        "should the structure ever change, a reader can tell that it does not know the new one",
    ),
    "CurvePrivateKey": Meaning(
        "random octets, from which the rest of the key is computed: secret",
        "the algorithm hashes them, or fixes some of their bits, when the key is used: they are all one has to keep",
        "key",
    ),
    # RFC 9881 §4, §6, and RFC 9935 §4, §6, with FIPS 204 and FIPS 203.
    "seed": Meaning(
        "random octets, from which both keys are computed: secret",
        "key generation computes the rest from it in the same way each time, so it is all that has to be kept",
        "key",
    ),
    "expandedKey": Meaning(
        "the private key as the algorithm uses it: secret",
        "a device that does not keep seeds, or cannot expand them, needs it; the seed cannot be computed from it",
        "key",
    ),
    "both": Meaning(
        "the seed, and the private key that it expands to: secret",
        "some programs read only the one and some only the other; one that reads both checks that they agree",
        "key",
    ),
    "rho": Meaning(
        "the seed of the matrix A, which is public",
        "the matrix is random and large: its seed is sent in its place, and everybody expands it to the same matrix",
        "key",
    ),
    "t_1": Meaning(
        "the high bits of t = A s_1 + s_2",
        "a signature is checked against t; its low bits are left out to make the key short, and hints in the signature "
        "make up for them",
        "key",
    ),
    "K": Meaning(
        "a secret of its own, which the y of each signature is made with",
        "two signatures with one y give the private key away; made of a secret and the message, y never occurs twice",
        "key",
    ),
    "tr": Meaning(
        "the hash of the public key",
        "it is hashed with each message, so that a signature is bound to this key and valid for no other",
        "key",
    ),
    "s_1": Meaning(
        "small numbers: the secret that signs",
        "finding them from A and t means solving equations with errors, for which nobody knows a fast way",
        "key",
    ),
    "s_2": Meaning(
        "small numbers: the errors of t = A s_1 + s_2",
        "without errors, elimination would find s_1",
        "key",
    ),
    "t_0": Meaning(
        "the low bits of t, which the public key lacks",
        "only the signer can tell verifiers by hints where these bits would matter",
        "key",
    ),
    # RFC 9909 §5, §7, with FIPS 205 §9.1.
    "SK_seed": Meaning(
        "random octets, from which all secret values are computed: secret",
        "a key has more secret values than there is room for: each is computed when a signature needs it",
        "key",
    ),
    "SK_prf": Meaning(
        "random octets, from which the randomizer of each signature is computed: secret",
        "nobody who cannot compute the randomizer can choose a message by the digest that will be signed",
        "key",
    ),
    "PK_seed": Meaning(
        "random octets that go in front of all that is hashed",
        "they make the hash functions this key's own, so that nobody attacks many keys with one search",
        "key",
    ),
    "PK_root": Meaning(
        "the root of the topmost tree",
        "all keys of the hypertree lead up to it, so a signature is checked by hashing up to it",
        "key",
    ),
    "t_hat": Meaning(
        "t = A s + e, in the NTT domain",
        "the sender of a secret hides it in random sums of these equations; products are quick in the NTT domain",
        "key",
    ),
    "s_hat": Meaning(
        "small numbers, in the NTT domain: the secret that decrypts",
        "with s, all but the message and small errors can be subtracted from a ciphertext",
        "key",
    ),
    "H(ek)": Meaning(
        "the hash of the encapsulation key",
        "the shared secret is bound to the key that it is for; kept here, the hash need not be computed each time",
        "key",
    ),
    "z": Meaning(
        "random octets, from which a wrong ciphertext's secret is computed",
        "attackers learn nothing from a refusal if there is none: a wrong ciphertext leads to a secret, too, which "
        "they cannot predict",
        "key",
    ),
    # RFC 6960 §4.1, §4.2, RFC 9654 §2.1: OCSP.
    "OCSPRequest": Meaning(
        "a question to a responder: how do these certificates stand",
        "a CRL lists all that is revoked, and may be large and hours old; a verifier wants to know of one certificate",
    ),
    "tbsRequest": Meaning(
        "the question itself, which may be signed", "a responder that answers some people only must know who asks"
    ),
    "requestList": Meaning("the certificates that are asked about", "one message can ask about a whole chain"),
    "Request": Meaning("the question about one certificate", "each question may have extensions of its own"),
    "reqCert": Meaning(
        "which certificate is meant: its issuer, by hashes, and its number",
        "numbers are unique under one issuer only, and the responder may speak for many",
    ),
    "certID": Meaning(
        "which certificate this is about, as the request says it",
        "the verifier finds its certificate among several in one response by it",
    ),
    "reqCert.hashAlgorithm": Meaning(
        "the hash function of the two hashes that follow",
        "the responder hashes its own name and key with the same one, to see whether it is meant",
    ),
    "certID.hashAlgorithm": Meaning(
        "the hash function of the two hashes that follow",
        "the verifier hashes the issuer's name and key with the same one, to see whether its certificate is meant",
    ),
    "issuerNameHash": Meaning("the hash of the issuer's name", "a name can be long, and its hash is as good a label"),
    "issuerKeyHash": Meaning(
        "the hash of the issuer's public key",
        "two authorities can have one name, and one authority can have an old and a new key under its name",
    ),
    "Signature": Meaning(
        "the requestor's signature", "some responders answer only those whom they know, and a signature proves who asks"
    ),
    "certs": Meaning(
        "certificates that help to verify the signature",
        "the issuer may have certified somebody else as its responder, whose certificate the verifier has not seen",
    ),
    "Nonce": Meaning(
        "random octets, which the response repeats",
        "a response with them was made after the request: an attacker cannot send an old one, from before a revocation",
        "random",
    ),
    "OCSPNoCheck": Meaning(
        "nothing: that the extension is there says that nobody need ask whether the responder is revoked",
        "the question about a responder would go to that responder itself; its certificate is short-lived instead",
    ),
    "OCSPResponse": Meaning(
        "a responder's answer", "the answer can be an error, which nobody signs, so what came of it stands outside"
    ),
    "responseStatus": Meaning(
        "what came of the request, such as successful or tryLater",
        "a client without an answer must know whether to ask again, or elsewhere; nobody signs this, so it must "
        "not take it for a statement about a certificate",
    ),
    "ResponseBytes": Meaning("a response, with its type", "other types than the basic one can be defined"),
    "responseType": Meaning(
        "the type of the response", "a reader must know what the octets are before it can read them"
    ),
    "response": Meaning("the response, in DER", "its form depends on its type"),
    "BasicOCSPResponse": Meaning(
        "what the responder says, and its signature",
        "the signature makes the answer worth the same whoever hands it on: a server can staple it to its certificate",
    ),
    "tbsResponseData": Meaning(
        "the part that is signed (tbs: to be signed)",
        "the signature covers times, nonce and statuses together, so that none of them fits into another response",
    ),
    "byName": Meaning(
        "the responder's name", "a verifier looks for the key to verify the signature with under this name", "text"
    ),
    "byKey": Meaning(
        "the SHA-1 of the responder's public key", "several responders of one authority can have one name", "key"
    ),
    "producedAt": Meaning(
        "when the response was signed", "a response can be made ahead of the question, and says so by this", "text"
    ),
    "responses": Meaning("what is said of each certificate", "one message answers about all that were asked about"),
    "SingleResponse": Meaning(
        "how one certificate stands", "each has a status of its own, and times for which it is known"
    ),
    "good": Meaning(
        "that the certificate is not revoked",
        "the responder knows of no revocation; it need not say that the certificate was ever issued or is still valid",
    ),
    "revoked": Meaning(
        "that the certificate is revoked, since when and why",
        "signatures from before that time may still count, and a stolen key is worse than a superseded one",
    ),
    "unknown": Meaning(
        "that the responder knows no such certificate",
        "somebody may have forged it under the issuer's name; whoever asks must not take this for good",
    ),
    "revocationTime": Meaning(
        "since when the certificate is revoked", "what its key signed before may still be trusted", "text"
    ),
    "revocationReason": Meaning(
        "why it was revoked", "a compromised key makes earlier signatures doubtful, too; a change of name does not"
    ),
    "SingleResponse.thisUpdate": Meaning(
        "when the responder knew this to be right",
        "a certificate can be revoked at any time, so a status is true of a moment",
        "text",
    ),
    "[0].nextUpdate": Meaning(
        "by when there will be news of it",
        "an attacker could show the answer from before the revocation for ever, if it had no end",
        "text",
    ),
    "OneAsymmetricKey": Meaning(
        "a private key, with its algorithm",
        "one format serves the keys of all algorithms, so programs need no other",
        "key",
    ),
    "OneAsymmetricKey.version": Meaning(
        "the version of the structure, counted from 0: 1 if the public key is in it",
        "version 1, which is written as 0, has no field for the public key: its readers can tell that this is newer",
    ),
    "privateKeyAlgorithm": Meaning(
        "the algorithm of the key, with its parameters",
        "each algorithm gives the same octets another meaning, so the reader must know whose key this is",
    ),
    "privateKey": Meaning(
        "the key itself, in the form that its algorithm defines: secret",
        "each algorithm has a form of its own, so the format around it takes any string of octets",
        "key",
    ),
    "ECPrivateKey.privateKey": Meaning(
        "d, the secret number: the public key is the base point taken d times",
        "nobody can find d from the public key if the curve is large enough",
        "key",
    ),
    "publicKey": Meaning(
        "the public key that belongs to it",
        "it can be computed from the private key, but a program that only has to tell keys apart need not be able to",
        "key",
    ),
    # Encrypted keys: RFC 5958 §3, RFC 8018, RFC 1421.
    "EncryptedPrivateKeyInfo": Meaning(
        "a private key that is encrypted with a password",
        "files are copied and stolen, and the copy is of no use without the password",
    ),
    "encryptionAlgorithm": Meaning(
        "how it is encrypted",
        "the reader must do the same in order to decrypt it",
    ),
    "PBES2-params": Meaning(
        "how to get from the password to the plaintext, in two steps",
        "a cipher needs a key of fixed length and passwords have any, so one algorithm makes a key and another uses it",
    ),
    "keyDerivationFunc": Meaning(
        "the algorithm that makes a key of the password",
        "passwords are short and easy to guess; this algorithm makes each guess expensive",
    ),
    "PBKDF2-params": Meaning(
        "what goes into the key besides the password",
        "the reader must derive the same key, and has nothing else than this and the password",
    ),
    "salt": Meaning(
        "random octets, not secret",
        "with it the same password gives another key in each file, so nobody can try passwords ahead of time, or on "
        "several files at once",
        "random",
    ),
    "iterationCount": Meaning(
        "how many times the function is applied",
        "an attacker must do the same for each guess at the password; the owner does it once",
    ),
    "keyLength": Meaning(
        "how many octets of key are derived",
        "some ciphers take keys of several lengths, and their identifiers do not say which",
    ),
    "prf": Meaning(
        "the function that is applied; HMAC with SHA-1 if the field is missing",
        "a hash function that has become weak must be replaceable",
    ),
    "encryptionScheme": Meaning(
        "the cipher that the derived key is used with",
        "a cipher that has become weak must be replaceable",
    ),
    "iv": Meaning(
        "the initialization vector: a random block, not secret",
        "the first block has none before it to be mixed with: this block takes that place, so that equal plaintexts "
        "give different ciphertexts",
        "random",
    ),
    "encryptedData": Meaning(
        "the private key, encrypted",
        "it is to be had with the password only",
        "sealed",
    ),
    "encrypted key": Meaning(
        "the private key, encrypted as the headers of the PEM block say",
        "it is to be had with the password only",
        "sealed",
    ),
    # Signatures: RFC 4055, RFC 3279, RFC 8032.
    "RSASSA-PSS-params": Meaning(
        "the choices that PSS leaves open",
        "signer and verifier must make the same ones, and the algorithm's identifier says nothing about them",
    ),
    "hashAlgorithm": Meaning(
        "the hash function of the message",
        "a hash function that has become weak must be replaceable, and the verifier must know which one was used",
    ),
    "maskGenAlgorithm": Meaning(
        "the function that makes the mask, with its hash function",
        "the mask is made with a hash function, too, which need not be the one of the message",
    ),
    "saltLength": Meaning(
        "how many random octets are in each signature",
        "the verifier must know where they begin",
    ),
    "trailerField": Meaning(
        "the last octet of what is signed: 1 stands for bc, the only choice there is",
        "IEEE 1363a has another form of it, and the field keeps the two standards alike",
    ),
    "Ecdsa-Sig-Value": Meaning(
        "an ECDSA signature: the numbers r and s",
        "the verifier needs both: from s and the message it computes a point, and compares its coordinate with r",
        "proof",
    ),
    "r": Meaning(
        "the x-coordinate, modulo n, of the base point taken k times; k is a secret number for this signature",
        "it binds the signer to k; if k is used for two messages, both have the same r, and give the private key away",
        "proof",
    ),
    "s": Meaning(
        "a number that follows from k, r, the message's hash and the private key",
        "only those who know the private key can find the s that fits r and the message",
        "proof",
    ),
    "R": Meaning(
        "a point: the base point taken r times, where r is a secret number for this message",
        "it binds the signer to r before the number that R and the message are hashed to is known",
        "proof",
    ),
    "S": Meaning(
        "a number that follows from r, the private key, and the hash of R, the public key and the message",
        "only those who know the private key can find the S that fits R and the message",
        "proof",
    ),
}
