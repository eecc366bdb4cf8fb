"""What the fields of handshake messages are, and why they are there: for each label that this room gives.

Standard     Those that each field's section names; the sentences are this project's own.
"""

from __future__ import annotations

from explain.meaning import Meaning, Vocabulary
from handshake.messages.tls13_meanings import TLS13_MEANINGS
from record.meanings import MEANINGS as RECORD_MEANINGS

RESERVED = (
    "peers that refuse what they do not know would keep out all that is new: reserved numbers bring them to light"
)

MEANINGS: Vocabulary = {
    **TLS13_MEANINGS,
    "length": RECORD_MEANINGS["length"],
    # The header of every message.
    "msg_type": Meaning(
        "which handshake message this is",
        "the order of messages is fixed: a type that may not come now ends the connection, whatever is in it",
    ),
    "body": Meaning(
        "the message itself",
        "a message may fill several records, and a record hold several messages, so each says how long it is",
    ),
    # The hellos.
    "client_version": Meaning(
        "the highest version of TLS that the client speaks, up to TLS 1.2; TLS 1.3 is offered in the extension "
        "supported_versions",
        "the server may choose a lower one; Finished, at the end, shows if an attacker made it lower",
    ),
    "server_version": Meaning(
        "the version that the server chose",
        "both sides follow it from here on; the client refuses what it did not offer",
    ),
    "random": Meaning(
        "32 bytes, new for each handshake",
        "they go into the keys and into what is signed: messages recorded in an old handshake are of no use in a "
        "new one",
        "random",
    ),
    "gmt_unix_time": Meaning(
        "the first 4 bytes of the random: the sender's clock, or random bytes as in all newer programs",
        "the time makes randoms differ even if the generator is bad; but anyone who watches can tell machines apart by "
        "their clocks, so newer programs do without",
        "random",
    ),
    "random_bytes": Meaning(
        "the other 28 bytes of the random",
        "nobody can prepare for a value that they cannot predict",
        "random",
    ),
    "session_id": Meaning(
        "the number of a session: from the client, of the one that it wants to resume; from the server, of the one "
        "that this handshake begins or resumes; empty if there is no such session. In TLS 1.3 it is random, and "
        "repeated",
        "a client that has been here before can resume its session: both save the key exchange and the certificates. "
        "TLS 1.3 resumes by tickets, and keeps the number for middleboxes that take the connection for a resumed one",
    ),
    # The ClientHello in the form of SSL 2.0.
    "version": Meaning(
        "the highest version that the client speaks",
        "a server of SSL 2.0 reads this form and answers in its own; a later one sees here that more is possible",
    ),
    "cipher_spec_length": Meaning(
        "the length of all cipher specs", "SSL 2.0 puts the three lengths together, before what they measure", "frame"
    ),
    "session_id_length": Meaning(
        "the length of the session ID: 0 from a client of TLS 1.2",
        "sessions of TLS can be resumed only by a ClientHello in the form of TLS",
        "frame",
    ),
    "challenge_length": Meaning(
        "the length of the challenge: 32",
        "the challenge takes the place of the random of TLS, which has 32 bytes",
        "frame",
    ),
    "cipher_spec": Meaning(
        "a cipher suite of TLS, if it begins with a zero byte; else one of SSL 2.0",
        "one list serves both protocols, and each passes over what belongs to the other",
    ),
    "first_byte": Meaning(
        "0 before a cipher suite of TLS",
        "numbers of SSL 2.0 have three bytes, and none of them begins with zero",
    ),
    "challenge": Meaning(
        "the client's random",
        "it makes this handshake unlike every other: an old one, recorded, is of no use",
        "random",
    ),
    "cipher_suites": Meaning(
        "the suites that the client offers, the preferred one first",
        "old and new programs must find what both know; the choice must be among those that the client finds good "
        "enough",
    ),
    "cipher_suite": Meaning(
        "cipher and hash function in one number, and up to TLS 1.2 key exchange and authentication as well",
        "one number stands for the whole combination, so that no weak mixture can be put together piece by piece",
    ),
    "cipher_suite: TLS_EMPTY_RENEGOTIATION_INFO_SCSV": Meaning(
        "not a suite: says the same as an empty extension renegotiation_info",
        "some old servers refuse a hello with extensions, but all of them skip suites that they do not know",
    ),
    "cipher_suite: TLS_FALLBACK_SCSV": Meaning(
        "not a suite: says that the client would speak a higher version, and tries again with this one",
        "an attacker can break connections until the client tries a weak version; a server that speaks a higher one "
        "sees from this that it should refuse",
    ),
    "cipher_suite: GREASE": Meaning("not a suite: a number that is reserved and means nothing (RFC 8701)", RESERVED),
    "compression_methods": Meaning(
        "the compression methods that the client offers",
        "the field has to be there, with null in it; to compress before encrypting gives secrets away by their length "
        "(CRIME, 2012)",
    ),
    "compression_method": Meaning(
        "a compression method; null means no compression",
        "what repeats a secret gets shorter, and an eavesdropper sees lengths (CRIME, 2012): so null is what is used",
    ),
    # Extensions.
    "extensions": Meaning(
        "what was added to the hello after the standard was made",
        "a reader skips an extension that it does not know, by its length: so old and new programs understand each "
        "other",
    ),
    "extension": Meaning(
        "an extension that is not used here",
        "new ones can be tried without harm, since everybody skips what they do not know",
    ),
    "extension_type": Meaning(
        "which extension it is",
        "numbers are given out by one registry, IANA's, so no two extensions are taken for each other",
    ),
    "extension_data": Meaning(
        "what the extension says",
        "its length lets a reader skip it that does not know it",
    ),
    "data": Meaning(
        "the data of an extension that is not used here",
        "each extension has a form of its own, so the format around it takes any bytes",
        "text",
    ),
    "extension: server_name": Meaning(
        "the name of the server that the client looks for; from the server, without a name, that it made use of it",
        "one address may serve many names, and the server must know which certificate to show; everybody on the way "
        "can read it",
    ),
    "extension: renegotiation_info": Meaning(
        "which handshake on the same connection this one follows; none, if its contents are empty",
        "without it an attacker could put a handshake of their own before the client's, and the server would take both "
        "for one conversation (2009)",
    ),
    "extension: encrypt_then_mac": Meaning(
        "the MAC is to be made of the ciphertext, not of the plaintext",
        "a receiver then checks before it decrypts, and no error in the padding can tell anything (Lucky Thirteen, "
        "2013)",
    ),
    "extension: extended_master_secret": Meaning(
        "the master secret is to depend on the hash of the whole handshake so far",
        "otherwise an attacker in between could bring two connections to the same secret (triple handshake, 2014)",
    ),
    "extension: signature_algorithms": Meaning(
        "the signatures that the client can verify, the preferred ones first",
        "hash functions get old: the client keeps out those that it does not trust any more, and the server can choose "
        "a certificate that the client understands",
    ),
    "extension: signature_algorithms_cert": Meaning(
        "the signatures that the client can verify in certificates, where they are not those of signature_algorithms",
        "certificates live for years: a client may have to accept signatures in them that it does not want in new "
        "messages",
    ),
    "extension: supported_groups": Meaning(
        "where the client does Diffie–Hellman, the preferred group first",
        "both must compute in the same group, and only in one that is known to be good",
    ),
    "extension: ec_point_formats": Meaning(
        "in which forms the sender can read points of curves",
        "points could be sent compressed once; only the uncompressed form is left, but old peers expect the list",
    ),
    "extension: application_layer_protocol_negotiation": Meaning(
        "what is to be spoken over the connection",
        "several protocols share one port; agreed on in here, none can be passed off as another, and no time is lost",
    ),
    "extension: record_size_limit": Meaning(
        "the largest plaintext of a record that the sender of this wants to receive",
        "a record can only be checked when all of it is here: a small device has no room for the largest ones",
    ),
    "extension: max_fragment_length": Meaning(
        "the largest fragment that the client wants, one of four sizes; the server repeats it",
        "a small device has no room for the largest records; record_size_limit, where each side states its own limit, "
        "has replaced this",
    ),
    "extension: session_ticket": Meaning(
        "a session that the server has given the client to keep; empty before the first, or if one is promised",
        "the server can resume sessions without keeping any: it encrypts them for itself, and the client brings them",
    ),
    "extension: status_request": Meaning(
        "the client would like the server to send an OCSP response along with its certificate",
        "a client that asks the authority itself loses time, and tells the authority which servers it visits",
    ),
    "extension: signed_certificate_timestamp": Meaning(
        "the client would like proof that the certificate is in public logs",
        "an authority that issues a wrong certificate is found out if every certificate has to be in a log that "
        "everybody can search",
    ),
    "extension: padding": Meaning(
        "bytes without a meaning, which make the message longer",
        "some servers failed on hellos of certain lengths",
        "filling",
    ),
    "extension: supported_versions": Meaning(
        "the versions of TLS that the client speaks, TLS 1.3 among them",
        "many servers refused a client_version that they did not know instead of choosing a lower one, so newer "
        "versions are offered here",
    ),
    "extension: psk_key_exchange_modes": Meaning(
        "how the client would use a pre-shared key in TLS 1.3: with or without Diffie–Hellman",
        "without Diffie–Hellman there is no forward secrecy, so the client must have a say",
    ),
    "extension: key_share": Meaning(
        "the client's public keys for the key exchange of TLS 1.3",
        "a server that can use one of them answers with its own at once, which saves a round trip",
    ),
    "extension: GREASE": Meaning("not an extension: a number that is reserved and means nothing (RFC 8701)", RESERVED),
    "record_size_limit": Meaning(
        "how many bytes of plaintext",
        "the other side cannot know how much room there is here",
    ),
    "max_fragment_length": Meaning(
        "2^9, 2^10, 2^11 or 2^12 bytes",
        "one byte is enough for four sizes, and a small device has none to spare",
    ),
    "server_name_list": Meaning(
        "the names, at most one of each type",
        "it is a list because other types of names were expected, which never came",
    ),
    "name_type": Meaning(
        "what kind of name it is",
        "other kinds than host_name were expected, which never came",
    ),
    "name": Meaning(
        "the server's DNS name, in ASCII",
        "the certificate that the server shows must be for this very name",
        "text",
    ),
    "renegotiated_connection": Meaning(
        "the verify_data of the handshake before this one; empty in the first handshake of a connection",
        "only the two who took part in the earlier handshake know these values, so nobody else can have made it",
    ),
    "supported_signature_algorithms": Meaning(
        "signature schemes, the preferred one first",
        "the other side must not sign with anything else, which could not be verified, or not be trusted",
    ),
    "algorithm": Meaning(
        "a signature scheme: the kind of signature and its hash function",
        "the verifier must know how to check, and must have named the scheme before",
    ),
    "algorithm: GREASE": Meaning("not a scheme: a number that is reserved and means nothing (RFC 8701)", RESERVED),
    "named_curve_list": Meaning(
        "groups, the preferred one first",
        "the server can only choose a group that the client can compute in",
    ),
    "named_curve": Meaning(
        "a group for Diffie–Hellman",
        "known by its number, it has been examined by many, where a group of one's own could have been made to be weak",
    ),
    "named_curve: GREASE": Meaning("not a group: a number that is reserved and means nothing (RFC 8701)", RESERVED),
    "ec_point_format_list": Meaning(
        "forms of points",
        "the sender of points must know which forms the other side can read",
    ),
    "ec_point_format": Meaning(
        "one form of points; uncompressed has both coordinates as they are",
        "a point can be sent in half the bytes, with one coordinate and a bit, but it takes time to compute the other",
    ),
    "protocol_name_list": Meaning(
        "protocols: those that the client offers, the preferred one first; or the one that the server chose",
        "the server can only choose a protocol that the client speaks",
    ),
    "protocol_name": Meaning(
        "the name of a protocol",
        "names are registered and compared byte for byte, so both sides mean the same by one",
        "text",
    ),
    # Certificates, requests for them, proofs.
    "certificate_list": Meaning(
        "the certificates, the sender's own first",
        "the other side follows them up to a root that it has trusted beforehand; the root itself need not be sent",
    ),
    "certificate": Meaning(
        "one certificate, in DER",
        "it ties a public key to a name, and is signed by an authority that the other side trusts, if only by way of "
        "others",
    ),
    "certificate_types": Meaning(
        "the kinds of keys that the server accepts",
        "a client with several certificates chooses one that will do",
    ),
    "certificate_type": Meaning(
        "one kind of key",
        "the server must be able to verify what is signed with it",
    ),
    "certificate_authorities": Meaning(
        "the names of the roots that the server trusts",
        "a client with several certificates finds the right one",
    ),
    "distinguished_name": Meaning(
        "the name of one root, in DER",
        "the client compares it with the issuers in its chains, byte for byte",
    ),
    "signature": Meaning(
        "a signature, made with the private key of the sender's certificate",
        "anyone can copy a certificate; only its owner can sign with its key. What is signed is of this handshake "
        "alone, so the signature cannot be taken from another one",
        "proof",
    ),
    # Keys.
    "EncryptedPreMasterSecret": Meaning(
        "the premaster secret, encrypted with the public key of the server's certificate",
        "only the owner of the private key can decrypt it, so only the server can finish the handshake after that",
        "sealed",
    ),
    "ServerECDHParams": Meaning(
        "the server's ephemeral public key on a curve",
        "it is made for this purpose and soon forgotten: anyone who steals the certificate's private key later cannot "
        "decrypt what was recorded",
    ),
    "curve_type": Meaning(
        "how the curve is described: by its number (3, named_curve)",
        "curves could be described in full once; to check such a curve is expensive and easily done wrong",
    ),
    "namedcurve": Meaning(
        "which curve it is",
        "the client may have named several, and must know on which of them the server computes",
    ),
    "public": Meaning(
        "the point, the server's public key",
        "together with the other side's private key it gives the secret",
        "key",
    ),
    "ServerDHParams": Meaning(
        "the prime, the generator and the server's ephemeral public key",
        "it is made for this purpose and soon forgotten: anyone who steals the certificate's private key later cannot "
        "decrypt what was recorded",
    ),
    "dh_p": Meaning(
        "the prime modulus",
        "both must compute in the same group; the client compares it with those that it knows to be good, for nobody "
        "can check a prime in passing",
        "key",
    ),
    "dh_g": Meaning(
        "the generator, the number whose powers are taken",
        "both must begin with the same number, or they would come to different secrets",
        "key",
    ),
    "dh_Ys": Meaning(
        "g to the power of the server's secret number",
        "together with the client's secret number it gives the secret, and nobody can find the server's number from it",
        "key",
    ),
    "ecdh_Yc": Meaning(
        "the client's ephemeral public key, a point",
        "together with the server's private key it gives the secret, and nobody can find the client's number from it",
        "key",
    ),
    "dh_Yc": Meaning(
        "g to the power of the client's secret number",
        "together with the server's secret number it gives the secret, and nobody can find the client's number from it",
        "key",
    ),
    "type": Meaning(
        "1, the only value there is",
        "the message tells the other side that the next record of its sender is protected with the new keys; it has "
        "nothing more to say",
    ),
    "verify_data": Meaning(
        "bytes made of the master secret, in TLS 1.3 of a traffic secret, and of the hash of all handshake messages so "
        "far",
        "if an attacker changed a single byte of the handshake, or has another secret, this comes out differently on "
        "the other side and the connection ends. In TLS 1.2 it is the first thing that the new keys protect",
        "proof",
    ),
    # Sessions that are resumed.
    "ticket_lifetime_hint": Meaning(
        "for how many seconds the server means to take the ticket; 0 says nothing about that",
        "a client can throw away what is of no use any more",
    ),
    "ticket": Meaning(
        "the session, encrypted by the server for itself",
        "the client cannot read or change it, only bring it back",
        "sealed",
    ),
    "key_name": Meaning(
        "which of the server's keys the ticket is encrypted with",
        "keys of tickets are replaced often, and the server must know which one it used",
    ),
    "iv": Meaning(
        "the initialization vector: a random block",
        "the first block has none before it to be mixed with: with this one, equal sessions look different",
        "random",
    ),
    "encrypted_state": Meaning(
        "the state of the session, encrypted",
        "the master secret is in it, which the client knows and nobody on the way may know",
        "sealed",
    ),
    "mac": Meaning(
        "the message authentication code of all of the ticket before it",
        "otherwise the client could change what the server has written, such as the name of the client",
        "proof",
    ),
    "state": Meaning(
        "what a resumed connection takes over from this one",
        "keys and certificates are not exchanged again, so both sides must have kept what came of them",
    ),
    "protocol_version": Meaning(
        "the version of the session",
        "a session is resumed with the version and the suite that it was made with, or not at all",
    ),
    "master_secret": Meaning(
        "the master secret of the session: secret",
        "the keys of a resumed connection are made of it and of new randoms",
        "key",
    ),
    "client_authentication_type": Meaning(
        "whether the client has shown a certificate",
        "it shows none when it resumes the session, and the server must still know who it is",
    ),
    "timestamp": Meaning(
        "when the session was made, in seconds since 1970",
        "a session must not be resumed for ever: what the certificates said may have changed",
    ),
    "server_name": Meaning(
        "the name of the server that the client looked for",
        "a session must not be resumed under another name than the one that the certificate was checked for",
        "text",
    ),
    "extension_flags": Meaning(
        "which of the extensions extended_master_secret and encrypt_then_mac the session was made with",
        "both sides must do the same when it is resumed, and must not be talked into less",
    ),
    "expires": Meaning(
        "until when the session may be resumed, in seconds since 1970",
        "a session must not be resumed for ever: what the certificates said may have changed",
    ),
    "configuration": Meaning(
        "the hash of the configuration under which the session was made",
        "with other roots or other demands, the peer might not have been accepted: then it must not be by resumption",
        "proof",
    ),
}
