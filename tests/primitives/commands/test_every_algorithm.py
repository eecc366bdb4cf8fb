"""Every algorithm of the table and every single step runs, and each step that it shows has its section and its why."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from functools import cache
from pathlib import Path

import pytest

from docs.citations import in_text
from primitives.__main__ import main
from primitives.commands.algorithms import ALGORITHMS, GROUPS, Algorithm, find
from primitives.commands.steps.running import single_steps
from primitives.commands.steps.table import TABLE
from primitives.hash_names import MODULES
from tests.documentation.contents import problems
from tests.primitives.commands.conftest import Run
from tests.test_architecture import imports

OLDER = {"Nicomachus I.13", "Elements VII.2", "Fermat 1640", "Kocher 1996", "Boneh et al. 1997"}
"""What is cited as books and papers are."""

RANDOM = {
    "rsa-keygen", "oaep", "pss", "pkcs1v15-sign", "pkcs1v15-encrypt", "ec-keygen", "ecdsa", "ecdh", "dh-keygen", "dh",
    "prime",
}  # fmt: skip
"""The algorithms whose examples draw random numbers or use keys that others have drawn."""

PUBLISHED = {
    "sha224": "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7",  # FIPS 180-4 example messages, "abc"
    "sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    "sha384": "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
    "sha512": "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
    "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
    "sha512-224": "4634270f707b6a54daae7530460842e20e37ed265ceee9a43e8924aa",
    "sha512-256": "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23",
    "cshake128": "c1c36925b6409a04f1b504fcbca9d82b4017277cb5ed2b2065fc1d3814d5aaf5",  # NIST, cSHAKE samples 1 and 3
    "cshake256": "d008828e2b80ac9d2218ffee1d070c48b8e4c87bff32c9699d5b6896eee0edd1"
    "64020e2be0560858d9c00c037e34a96937c561a74c412bb4c746469527281c8c",
    "kmac128": "e5780b0d3ea6f7d3a429c5706aa43a00fadbd7d49628839e3187243f456ee14e",  # NIST, KMAC samples 1 and 4
    "kmac256": "20c570c31346f703c9ac36c61c03cb64c3970d0cfc787e9b79599d273a68d2f7"
    "f69d4cc3de9d104a351689f27cf6f5951f0103f33f4f24871024d9c27773a8dd",
    "sha1": "a9993e364706816aba3e25717850c26c9cd0d89d",
    "md5": "900150983cd24fb0d6963f7d28e17f72",  # RFC 1321 §A.5
    "hmac": "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",  # RFC 4231 §4.3
    "aes-cmac": "070a16b46b4d4144f79bdd9dd04a287c",  # SP 800-38B §D.1 example 2
    "poly1305": "a8061dc1305136c6c22b8baf0c0127a9",  # RFC 8439 §2.5.2
    "hkdf": "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",  # RFC 5869 §A.1
    "pbkdf2": "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"  # RFC 7914 §11
    "49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783",
    "scrypt": "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"  # RFC 7914 §12
    "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906",
    "pkcs12-kdf": "8aaae6297b6cb04642ab5b077851284eb7128f1a2a7fbca3",  # S. N. Henson's test vectors
    "hotp": "755224",  # RFC 4226 appendix D
    "totp": "94287082",  # RFC 6238 appendix B
    "aes": "69c4e0d86a7b0430d8cdb78070b4c55a",  # FIPS 197 (2001) appendix C.1
    "aes-ecb": "3ad77bb40d7a3660a89ecaf32466ef97",  # SP 800-38A §F.1.1
    "aes-cbc": "7649abac8119b246cee98e9b12e9197d",  # SP 800-38A §F.2.1
    "aes-cfb": "3b3fd92eb72dad20333449f8e83cfb4a",  # SP 800-38A §F.3.13
    "aes-ctr": "874d6191b620e3261bef6864990db6ce",  # SP 800-38A §F.5.1
    "aes-gcm": "0388dace60b6a392f328c2b971b2fe78ab6e47d42cec13bdf53a67b21257bddf",  # the GCM specification, test case 2
    "aes-ccm": "7162015b4dac255d",  # SP 800-38C §C.1
    "aes-kwp": "afbeb0f07dfbf5419200f2ccb50bb24f",  # RFC 5649 §6
    "aes-keywrap": "1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5",  # RFC 3394 §4.1
    "chacha20": "6e2e359a2568f98041ba0728dd0d6981",  # RFC 8439 §2.4.2, its beginning
    "3des-ecb": "a826fd8ce53b855fcce21c8112256fe668d5c05dd9b6b900",  # SP 800-67 appendix B
    "x25519": "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552",  # RFC 7748 §5.2
    "x448": "ce3e4ff95a60dc6697da1db1d85e6afbdf79b50a2412d7546d5f239f"  # RFC 7748 §5.2
    "e14fbaadeb445fc66a01b0779d98223961111e21766282f73dd96b6f",
    "ed448": "533a37f6bbe457251f023c0d88f976ae2dfb504a843e34d2074fd823d41a591f2b233f034f628281f2fd7a22ddd47d7828c5"
    "9bd0a21bfd3980ff0d2028d4b18a9df63e006c5d1c2d345b925d8dc00b4104852db99ac5c7cdda8530a113a0f4dbb61149f0"
    "5a7363268c71d95808ff2e652600",  # RFC 8032 §7.4
    "ed25519": "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555"  # RFC 8032 §7.1 TEST 1
    "fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
}

LONG = ("ml-dsa", "hmac-drbg", "scrypt", "tls12-prf", "ml-kem")  # traces of tens of thousands of steps


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The key files that the examples name, made by the examples that make them."""
    folder = tmp_path_factory.mktemp("keys")
    for name in ("rsa-keygen", "ec-keygen", "dh-keygen"):
        words = [str(folder / word) if word.endswith(".json") else word for word in ALGORITHMS[name].example.split()]
        assert main([name, *words]) == 0
    return folder


@pytest.fixture
def with_keys(keys: Path, folder: Path) -> Path:
    for path in keys.iterdir():
        shutil.copy(path, folder)
    return folder


@cache
def faults(section: str) -> list[str]:
    """What is wrong with a step's section: it cites nothing, or something that its standard does not have."""
    cited = list(in_text(section))
    return problems(cited, section) if cited or section in OLDER else ["it cites no standard"]


def check(out: str, *, result: str | None = None) -> None:
    """Refuse a trace in which a step has no section or no reason, or a section that its standard does not have."""
    answer = json.loads(out)
    if result is not None:
        assert answer["result"] == result

    def walk(steps: list[dict[str, object]]) -> None:
        for step in steps:
            assert not faults(str(step["section"])), step
            assert re.fullmatch(r"\S.{3,}[^.\s]", str(step["why"])), step
            assert step["name"]
            inner = step.get("steps", [])
            assert isinstance(inner, list)
            walk(inner)

    assert answer["steps"]
    walk(answer["steps"])


@pytest.mark.parametrize(
    "algorithm",
    [
        pytest.param(each, id=each.name, marks=pytest.mark.slow if each.name in LONG else ())
        for each in ALGORITHMS.values()
    ],
)
def test_the_example_of_each_algorithm(algorithm: Algorithm, run: Run, with_keys: Path) -> None:
    if "--out" in algorithm.example:
        (with_keys / algorithm.example.split()[-1]).unlink()
    done = run(algorithm.name, *shlex.split(algorithm.example), "--json", "--trace")
    assert (done.status, done.err) == (0, "")
    check(done.out, result=PUBLISHED.get(algorithm.name))
    if algorithm.name not in RANDOM:  # the fast path gives what the traced one gave
        untraced = json.loads(run(algorithm.name, *shlex.split(algorithm.example), "--json").out)
        assert untraced["result"] == json.loads(done.out)["result"]


SINGLE_STEPS = [(names[0], name) for names, rows in TABLE for name, *_ in rows]


@pytest.mark.parametrize(("algorithm", "name"), SINGLE_STEPS, ids=lambda word: word)
def test_the_example_of_each_single_step(algorithm: str, name: str, run: Run) -> None:
    single = single_steps(algorithm)[name]
    done = run(algorithm, name, *shlex.split(single.example), "--json")
    assert (done.status, done.err) == (0, "")
    check(done.out)
    (step,) = json.loads(done.out)["steps"]
    assert step["section"] == single.section
    assert step["value"] == json.loads(done.out)["result"]


OTHER_WAYS = [
    "hmac --key Jefe --verify "
    "hex:5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843 'what do ya want for nothing?'",
    "aes --key hex:000102030405060708090a0b0c0d0e0f --decrypt hex:69c4e0d86a7b0430d8cdb78070b4c55a",
    "aes-cbc --key text:0123456789abcdef --iv text:0123456789abcdef abc",
    "aes-cfb --key text:0123456789abcdef --iv text:0123456789abcdef --segment-bits 8 abc",
    "aes-gcm --key hex:00000000000000000000000000000000 --nonce hex:000000000000000000000000 --decrypt "
    "hex:0388dace60b6a392f328c2b971b2fe78ab6e47d42cec13bdf53a67b21257bddf",
    "aes-keywrap --key hex:000102030405060708090a0b0c0d0e0f --decrypt "
    "hex:1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5",
    "aes-kwp --key hex:5840df6e29b02af1ab493b705bf16ea1ae8338f4dcc176a8 --decrypt hex:afbeb0f07dfbf5419200f2ccb50bb24f",
    "aes-ccm --key hex:404142434445464748494a4b4c4d4e4f --nonce hex:10111213141516 --aad hex:0001020304050607 "
    "--tag-length 4 --decrypt hex:7162015b4dac255d",
    "kmac128 --key hex:404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f --verify "
    "hex:e5780b0d3ea6f7d3a429c5706aa43a00fadbd7d49628839e3187243f456ee14e hex:00010203",
    "kmac256 --key hex:404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f --xof hex:00010203",
    "aes-cmac --key hex:2b7e151628aed2a6abf7158809cf4f3c --verify hex:bb1d6929e95937287fa37d129b756746 text:",
    "des --key hex:133457799bbcdff1 --decrypt hex:85e813540f0ab405",
    "sdes --key 1010000010 --decrypt 01110101",
    "pkcs7 --block-size 8 --unpad hex:0123456789030303",
    "rsa --key p=61,q=53,e=17 --decrypt 2790",
    "ec --curve secp256k1 2",
    "ed448 --public hex:5fd7449b59b461fd2ce787ec616ad46a1da1342485a70e1f8a0ea75d80e96778edf124769b46c7061bd67"
    "83df1e50f6cd1fa1abeafe8256180 --verify hex:533a37f6bbe457251f023c0d88f976ae2dfb504a843e34d2074fd823d41a5"
    "91f2b233f034f628281f2fd7a22ddd47d7828c59bd0a21bfd3980ff0d2028d4b18a9df63e006c5d1c2d345b925d8dc00b4104852"
    "db99ac5c7cdda8530a113a0f4dbb61149f05a7363268c71d95808ff2e652600 text:",
    "ed448 --key hex:833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42ef7822e0d5104127dc05d6db"
    "efde69e3ab2cec7c867c6e2c49 --prehash --context foo abc",
    "x448 --key hex:9a8f4925d1519f5775cf46b04b5800d4ee9ee8bae8bc5565d498c28dd9c9baf574a9419744897391006382a6f"
    "127ab1d9ac2d8c0a598726b",
    "ec --curve P-224 --point hex:02b70e0cbd6bb4bf7f321390b94a03c1d356c21122343280d6115c1d21 2",
    "ec --point hex:036b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296 3",
    "ed25519 --public hex:d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a --verify "
    "hex:e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555"
    "fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b text:",
    "x25519 --key hex:a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
    "primes 561",
    "chacha20-poly1305 --key hex:808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f --nonce "
    "hex:070000004041424344454647 --aad hex:50515253c0c1c2c3c4c5c6c7 --decrypt "
    "hex:d31a8d34648e60db7b86afbc53ef7ec264c88e0484647c2813aa825d29c0bfb2",
]


@pytest.mark.parametrize("command", OTHER_WAYS, ids=lambda command: command[:20])
def test_the_other_way_of_each_algorithm(command: str, run: Run) -> None:
    done = run(*shlex.split(command), "--json", "--trace")
    assert (done.status, done.err) == (0, "")
    check(done.out)


@pytest.mark.parametrize(
    ("name", "option", "word"),
    [
        ("oaep", "--decrypt", ""),
        ("pss", "--verify", "abc"),
        ("pkcs1v15-sign", "--verify", "abc"),
        ("pkcs1v15-encrypt", "--decrypt", ""),
        ("ecdsa", "--verify", "abc"),
    ],
)
def test_what_was_made_with_a_key_file_is_opened_with_it(
    name: str, option: str, word: str, run: Run, with_keys: Path
) -> None:
    key = ["--key", "@ec.json" if name == "ecdsa" else "@rsa.json"]
    made = run(name, *key, "abc").last
    words = [option, f"hex:{made}", word] if word else [option, f"hex:{made}"]
    done = run(name, *key, *words, "--json", "--trace")
    assert (done.status, done.err) == (0, "")
    check(done.out, result="valid" if word else b"abc".hex())
    if word:
        refused = run(name, *key, option, f"hex:{made}", "abd", "--json", "--trace")
        assert refused.status == 1
        assert refused.err.startswith(f"python -m primitives {name}: ")
        assert refused.err.count("\n") == 1
        assert "refused" in json.loads(refused.out)


def test_two_parties_come_to_the_same_secret(run: Run, folder: Path) -> None:
    for name, private in (("ec", "ec-keygen"), ("dh", "dh-keygen")):
        public = []
        for party in "ab":
            made = run(private, "--out", f"{name}-{party}.json")
            assert made.status == 0
            assert not json.loads(made.out).keys() & {"d", "x"}
            (folder / f"{name}-{party}-public.json").write_text(made.out)
        command = "ecdh" if name == "ec" else "dh"
        for one, other in ("ab", "ba"):
            done = run(command, "--key", f"@{name}-{one}.json", "--peer", f"@{name}-{other}-public.json")
            assert done.status == 0
            public.append(done.last)
        assert public[0] == public[1]
    for curve, words in (("X25519", ["x25519"]), ("Ed25519", ["ed25519"])):
        assert run("ec-keygen", "--curve", curve, "--out", f"{curve}.json").status == 0
        assert run(*words, "--key", f"@{curve}.json", *(["abc"] if curve == "Ed25519" else [])).status == 0


def test_every_file_of_primitives_is_used_by_some_command() -> None:
    """An algorithm that no command leads to has none of its own."""
    root = Path(__file__).parents[3]
    files = {
        path.relative_to(root).as_posix().removesuffix(".py").replace("/", "."): path
        for path in (root / "primitives").rglob("*.py")
        if path.stem not in ("__init__", "__main__")
    }
    waiting = [path for name, path in files.items() if name.startswith("primitives.commands.")]
    waiting += [files[f"primitives.{module}"] for module in MODULES.values()]
    used = {f"primitives.{module}" for module in MODULES.values()}
    while waiting:
        for module, name in imports(waiting.pop().read_text()):
            for found in {module, f"{module}.{name}"} & files.keys() - used:
                used.add(found)
                waiting.append(files[found])
    own = {name for name in files if name.startswith("primitives.commands.")}
    assert files.keys() - used - own == set()
    assert find("SHA-512/256") is find("sha512_256") is ALGORITHMS["sha512-256"]
    assert sum(map(len, GROUPS.values())) == len(ALGORITHMS)
