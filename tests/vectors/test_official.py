"""All vectors of vectors/data, through the loaders that `python -m vectors` uses; a test is a file of the source.

The everyday run takes some cases of each file, evenly spaced, and two of a Monte Carlo chain; the long run takes all,
but of the chains, in which a case is a thousand digests, a share.
"""

from functools import cache

import pytest

from tests.support.shares import share
from vectors.cases import Case, Outcome, Result
from vectors.explain import explain
from vectors.judge import Judge, shown
from vectors.operations import perform
from vectors.own import cases_of
from vectors.readers import read_text
from vectors.sources import Source, SourceFile, read_source, sources

FILES = [
    pytest.param(source, file, id=f"{source.name}/{file.name}")
    for source in sources()
    for file in source.files
    if file.cases
]

# Monte Carlo chains of hash functions that differ from others only in how they begin and end; many iterations or
# a large table; a recording of 84,000 steps, where two smaller ones are recorded; and signatures of SLH-DSA.
LONG = {
    "nist-sha2/SHA224Monte.rsp", "nist-sha2/SHA384Monte.rsp", "nist-sha2/SHA512_224Monte.rsp",
    "nist-sha2/SHA512_256Monte.rsp", "nist-sha3/SHA3/SHA3_224Monte.rsp", "nist-sha3/SHA3/SHA3_384Monte.rsp",
    "nist-sha3/SHA3/SHA3_512Monte.rsp", "nist-sha3/SHAKE/SHAKE256Monte.rsp", "rfc/KDF/rfc-6070-PBKDF2-SHA1.txt",
    "rfc/KDF/scrypt.txt", "cctv-ml-kem/intermediate/ML-KEM-1024.txt",
    "nist-acvp-slh-dsa/SLH-DSA-keyGen-FIPS205/prompt.json", "peers-slh-dsa/sigGen/prompt.json",
    "peers-slh-dsa/sigVer/prompt.json",
}  # fmt: skip
"""Files of which the everyday run only counts the cases."""


@cache
def contents(source: Source) -> dict[str, bytes]:
    return read_source(source)


def load(source: Source, file: SourceFile) -> list[Case]:
    return cases_of(source, file, contents(source))


def told(result: Result) -> str:
    case = result.case
    return f"{case.source} {case.id} {case.comment}: {result.reason} ({result.expected} / {result.actual})"


def is_chain(cases: list[Case]) -> bool:
    return any(case.follows for case in cases)


def run(cases: list[Case]) -> None:
    judge = Judge(perform, explain)
    results = [judge.judge(case) for case in cases]
    wrong = [result for result in results if result.outcome is not Outcome.PASSED]
    assert not wrong, "\n".join([f"{len(wrong)} of {len(results)} do not hold", *map(told, wrong[:20])])


@pytest.mark.parametrize(("source", "file"), FILES)
def test_a_sample_of_every_file(source: Source, file: SourceFile) -> None:
    cases = load(source, file)
    assert len({case.id for case in cases}) == len(cases) == file.cases
    if f"{source.name}/{file.name}" in LONG:
        return
    if is_chain(cases):
        run(cases[:2])
    else:
        most = 1 if "monte_carlo" in cases[0].checks[0].operation else 10
        run(cases[:: -(-len(cases) // most)])


@pytest.mark.slow
@pytest.mark.parametrize(("source", "file"), FILES)
def test_every_file_whole(source: Source, file: SourceFile) -> None:
    cases = load(source, file)
    run(share(cases, 10, of=file.name) if is_chain(cases) else cases)


def test_a_wrong_expectation_is_found() -> None:
    source = next(source for source in sources() if source.name == "nist-sha2")
    cases = load(source, source.files[0])
    content = contents(source)[source.files[0].name].decode()
    digest = cases[3].checks[0].outputs["digest"]
    spoiled = read_text("spoiled", content.replace(shown(digest), "00" * 28))
    with pytest.raises(AssertionError, match=r"1 of 65 do not hold\n.*Len = 24"):
        run(spoiled)
