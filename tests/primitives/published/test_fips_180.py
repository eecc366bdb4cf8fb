"""FIPS 180-2 appendices A.1, B.1 and C.1, NIST's example messages "abc": the working variables after every round.

NIST's example files for FIPS 180-4 print the same values. After each round b is the a of the round before, and so on;
so a and e of every round tell all of them.
"""

from __future__ import annotations

from primitives.hashes import HashFunction
from primitives.sha1 import sha1
from primitives.sha2 import sha256, sha512
from tests.primitives.support.published_steps import named, recorded

# SHA-1: a after round t.
A_1 = """
0116fc33 8990536d a1390f08 cdd8e11b cfd499de 3fc7ca40 993e30c1 9e8c07d4 4b6ae328 8351f929
fbda9e89 63188fe4 4607b664 9128f695 196bee77 20bdd62f 4e925823 82aa6728 dc64901d fd9e1d7d
1a37b0ca 33a23bfc 21283486 d541f12d c7567dc6 48413ba4 be35fbd5 4aa84d97 8370b52e c5fbaf5d
1267b407 3b845d33 046faa0a 2c0ebc11 21796ad4 dcbbb0cb 0f511fd8 dc63973f 4c986405 32de1cba
fc87dedf 970a0d5c 7f193dc5 ee1b1aaf 40f28e09 1c51e1f2 a01b846c bead02ca baf39337 120731c5
641db2ce 3847ad66 e490436d 27e9f1d8 7b71f76d 5e6456af c846093f d262ff50 09d785fd 3f52de5a
d756c147 548c9cb2 b66c020b 6b61c9e1 19dfa7ac 101655f9 0c3df2b4 78dd4d2b 497093c0 3f2588c2
c199f8c7 39859de7 edb42de4 11793f6f 5ee76897 63f7dab7 a079b7d9 860d21cc 5738d5e1 42541b35
"""

# SHA-256: a and e after round t.
A_AND_E_256 = """
5d6aebcd fa2a4622  5a6ad9ad 78ce7989  c8c347a7 f92939eb  d550f666 24e00850  04409a6a 43ada245  2b4209f5 714260ad
e5030380 9b27a401  85a07b5f 0c657a79  8e04ecb9 32ca2d8c  8c87346b 1cc92596  4798a3f4 436b23e8  f71fc5a9 816fd6e9
87912990 1e578218  d932eb16 745a48de  c0645fde 0b92f20c  b0fa238e 07590dcd  21da9a9b 8034229c  c2fbd9d1 846ee454
fe777bbf cc899961  e1f20c33 b0638179  9dc68b63 8ada8930  c2606d6d e1257970  a7a3623f 49f5114a  c5d53d8d aa47c347
1c2c2838 2823ef91  cde8037d 14383d8e  b62ec4bc c74c6516  77d37528 edffbff8  363482c9 6112a3b7  a0060b30 ade79437
ea992a22 0109ab3a  73b33bf5 ba591112  98e12507 9cd9f5f6  fe604df5 59249dd3  a9a7738c 085f3833  65a0cfe4 f4b002d6
41a65cb1 0772a26b  34df1604 a507a53d  6dc57a8a f0781bc8  79ea687a 1efbc0a0  d6670766 26352d63  df46652f 838b2711
17aa0dfe decd4715  9d4baf93 fda24c2e  26628815 a80f11f0  72ab4b91 b7755da1  a14c14b0 d57b94a9  4172328d fecf0bc6
05757ceb bd714038  f11bfaa8 6e5c390c  7a0508a1 52f1ccf7  886e7a22 49231c1e  101fd28f 529e7d00  f5702fdb 9f4787c3
3ec45cdb e50e1b4f  38cc9913 54cb266b  fcd1887b 9b5e906c  c062d46f 7e44008e  ffb70472 6d83bfc6  b6ae8fff b21bad3d
b85e2ce9 961f4894  04d24d6c 948d25b6  d39a2165 fb121210  506e3058 5ef50f24
"""

# SHA-512: a and e after the first rounds.
A_AND_E_512 = """
f6afceb8bcfcddf5 58cb02347ab51f91  1320f8c9fb872cc0 c3d4ebfd48650ffa  ebcffc07203d91f3 dfa9b239f2697812
5a83cb3e80050e82 0b47b4bb1928990e  b680953951604860 745aca4a342ed2e2  af573b02403e89cd 96f60209b6dc35ba
c4875b0c7abc076b 5a6c781f54dcc00c  8093d195e0054fa3 86f67263a0f0ec0a  f1eca5544cb89225 d0403c398fc40002
81782d4a5db48f03 00091f460be46c52  69854c4aa0f25b59 d375471bde1ba3f4  db0a9963f80c2eaa 475975b91a7a462c
"""


def rounds(hash: HashFunction) -> list[tuple[int, ...]]:
    """The working variables after each round of the one block of "abc"."""
    steps = recorded(lambda: hash(b"abc").digest())
    found = []
    for step in steps:
        if step.name.startswith("round "):
            assert isinstance(step.value, tuple)
            found.append(tuple(word for word in step.value if isinstance(word, int)))
    return found


def words(text: str) -> list[int]:
    return [int(word, 16) for word in text.split()]


def check_rotation(found: list[tuple[int, ...]], initial: tuple[int, ...], new: tuple[int, ...]) -> None:
    """Each variable that is not new has the value that the one before it had."""
    for before, after in zip([initial, *found], found, strict=False):
        for place in range(1, len(after)):
            if place not in new:
                assert after[place] == before[place - 1]


def test_sha1() -> None:
    found = rounds(sha1)
    assert [variables[0] for variables in found] == words(A_1)
    # b becomes c rotated, so only d and e follow plainly.
    check_rotation(found, (0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0), new=(0, 2))
    assert found[0] == tuple(words("0116fc33 67452301 7bf36ae2 98badcfe 10325476"))
    assert found[79] == tuple(words("42541b35 5738d5e1 21834873 681e6df6 d8fdf6ad"))


def test_sha256() -> None:
    found = rounds(sha256)
    assert [word for variables in found for word in (variables[0], variables[4])] == words(A_AND_E_256)
    check_rotation(
        found, tuple(words("6a09e667 bb67ae85 3c6ef372 a54ff53a 510e527f 9b05688c 1f83d9ab 5be0cd19")), (0, 4)
    )
    assert found[63] == tuple(words("506e3058 d39a2165 04d24d6c b85e2ce9 5ef50f24 fb121210 948d25b6 961f4894"))


def test_sha256_the_hash_value_before_and_after() -> None:
    steps = recorded(lambda: sha256(b"abc").digest())
    assert named(steps, "a … h") == [
        tuple(words("6a09e667 bb67ae85 3c6ef372 a54ff53a 510e527f 9b05688c 1f83d9ab 5be0cd19"))
    ]
    assert named(steps, "H") == [
        tuple(words("ba7816bf 8f01cfea 414140de 5dae2223 b00361a3 96177a9c b410ff61 f20015ad"))
    ]
    assert [named(steps, f"W_{t}") for t in (0, 1, 15)] == [[0x61626380], [0], [0x18]]


def test_sha512() -> None:
    found = rounds(sha512)
    published = words(A_AND_E_512)
    assert [word for variables in found for word in (variables[0], variables[4])][: len(published)] == published
    assert len(found) == 80
