"""SLH-DSA beside two other implementations, and what NIST has published of a signature."""

from __future__ import annotations

import importlib.util
import json
import os
from collections.abc import Iterator, Mapping

import pytest

from primitives.slh_dsa import PARAMETER_SETS, SLH_DSA_SHA2_128F
from tests.conftest import PeerTool
from tests.primitives.peers.slh_dsa import FOLDER, PURE, SETS, noble, of, slh_dsa_verifies
from tests.support.shares import share
from vectors.cases import Rejected, Value
from vectors.external import External
from vectors.operations import perform
from vectors.sources import read_source, sources

pytestmark = pytest.mark.slow


def missing(reason: str) -> None:
    """Skip the test; fail it where peers must be there."""
    if os.environ.get("CUTAWAY_REQUIRE_PEERS") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture
def peer(peer_tool: PeerTool) -> Iterator[External]:
    """@noble/post-quantum."""
    node = peer_tool("node")
    if not (FOLDER / "node_modules" / "@noble" / "post-quantum").is_dir():
        missing("@noble/post-quantum is not installed: npm install --prefix .peers @noble/post-quantum@0.7.1")
    program = noble(node)
    yield program
    program.close()


def test_what_nist_has_of_a_signature() -> None:
    # ACVP, SLH-DSA-sigGen-FIPS205, internal interface, deterministic, tcId 115: R, and the beginning of SIG_FORS.
    sk = bytes.fromhex(
        "53725a3c2b994d52ddba83ec584de28bb56fd81661f82b2ae2100517bf14b215"
        "20ff7c085298b7313788a15a6eedac2fe846bd0c772aa74975b45ffc49b4f678"
    )
    signature = SLH_DSA_SHA2_128F.sign_internal(sk, b"\x6d", addrnd=sk[32:48])
    assert signature[:64].hex() == (
        "42a4aa49a6c6a324b1e6e08f3c77c605899c4a45509ebae96f459f2dd1d3cacd"
        "7627ca3f3fa805c174e867514de85f33eb70e85564bcc073aedb042154d24cc4"
    )


@pytest.mark.parametrize("parameters", [name for name in SETS if name.endswith("f")])
def test_noble_and_we_sign_the_same(parameters: str, peer: External) -> None:
    n = PARAMETER_SETS[parameters].n
    seed: dict[str, Value] = {"parameters": parameters, "seed": os.urandom(3 * n)}
    keys: Mapping[str, Value] = perform("slh_dsa_keygen", seed)
    assert peer.perform("slh_dsa_keygen", seed) == keys
    message = os.urandom(50)
    asked: dict[str, Value] = {"parameters": parameters, "message": message, "context": b"", "addrnd": os.urandom(n)}
    asked |= {"sk": keys["sk"]}
    extras: list[dict[str, Value]] = [{}, {"context": b"ctx"}, {"prehash": "SHA-512"}, {"prehash": "SHAKE256"}]
    for extra in share(extras, 2, of=parameters):
        signed = perform("slh_dsa_sign", asked | extra)
        assert peer.perform("slh_dsa_sign", asked | extra) == signed
        verified = asked | extra | {"pk": keys["pk"], **signed}
        assert peer.perform("slh_dsa_verify", verified) == perform("slh_dsa_verify", verified) == {}
        with pytest.raises(Rejected):
            peer.perform("slh_dsa_verify", verified | {"context": b"another"})


@pytest.mark.parametrize("parameters", [name for name in SETS if name.endswith("f")])
def test_slh_dsa_verifies_what_we_sign(parameters: str) -> None:
    if importlib.util.find_spec("slhdsa") is None:
        missing("slh-dsa is not installed: pip install slh-dsa")
    ours = PARAMETER_SETS[parameters]
    pk, sk = ours.keygen()
    signature = ours.sign(sk, b"message", context=b"ctx")
    assert slh_dsa_verifies(parameters, pk, b"\0\3ctxmessage", signature)
    assert not slh_dsa_verifies(parameters, pk, b"\0\3ctxmessage.", signature)


@pytest.mark.parametrize("parameters", [name for name in SETS if name.endswith("s")])
def test_the_small_sets_sign_what_others_signed(parameters: str) -> None:
    """The one signature that the vectors have of each."""
    files = read_source(next(source for source in sources() if source.name == "peers-slh-dsa"))
    groups = json.loads(files["sigVer/prompt.json"])["testGroups"]
    (test, *_) = next(group["tests"] for group in groups if group["parameterSet"] == parameters)
    ours, sk = PARAMETER_SETS[parameters], bytes.fromhex(test["sk"])
    message, context = bytes.fromhex(test["message"]), bytes.fromhex(test["context"])
    addrnd = sk[2 * ours.n : 3 * ours.n]
    assert ours.sign(sk, message, context=context, addrnd=addrnd).hex() == test["signature"]


def test_the_vectors_are_those_that_the_peers_make(peer: External) -> None:
    """One of them, made anew."""
    files = read_source(next(source for source in sources() if source.name == "peers-slh-dsa"))
    group = json.loads(files["sigGen/prompt.json"])["testGroups"][0]
    (test,) = group["tests"]
    signed = json.loads(files["sigGen/expectedResults.json"])["testGroups"][0]["tests"][0]["signature"]
    asked = {"parameters": group["parameterSet"], **{n: bytes.fromhex(test[n]) for n in ("sk", "message", "context")}}
    assert peer.perform("slh_dsa_sign", asked)["signature"] == bytes.fromhex(signed)
    name = f"{group['parameterSet']} {sorted(PURE.items())} {{}}"
    assert asked["message"] == of(f"message of {name}", 33)
