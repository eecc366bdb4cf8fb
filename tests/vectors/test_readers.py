"""The readers are strict: what a file's kind does not have is an error with its line, never passed over."""

import contextlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectors.cases import Case, VectorFileError
from vectors.readers import UnknownFormat, read_text
from vectors.readers.rsp import parse, records
from vectors.sources import read_source, sources

SHA = '#  "SHA-256 ShortMsg" information\n\n[L = 32]\n\nLen = 8\nMsg = d3\nMD = 28969cdf\n'
GCM = """# GCM Decrypt with keysize 128 test information
[Keylen = 128]
[IVlen = 96]
[PTlen = 0]
[AADlen = 0]
[Taglen = 128]

Count = 0
Key = cf063a34d4a9a76c2c86787d3f96db71
IV = 113b9785971864c83b01c787
CT =
AAD =
Tag = 72ac8493e3a5228b5d130a69d2510e42
"""
CCM = """# "CCM-VTT" information
Alen = 1
Plen = 1
Nlen = 7
[Tlen = 4]
Key = 43b1a6bc8d0d22d6d1ca95c18593cca5
Nonce = 9882578e750b96
Count = 0
Adata = 20
Payload = a2
CT = cc69ed7698
"""


def read(text: str) -> list[Case]:
    return read_text("file", text)


def test_a_file_of_one_case() -> None:
    (case,) = read(SHA)
    assert (case.id, case.algorithm, case.checks[0].inputs["message"]) == ("[L = 32] Len = 8", "SHA-256", b"\xd3")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (SHA.replace("MD", "Salt = 00\nMD"), "line 7: unknown field 'Salt'"),
        (SHA.replace("Msg = d3\n", ""), "line 5: the case that begins here lacks Msg"),
        (SHA.replace("Msg = d3", "Msg = d"), None),  # half a byte has a zero in front: numbers are written so
        (SHA.replace("Msg = d3", "Msg = xy"), "line 5: Msg = 'xy' is not hexadecimal"),
        (SHA.replace("Msg = d3", "Msg = d3d4"), "line 5: Len = 8, but Msg has 16 bits"),
        (SHA.replace("Len = 8", "Len = eight"), "line 5: Len = 'eight' is not a number"),
        (SHA.replace("[L = 32]", "[L = 32]\n[Instruction = no]"), r"line 6: unknown heading \[Instruction = no\]"),
        (GCM, "line 8: expected either a PT or FAIL"),
        (GCM + "PT =\nFAIL\n", "line 8: expected either a PT or FAIL"),
        (GCM.replace("[Taglen = 128]", "[Taglen = 120]") + "PT =\n", "Tag has another length than Taglen = 120"),
        (GCM + "Verdict = good\n", "line 14: unknown field 'Verdict'"),
        (CCM, None),
        (CCM.replace("Plen = 1\n", ""), r"of Alen, Plen, Nlen and Tlen, found \['Alen', 'Nlen', 'Tlen'\]"),
        (CCM.replace("Plen = 1", "Plen = one"), "line 2: Plen = 'one' is not a number"),
        (CCM.replace("Nlen = 7", "Nlen = 8"), "Nonce has another length than Nlen says"),
        (CCM.replace("Nonce = 9882578e750b96\n", ""), "line 7: the case that begins here lacks Nonce"),
        (CCM.replace("Payload = a2\n", ""), "line 8: expected a Payload, or Result = Fail"),
        (CCM + "Result = Perhaps\n", "line 8: expected a Payload, or Result = Fail"),
    ],
)
def test_what_a_reader_refuses(text: str, complaint: str | None) -> None:
    if complaint is None:
        assert len(read(text)) == 1
        return
    with pytest.raises(VectorFileError, match=complaint):
        read(text)


@pytest.mark.parametrize("text", ["", "Dear Sir,\n", "# a comment\n", "[L = 32]\n", "A = 1\n"])
def test_other_texts_are_of_no_known_form(text: str) -> None:
    with pytest.raises(UnknownFormat):
        read(text)


def test_bits_that_are_no_whole_bytes_are_skipped_and_say_so() -> None:
    (case,) = read(SHA.replace("Len = 8", "Len = 5"))
    assert case.skip == "the message has 5 bits; only whole bytes are hashed here"


def test_headings_in_a_row_belong_together_and_shared_fields_last() -> None:
    text = "[A]\n[b = 1]\nN = 7\nCOUNT = 0\nX = 1\n\nCOUNT = 1\nX = 2\n[C]\nCOUNT = 0\nX = 3\n"
    first, second = parse("file", text).sections
    assert (first.title, second.title) == ("[A][b = 1]", "[C]")
    found = list(records(first, required=("COUNT", "X"), shared=("N",)))
    assert [record.values for record in found] == [
        {"N": "7", "COUNT": "0", "X": "1"},
        {"N": "7", "COUNT": "1", "X": "2"},
    ]
    assert found[1].id == "[A][b = 1] COUNT = 1"


@given(st.text(alphabet="COUNTLenMsgMD =\n#[]0123456789abcdef", max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    for start in ("", SHA, GCM, CCM):
        with contextlib.suppress(VectorFileError):  # any other exception fails
            read(start + text)


def test_a_spoiled_line_of_a_real_file_is_named() -> None:
    source = next(source for source in sources() if source.name == "rsa-labs")
    for name, content in read_source(source).items():
        text = content.decode()
        label = re.search(r"# (Message|Message to be (signed|encrypted)):", text)
        assert label is not None
        with pytest.raises(VectorFileError, match=r"line \d+: unknown value 'Recipe' in a file of this kind"):
            read_text(name, text.replace(label[0], "# Recipe:", 1))
