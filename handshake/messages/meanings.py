"""What the fields of handshake messages are, and why they are there.

Standard     Those that each field's section names; the sentences are this project's own.

A key is a label that this room's readers give, `label: value` where it depends on the value, or `around.label` where
it depends on the field around.
"""

from __future__ import annotations

from explain.meaning import Meaning, Vocabulary
from record.meanings import MEANINGS as RECORD_MEANINGS

MEANINGS: Vocabulary = {
    "length": RECORD_MEANINGS["length"],
    # The header of every message.
    "msg_type": Meaning(
        "which handshake message this is",
        "the order of messages is fixed: a type that may not come now ends the connection, whatever is in it",
    ),
    "body": Meaning(
        "the message itself",
        "its length is in 3 bytes: a chain of certificates may be longer than a record",
        "text",
    ),
    # The hellos.
    "client_version": Meaning(
        "the highest version of TLS that the client speaks",
        "the server may choose a lower one; Finished, at the end, shows if somebody on the way made it lower",
    ),
    "server_version": Meaning(
        "the version that the server chose",
        "both sides follow it from here on; the client refuses what it did not offer",
    ),
    "random": Meaning(
        "32 random bytes, new for each handshake",
        "they go into the keys and into what is signed: messages recorded in an old handshake are of no use in a "
        "new one",
        "random",
    ),
    "gmt_unix_time": Meaning(
        "the first 4 bytes of the random; once the sender's clock",
        "the standard has the time here, so that randoms differ even from a bad generator; a clock tells machines "
        "apart "
        "for anybody who watches, so that here they are random, too, as in all newer programs",
        "random",
    ),
    "random_bytes": Meaning(
        "the other 28 bytes of the random", "unpredictable, so that nobody can prepare for them", "random"
    ),
    "session_id": Meaning(
        "the session that is to be resumed; empty here",
        "a resumed session saves the key exchange; there is none yet, and the server does not offer to keep this one",
    ),
    "cipher_suites": Meaning(
        "the suites that the client offers, the preferred one first",
        "old and new programs must find what both know; the choice must be among those that the client finds good "
        "enough",
    ),
    "cipher_suite": Meaning(
        "key exchange, authentication, cipher and hash function in one number",
        "one number for the whole combination, so that no weak mixture can be put together piece by piece",
    ),
    "compression_methods": Meaning(
        "the compression methods that the client offers",
        "the field has to be there, with null in it; to compress before encrypting gives secrets away by their length "
        "(CRIME, 2012)",
    ),
    "compression_method": Meaning(
        "a compression method; null is none",
        "what repeats a secret gets shorter, and lengths can be seen (CRIME, 2012)",
    ),
    "extensions": Meaning(
        "what was added to the hello after the standard was made",
        "whoever does not know an extension skips it by its length: so old and new programs understand each other",
    ),
    "extension": Meaning("one extension", "the server answers only those that the client sent"),
    "extension_type": Meaning("which extension it is", "the number by which it is known or skipped"),
    "extension_data": Meaning("what the extension says", "its length lets those skip it who do not know it"),
    "data": Meaning(
        "the data of an extension that is not used here", "unknown extensions are ignored, not refused", "text"
    ),
    "extension: server_name": Meaning(
        "the name of the server that the client looks for",
        "one address may serve many names, and the server must know which certificate to show; everybody on the way "
        "can "
        "read it",
    ),
    "extension: renegotiation_info": Meaning(
        "says that this handshake follows no other one on the connection",
        "without it an attacker could put an own handshake before the client's, and the server would take both for one "
        "conversation (2009)",
    ),
    "extension: encrypt_then_mac": Meaning(
        "the MAC is to be made of the ciphertext, not of the plaintext",
        "a receiver then checks before it decrypts, and no error in the padding can tell anything (Lucky Thirteen, "
        "2013)",
    ),
    "extension: extended_master_secret": Meaning(
        "the master secret is to depend on the hash of the whole handshake so far",
        "otherwise somebody in between could bring two connections to the same secret (triple handshake, 2014)",
    ),
    "extension: signature_algorithms": Meaning(
        "the signatures that the client can verify, the preferred ones first",
        "hash functions get old: the client keeps out those it does not trust any more, and the server can choose a "
        "certificate that the client understands",
    ),
    "extension: supported_groups": Meaning(
        "where the client does Diffie–Hellman, the preferred group first",
        "both must compute in the same group, and only in one that is known to be good",
    ),
    "extension: ec_point_formats": Meaning(
        "how the client can read points of curves", "a leftover: only the uncompressed form is still in use"
    ),
    "extension: application_layer_protocol_negotiation": Meaning(
        "what is to be spoken over the connection", "so no bytes meant for one protocol can be passed off as another's"
    ),
    "extension: record_size_limit": Meaning(
        "the largest plaintext of a record that the sender of this wants to receive",
        "a small device can say how much it can hold; nobody is sent what it must throw away",
    ),
    "extension: max_fragment_length": Meaning(
        "the largest fragment that the client wants, one of four sizes",
        "what record_size_limit replaced: one size for both directions, and the client alone could ask",
    ),
    "extension: session_ticket": Meaning(
        "a session that the server has given the client to keep; empty if there is none yet",
        "the server can resume sessions without keeping any: it encrypts them for itself, and the client brings them",
    ),
    "record_size_limit": Meaning("how many bytes of plaintext", "the other side makes its records no larger"),
    "max_fragment_length": Meaning("2^9, 2^10, 2^11 or 2^12 bytes", "a number of one byte, for sizes that are common"),
    "ticket": Meaning(
        "the session, encrypted by the server for itself", "the client cannot read or change it, only bring it back"
    ),
    "ticket_lifetime_hint": Meaning(
        "for how many seconds the server means to take the ticket", "a client can throw away what is of no use any more"
    ),
    "server_name_list": Meaning("the names, at most one of each type", "a list, for types that never came"),
    "name_type": Meaning("what kind of name it is", "host_name is the only kind there is"),
    "name": Meaning(
        "the server's DNS name, in ASCII",
        "the certificate that the server shows must be for this very name",
        "text",
    ),
    "renegotiated_connection": Meaning(
        "the verify_data of the handshake before this one; empty, for there was none",
        "ties a later handshake on the same connection to the earlier one",
    ),
    "supported_signature_algorithms": Meaning(
        "signature schemes, the preferred one first", "the other side may sign with nothing else"
    ),
    "algorithm": Meaning(
        "a signature scheme: the kind of signature and its hash function",
        "the verifier must know how to check, and must have named the scheme before",
    ),
    "named_curve_list": Meaning("groups, the preferred one first", "the server chooses among these"),
    "named_curve": Meaning("a group for Diffie–Hellman", "known by number, so nobody can send a weak one of his own"),
    "ec_point_format_list": Meaning("formats of points", "uncompressed has to be among them"),
    "ec_point_format": Meaning("one format of points", "both coordinates as they are"),
    "protocol_name_list": Meaning("protocols, the preferred one first", "the server chooses one"),
    "protocol_name": Meaning("the name of a protocol", "a registered name, compared byte for byte", "text"),
    # Certificates, requests for them, proofs.
    "certificate_list": Meaning(
        "the certificates, the sender's own first",
        "the other side follows them up to a root that it has trusted beforehand; the root itself need not be sent",
    ),
    "certificate": Meaning(
        "one certificate, in DER", "ties a public key to a name, signed by somebody whom the other side trusts"
    ),
    "certificate_types": Meaning(
        "the kinds of keys that the server accepts", "a client with several certificates chooses one that will do"
    ),
    "certificate_type": Meaning("one kind of key", "the server must be able to verify what is signed with it"),
    "certificate_authorities": Meaning(
        "the names of the roots that the server trusts", "a client with several certificates finds the right one"
    ),
    "distinguished_name": Meaning("the name of one root, in DER", "as the issuer stands in the client's certificate"),
    "signature": Meaning(
        "the signature, made with the private key of the sender's certificate",
        "certificates can be copied by anybody; the signature shows that the sender has the key that belongs to it. It "
        "covers this handshake's messages, so it cannot be taken from another one",
        "proof",
    ),
    # Keys.
    "EncryptedPreMasterSecret": Meaning(
        "the premaster secret, encrypted with the public key of the server's certificate",
        "only the owner of the private key can decrypt it: whoever can finish the handshake after that is the server",
        "sealed",
    ),
    "ServerECDHParams": Meaning(
        "the server's ephemeral public key on a curve", "made for this handshake alone, and forgotten after it"
    ),
    "curve_type": Meaning(
        "that the curve is known by a number", "curves described in full were removed: too easy to get wrong"
    ),
    "namedcurve": Meaning("which curve it is", "one of those that the client has named"),
    "public": Meaning(
        "the point, the server's public key",
        "together with the other side's private key it gives the secret",
        "key",
    ),
    "ServerDHParams": Meaning(
        "the prime, the generator and the server's ephemeral public key",
        "made for this handshake alone, and forgotten after it",
    ),
    "dh_p": Meaning(
        "the prime modulus", "must be one that is known to be good: nobody can check a prime in passing", "key"
    ),
    "dh_g": Meaning("the generator", "the number whose powers are taken", "key"),
    "dh_Ys": Meaning("g to the power of the server's secret number", "nobody can find the number from it", "key"),
    "ecdh_Yc": Meaning(
        "the client's ephemeral public key", "made for this handshake alone, and forgotten after it", "key"
    ),
    "dh_Yc": Meaning("g to the power of the client's secret number", "nobody can find the number from it", "key"),
    "type": Meaning("1, the only value there is", "from here on the sender's records are protected by the new keys"),
    "verify_data": Meaning(
        "12 bytes made of the master secret and the hash of all messages so far",
        "if anybody changed a single byte of the handshake, or has another secret, this comes out differently on the "
        "other side and the connection ends. It is the first thing that the new keys protect",
        "proof",
    ),
}
