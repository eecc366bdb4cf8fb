"""What the fields of records and alerts are, and why they are there: for each label that this room's readers give.

Standard     Those that each field's section names; the sentences are this project's own.
"""

from __future__ import annotations

from explain.meaning import Meaning, Vocabulary

MEANINGS: Vocabulary = {
    "type": Meaning(
        "what the record carries: handshake (22), change_cipher_spec (20), alert (21) or application data (23)",
        "the four kinds are handled by different parts of a program, which must be found; in the header an "
        "eavesdropper sees it, too, so TLS 1.3 puts the true one behind the content and encrypts it",
    ),
    "version": Meaning(
        "the version of TLS, as major and minor number: 3.3 is TLS 1.2, and records of TLS 1.3 say it, too",
        "up to TLS 1.2, a receiver must know by which rules to read on; the numbers count on from SSL 3.0, which "
        "TLS 1.0 followed as 3.1",
    ),
    "fragment": Meaning(
        "what the record carries, as it goes over the wire",
        "a stream of TCP has no borders between messages: a length before each piece makes them",
    ),
    "length": Meaning(
        "how many bytes follow that belong to this field",
        "a reader must know where the field ends before it looks at what is in it, and refuse it if that is too far",
        "frame",
    ),
    "content": Meaning(
        "the plaintext that the record carries",
        "the record is there to bring this to the other side; all else in it says where it ends, or protects it",
    ),
    "IV": Meaning(
        "the initialization vector: a random block, sent as it is",
        "it masks the first block, so that the same text never looks the same twice; it must be unpredictable, or an "
        "attacker can test guesses (BEAST, 2011), but need not be secret",
        "random",
    ),
    "block-ciphered": Meaning(
        "the content, padded to whole blocks and encrypted in CBC mode",
        "nobody without the write key can read it; each block is masked with the one before it, so equal blocks differ",
        "sealed",
    ),
    "ciphertext": Meaning(
        "the content, encrypted in CFB mode",
        "a mask made from the ciphertext before hides it; it is as long as the content, so no padding is needed",
        "sealed",
    ),
    "aead-ciphered": Meaning(
        "the content, encrypted",
        "nobody without the write key can read it; encryption and authentication are one step here and cannot be "
        "combined in a wrong order",
        "sealed",
    ),
    "nonce_explicit": Meaning(
        "the part of the nonce that is sent with the record; the other part both sides have derived",
        "a nonce must never be used twice under one key, or it gives away how the two texts differ, and the key of the "
        "tag: so the sender chooses this part anew for each record, and has to tell the receiver",
        "random",
    ),
    "encrypted_record": Meaning(
        "content, type and padding, encrypted, with the authentication tag behind them",
        "nobody without the write key can read or change it, nor tell a Finished from a line of text: TLS 1.3 hides "
        "the type, and by padding the length",
        "sealed",
    ),
    "zeros": Meaning(
        "padding behind the type: zeros only",
        "the length of a record tells much of what is in it; the type before the zeros is not zero, so the receiver "
        "finds where they begin",
        "filling",
    ),
    "tag": Meaning(
        "the authentication tag over the ciphertext and over the record's number, type, version and length",
        "without the key nobody can compute it: if a record is changed, moved, repeated or left out, a tag does not "
        "fit, and the connection ends",
        "proof",
    ),
    "MAC": Meaning(
        "the message authentication code: HMAC over the record's number, type, version, length and data",
        "encryption alone does not keep attackers from changing bits; without the MAC key they cannot make the right "
        "code, and the number in it notices records that are dropped, repeated or reordered",
        "proof",
    ),
    "padding": Meaning(
        "bytes that fill the last block, each of which holds the padding's length",
        "CBC encrypts whole blocks only; the values are fixed and checked, since padding that nobody checks let "
        "attackers decrypt records of SSL 3.0 (POODLE, 2014)",
        "filling",
    ),
    "padding_length": Meaning(
        "how many bytes of padding stand before this one",
        "the receiver must know where the content ended",
        "frame",
    ),
    "level": Meaning(
        "how serious the alert is: warning (1) or fatal (2)",
        "a receiver that does not know the description must still know whether the connection can go on",
    ),
    "description": Meaning(
        "what the alert says",
        "close_notify says that nothing more will come, so that nobody can cut the end off unnoticed; all others tell "
        "of an error, and no more of it than the other side may know",
    ),
}
