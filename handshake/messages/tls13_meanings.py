"""What the fields that TLS 1.3 has added to the handshake are, and why they are there.

Standard     RFC 9846; the sentences are this project's own.
"""

from __future__ import annotations

from explain.meaning import Meaning, Vocabulary

TLS13_MEANINGS: Vocabulary = {
    # What the client offers.
    "versions": Meaning(
        "the versions that the client speaks, the preferred ones first",
        "servers refused hellos whose version they did not know; so the version field stays at TLS 1.2 for ever, and "
        "what is newer is said here, where older servers do not look",
    ),
    "supported_version": Meaning(
        "a version that the client speaks", "the server chooses the highest one that it speaks as well"
    ),
    "selected_version": Meaning(
        "the version that the server chose: TLS 1.3",
        "the version field in front cannot say so, since middleboxes cut connections whose version they do not know",
    ),
    "client_shares": Meaning(
        "the client's public keys for the key exchange, one for each group that it expects the server to choose",
        "with the keys in the first message, both sides can encrypt after one round trip, where TLS 1.2 took two",
    ),
    "KeyShareEntry": Meaning("a share: the group, and a public key in it", "both sides have to compute in one group"),
    "group": Meaning(
        "the group that the share is in: a curve, a prime, a KEM, or a curve and a KEM together",
        "a share means nothing without the group that it was made in",
    ),
    "key_exchange": Meaning(
        "the sender's share: a public key for this one connection; from the server of a KEM, a ciphertext",
        "both shares give both sides the same secret, which nobody can compute from the shares alone; and as the keys "
        "are forgotten, nobody can later, either",
        "key",
    ),
    "selected_group": Meaning(
        "the group in which the server wants a share",
        "the client guessed wrong: it speaks this group, but has sent no share in it",
    ),
    "cookie": Meaning(
        "bytes that the client has to repeat in its second hello",
        "the server can put into them what it would otherwise have to remember",
    ),
    "certificate_authorities": Meaning(
        "the names of the authorities whose certificates will do",
        "somebody with several certificates can see which of them is of use here",
    ),
    # Keys that both had before.
    "ke_modes": Meaning(
        "how the client would use a key that both had before",
        "with a key exchange beside it, what is recorded now stays secret when that key leaks; without, it does not",
    ),
    "ke_mode": Meaning("a way to use such a key", "the server may choose no other"),
    "identities": Meaning(
        "the keys that the client has from before, by their names", "the server may know one of them"
    ),
    "PskIdentity": Meaning("a key by its name, with its age", "the server has to find the key by something"),
    "identity": Meaning(
        "the name of the key: a ticket that the server gave, which only it can read; or a name that was agreed upon",
        "a server that gets its ticket back finds in it all that it would have to remember",
        "sealed",
    ),
    "obfuscated_ticket_age": Meaning(
        "how old the ticket is, in milliseconds, plus the number that came with the ticket",
        "a replayed hello gives its age away; and the sum keeps those who watch from telling by the age which "
        "connections belong together",
    ),
    "binders": Meaning(
        "for each of the keys a MAC of the hello up to here",
        "it shows that the client has the key, and ties the key to this one handshake",
    ),
    "PskBinderEntry": Meaning(
        "a MAC of this hello without the binders, with a key that comes from the one that is offered",
        "anyone can copy a ticket that went over the wire, but only its owner can make the binder",
        "proof",
    ),
    "selected_identity": Meaning(
        "which of the offered keys the server uses, counted from 0", "both sides have to derive from the same key"
    ),
    "max_early_data_size": Meaning(
        "how many bytes the client may send with this ticket before the server has answered",
        "a server that refuses such data has to throw it away unread, and wants to know how much of it can come",
    ),
    # Who somebody is.
    "certificate_request_context": Meaning(
        "the number of the request that the certificate answers; empty in a handshake",
        "a server may ask again later, and its questions could cross",
    ),
    "CertificateEntry": Meaning(
        "a certificate of the chain, with what is said about this one",
        "the status of a certificate by OCSP goes with the certificate that it is about",
    ),
    # After the handshake.
    "ticket_lifetime": Meaning(
        "for how many seconds the ticket is good, a week at most",
        "the longer a key lives, the more connections hang on its staying secret",
    ),
    "ticket_age_add": Meaning(
        "a random number that the client adds to the ticket's age",
        "the age itself would tell those who watch when the ticket was given, and so to whom",
    ),
    "ticket_nonce": Meaning(
        "a number that no other ticket of this connection has",
        "it goes into the derivation of the ticket's key, so that every ticket has a key of its own",
        "random",
    ),
    "request_update": Meaning(
        "whether the receiver shall change its keys as well",
        "one side alone can have all keys of a connection changed",
    ),
    # Certificates: compressed, and picked.
    "algorithms": Meaning(
        "the algorithms by which the sender decompresses certificates",
        "the peer may use one of these, and sends its certificates as they are if it has none",
    ),
    "compression_algorithm": Meaning(
        "a compression algorithm", "the receiver has to know by which algorithm to decompress"
    ),
    "uncompressed_length": Meaning(
        "the length of the message when it is decompressed",
        "a few bytes can make millions: the receiver sees beforehand how much memory it would take",
    ),
    "compressed_certificate_message": Meaning(
        "the Certificate message, compressed",
        "a chain is the largest part of a handshake, and has names and identifiers that come again and again",
    ),
    "filters": Meaning(
        "what the client's certificate is to have in its extensions",
        "a client with several certificates can show the one that will do",
    ),
    "OIDFilter": Meaning("an extension, and what is to be in it", "each kind of extension has its own rule"),
    "certificate_extension_oid": Meaning("the identifier of the extension", "it says which rule is to be applied"),
    "certificate_extension_values": Meaning(
        "the values that are to be in the extension", "the certificate may have others beside them"
    ),
    # Extensions.
    "extension: compress_certificate": Meaning(
        "the peer may send its certificates compressed",
        "a chain is the largest part of a handshake, and with post-quantum signatures several times as large",
    ),
    "extension: pre_shared_key": Meaning(
        "the keys that the client has from before, with a proof of each; or the server's choice of one",
        "who has the key needs no certificate: that saves two messages and two signatures",
    ),
    "extension: early_data": Meaning(
        "the client's first data comes before the server's answer; from the server: it takes such data",
        "it saves a round trip; but an attacker who records the data can send it once more, so it is for data that may "
        "come twice",
    ),
    "extension: cookie": Meaning(
        "bytes from the server's HelloRetryRequest, which the client repeats",
        "the server need not remember the first hello: what it would have to know, it can put into the cookie",
    ),
    "extension: certificate_authorities": Meaning(
        "the authorities that the sender trusts",
        "a peer with several certificates can show the one that will be believed",
    ),
    "extension: oid_filters": Meaning(
        "what the server wants to find in the extensions of the client's certificate",
        "a client with several certificates can show the one that will do",
    ),
    "extension: post_handshake_auth": Meaning(
        "the client will show a certificate later, if it is asked",
        "a server may learn only from a request that it is for known clients alone",
    ),
    # What is kept of a session.
    "protocol": Meaning(
        "what was spoken over the session's connection",
        "early data is read before a protocol is chosen, so it is taken only for the one that was spoken before",
    ),
    "psk": Meaning(
        "the key that this session gives to the next: secret",
        "the keys of a resumed connection are made of it, and of a new key exchange",
        "key",
    ),
}
