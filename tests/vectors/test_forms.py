"""NIST's forms of which the project keeps no file: made here, with hashlib and `cryptography` as the oracles."""

import hashlib
import hmac
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.decrepit.ciphers.modes import CFB, CFB8
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.ciphers import BlockCipherAlgorithm, Cipher, algorithms, modes

from vectors.cases import Case, Outcome, VectorFileError
from vectors.explain import explain
from vectors.judge import Judge
from vectors.operations import perform
from vectors.readers import read_text
from vectors.readers.files import read_paths

MODES: dict[str, Callable[[bytes], Any]] = {
    "ECB": lambda iv: modes.ECB(),  # one of those to be tested
    "CBC": modes.CBC,
    "CFB64": CFB,
    "CFB8": CFB8,
}


def outcomes(text: str) -> list[Outcome]:
    judge = Judge(perform, explain)
    return [judge.judge(case).outcome for case in read_text("file", text)]


def hmac_rsp() -> str:
    tag = hmac.digest(b"key", b"message", "sha384")[:24]
    return f"""#  CAVS 11.0
#  "HMAC information for "hmac_values"
[L=48]

Count = 0
Klen = 3
Tlen = 24
Key = {b"key".hex()}
Msg = {b"message".hex()}
Mac = {tag.hex()}
"""


def monte_carlo(cipher: BlockCipherAlgorithm, mode: str, rounds: int) -> tuple[bytes, bytes, bytes]:
    """An iv, the first plaintext, and the last ciphertext, by the loop of AESAVS and TMOVS for encryption."""
    size = cipher.block_size // 8
    iv, segment = b"i" * size, 1 if mode == "CFB8" else size
    plaintexts, ciphertexts, register = [b"p" * segment], list[bytes](), iv
    for j in range(rounds):
        encryptor = Cipher(cipher, MODES[mode](register)).encryptor()
        ciphertexts.append(encryptor.update(plaintexts[j]))
        if mode == "ECB":
            plaintexts.append(ciphertexts[j])
        elif mode == "CFB8":
            plaintexts.append(iv[j : j + 1] if j < size else ciphertexts[j - size])
        else:
            plaintexts.append(iv if j == 0 else ciphertexts[j - 1])
        register = (register + ciphertexts[j])[-size:]
    return iv, plaintexts[0], ciphertexts[-1]


def aes_ecb_mct() -> str:
    key = b"k" * 24
    _, plaintext, ciphertext = monte_carlo(algorithms.AES(key), "ECB", 1000)
    return f"""# CAVS 11.1
# Config info for aes_values
# AESVS MCT test data for ECB
[ENCRYPT]

COUNT = 0
KEY = {key.hex()}
PLAINTEXT = {plaintext.hex()}
CIPHERTEXT = {ciphertext.hex()}
"""


def tdes_monte(mode: str) -> str:
    keys = [b"k" * 8, b"n" * 8, b"p" * 8]
    iv, plaintext, ciphertext = monte_carlo(TripleDES(b"".join(keys)), mode, 10000)
    return "\n".join(
        [
            f"# TDES Monte Carlo (Modes) Test for {mode}",
            "[ENCRYPT]",
            "COUNT = 0",
            *(f"KEY{i} = {key.hex()}" for i, key in enumerate(keys, 1)),
            *([] if mode == "ECB" else [f"IV = {iv.hex()}"]),
            f"PLAINTEXT = {plaintext.hex()}",
            f"CIPHERTEXT = {ciphertext.hex()}",
        ]
    )


def ecc_cdh() -> str:
    ours, theirs = ec.generate_private_key(ec.SECP384R1()), ec.generate_private_key(ec.SECP384R1())
    own, public = ours.public_key().public_numbers(), theirs.public_key().public_numbers()
    return f"""#  CAVS 14.1
#  ECC CDH Primitive (SP800-56A Section 5.7.1.2) Test Information for "testecccdh"
[P-384]

COUNT = 0
QCAVSx = {public.x:096x}
QCAVSy = {public.y:096x}
dIUT = {ours.private_numbers().private_value:096x}
QIUTx = {own.x:096x}
QIUTy = {own.y:096x}
ZIUT = {ours.exchange(ec.ECDH(), theirs.public_key()).hex()}
"""


KEY = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # short, for speed


def sig_gen(header: str, *, salt: bytes | None = None) -> str:
    scheme: padding.AsymmetricPadding = padding.PKCS1v15()
    salted = ""
    if salt is not None:
        scheme, salted = padding.PSS(padding.MGF1(hashes.SHA256()), len(salt)), "SaltVal = 00\n"
    signature = KEY.sign(b"message", scheme, hashes.SHA256())
    numbers = KEY.private_numbers()
    return f"""{header}
[mod = 1024]

n = {numbers.public_numbers.n:x}
e = {numbers.public_numbers.e:x}
d = {numbers.d:x}

SHAAlg = SHA256
Msg = {b"message".hex()}
S = {signature.hex()}
{salted}"""


FORMS: dict[str, Callable[[], str]] = {
    "HMAC": hmac_rsp,
    "AES ECB Monte Carlo": aes_ecb_mct,
    "ECC CDH": ecc_cdh,
    "RSA SigGen15": lambda: sig_gen('# "SigGen15_186-3.txt"\n# "FIPS186-4 - SigGen15 information"'),
    "RSA SigGenPSS": lambda: sig_gen('# "SigGen PKCS#1 RSASSA-PSS" information', salt=b""),
}


@pytest.mark.parametrize("form", FORMS)
def test_what_the_oracle_made_passes(form: str) -> None:
    assert outcomes(FORMS[form]()) == [Outcome.PASSED]


@pytest.mark.parametrize("form", FORMS)
def test_one_wrong_digit_fails(form: str) -> None:
    lines = FORMS[form]().splitlines()
    place = max(i for i, line in enumerate(lines) if line.startswith(("Mac", "CIPHERTEXT", "ZIUT", "S =")))
    name, _, value = lines[place].partition(" = ")
    lines[place] = f"{name} = {'0' if value[0] != '0' else '1'}{value[1:]}"
    assert outcomes("\n".join(lines)) == [Outcome.FAILED]


@pytest.mark.parametrize("mode", MODES)
def test_triple_des_monte_carlo(mode: str) -> None:
    assert outcomes(tdes_monte(mode)) == [Outcome.PASSED]


def test_triple_des_monte_carlo_is_recognised() -> None:
    (case,) = read_text("file", tdes_head("CBC"))
    assert (case.algorithm, case.checks[0].operation, case.checks[0].inputs["rounds"]) == (
        "TDES-CBC",
        "cipher_monte_carlo",
        10000,
    )


def tdes_head(mode: str) -> str:
    keys = "".join(f"KEY{i} = {'01' * 8}\n" for i in (1, 2, 3))
    blocks = f"IV = {'00' * 8}\nPLAINTEXT = {'00' * 8}\nCIPHERTEXT = {'00' * 8}\n"
    return (
        f'# Config Info for : "tdes_values"\n# TDES Monte Carlo Test for {mode}\n[ENCRYPT]\nCOUNT = 0\n{keys}{blocks}'
    )


@pytest.mark.parametrize("mode", ["OFB", "CFB1", "CBCI", "CFBP8"])
def test_modes_that_are_not_implemented_are_skipped(mode: str) -> None:
    (case,) = read_text("file", tdes_head(mode))
    assert case.skip == f"TDES-{mode} is not implemented"


def test_other_curves_are_skipped() -> None:
    def skips(text: str) -> list[str]:
        return [case.skip for case in read_text("file", text)]

    assert skips(ecc_cdh().replace("P-384", "K-283")) == ["the curve K-283 is not implemented"]
    key = "[P-192]\n[B.4.2 Key Pair Generation by Testing Candidates]\nN = 1\n\nd = 01\nQx = 02\nQy = 03\n"
    assert skips(key) == ["the curve P-192 is not implemented"]


def test_x931_is_skipped() -> None:
    text = sig_gen('# "SigGen RSA (X9.31)" information')
    cases: list[Case] = read_text("file", text)
    assert [case.skip for case in cases] == ["the signatures of ANS X9.31 are not implemented"]


def test_a_digest_that_is_not_of_the_headings_length() -> None:
    text = '#  "SHA-256 ShortMsg" information\n[L = 32]\nLen = 0\nMsg = 00\nMD = ' + hashlib.sha256().hexdigest()[2:]
    assert outcomes(text) == [Outcome.FAILED]


def sha_monte_with_links() -> str:
    """One turn of SHAVS §6.4 with its first five links shown, as NIST's SHA256Monte.txt has them."""
    seed = bytes(range(32))
    digests, shown = [seed] * 3, ""
    for i in range(3, 1003):
        message = b"".join(digests[-3:])
        digests.append(hashlib.sha256(message).digest())
        if i < 8:
            shown += f"\ti = {i}\n\tM = {message.hex()}\n\tMDi = {digests[-1].hex()}\n\n"
    head = '#  "SHA-256 Monte" information for "sha_values"\n[L = 32]\n'
    return f"{head}\nSeed = {seed.hex()}\n\nCOUNT = 0\n{shown}MD = {digests[-1].hex()}\n"


def test_the_links_that_a_monte_carlo_file_shows_are_cases() -> None:
    text = sha_monte_with_links()
    assert [case.id for case in read_text("file", text)] == [
        *(f"[L = 32] COUNT = 0 i = {i}" for i in range(3, 8)),
        "[L = 32] COUNT = 0",
    ]
    assert outcomes(text) == [Outcome.PASSED] * 6
    digest = text.split("MDi = ")[2][:64]
    spoiled = text.replace(f"MDi = {digest}", f"MDi = {bytes(32).hex()}")
    assert outcomes(spoiled) == [Outcome.PASSED, Outcome.FAILED, *[Outcome.PASSED] * 4]
    with pytest.raises(VectorFileError, match="lacks MDi"):
        read_text("file", text.replace(f"\tMDi = {digest}\n", ""))


def test_a_link_whose_digest_is_not_published_is_skipped_and_so_is_the_next() -> None:
    text = sha_monte_with_links()
    digest = text.split("MD = ")[1][:64]
    text += f"\nCOUNT = 1\nMD = ?\n\nCOUNT = 2\nMD = {bytes(32).hex()}\n"
    cases = [case for case in read_text("file", text) if " i = " not in case.id]
    assert [bool(case.skip) for case in cases] == [False, True, True]
    unknown = [case for case in read_text("file", text.replace(digest, "?")) if " i = " not in case.id]
    assert [bool(case.skip) for case in unknown] == [True, True, True]


@pytest.mark.parametrize("mode", ["CBCI", "CFBP1", "CFBP8", "CFBP64", "OFBI"])
def test_interleaved_modes_of_triple_des_are_skipped(mode: str) -> None:
    head = f'# Config Info for : "tdes_values"\n# VARIABLE KEY - KAT for {mode}\n'
    fields = "COUNT = 0\nKEYs = 8001010101010101\n" + "".join(f"IV{i} = {bytes(8).hex()}\n" for i in (1, 2, 3))
    for one, three, direction in ("PLAINTEXT", "CIPHERTEXT", "ENCRYPT"), ("CIPHERTEXT", "PLAINTEXT", "DECRYPT"):
        texts = f"{one} = {bytes(8).hex()}\n" + "".join(f"{three}{i} = {bytes(8).hex()}\n" for i in (1, 2, 3))
        (case,) = read_text("file", f"{head}[{direction}]\n{fields}{texts}")
        assert case.skip == f"TDES-{mode} is not implemented"
        with pytest.raises(VectorFileError, match="unknown field 'PLAINTEXT4'"):
            read_text("file", f"{head}[{direction}]\n{fields}{texts}PLAINTEXT4 = 00\n")


ECDSA_VERIFICATION = """# CAVS 11.2
# "SigVer" information for "ecdsa_values"
[P-256,SHA-256]

Msg = 61
Qx = 01
Qy = 02
R = 05
S = 06
Result = F (1 - changed)
"""


@pytest.mark.parametrize("name", ["Qx", "Qy", "R", "S"])
@pytest.mark.parametrize(
    ("value", "complaint"), [("-5", "is not hexadecimal"), ("0x05", "is not hexadecimal"), ("", "has no digits")]
)
def test_a_number_that_is_none_is_told_in_one_line(name: str, value: str, complaint: str, tmp_path: Path) -> None:
    path = tmp_path / "file.rsp"
    path.write_text(re.sub(rf"(?m)^{name} = .*$", f"{name} = {value}", ECDSA_VERIFICATION))
    [problem] = read_paths([path]).problems
    assert problem.startswith(f"{path}: line 5: {name} ")
    assert problem.endswith(complaint)


@pytest.mark.parametrize("opening", ["[", '{"a":', '{"algorithm": "AES-GCM", "testGroups": ['])
def test_a_file_that_is_nested_deeply_is_told_in_one_line(opening: str, tmp_path: Path) -> None:
    (tmp_path / "file.json").write_text(opening + "[" * 200_000)
    assert read_paths([tmp_path / "file.json"]).problems == [f"{tmp_path}/file.json: it is nested too deeply"]
