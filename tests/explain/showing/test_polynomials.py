"""Polynomials, vectors and matrices of them in lines."""

from explain.showing.notation import notation, text
from explain.showing.polynomials import lines
from explain.trace import Step, Value

F = tuple(range(1000, 1256))


def test_a_polynomial_is_its_first_coefficients_and_its_last() -> None:
    (line,) = lines(F, width=40)
    assert line == "1000, 1001, 1002, 1003, …, 1254, 1255"
    assert lines((1, 2, 3, 4), width=40) == ["1, 2, 3, 4"]
    assert lines(F, width=None) == [", ".join(map(str, F))]


def test_residues_are_linear_polynomials() -> None:
    (line,) = lines(F, width=45, residues=True)
    assert line == "1000 + 1001X, 1002 + 1003X, …, 1254 + 1255X"
    assert lines((3, 0, 4, 13), width=60, residues=True) == ["3 + 0X, 4 + 13X"]


def test_vectors_and_matrices_have_the_place_of_each_entry() -> None:
    assert lines(((1, 2), (3, 4)), width=40) == ["[0]   1, 2", "[1]   3, 4"]
    matrix = (((1, 2), (3, 4)), ((5, 6), (7, 8)))
    assert lines(matrix, width=40, residues=True) == [
        "[0, 0]   1 + 2X",
        "[0, 1]   3 + 4X",
        "[1, 0]   5 + 6X",
        "[1, 1]   7 + 8X",
    ]
    for line in lines((F, F), width=44):
        assert len(line) <= 44
        assert line.endswith("1254, 1255")


def test_a_step_of_this_form_is_shown_so() -> None:
    def shown(value: Value, form: str) -> str:
        return text(notation(Step("s", value, "FIPS 203 §2.4.4", "because", form=form), width=40))  # type: ignore[arg-type]

    assert shown((1, 2, 3, 4), "polynomial") == "1, 2, 3, 4"
    assert shown((1, 2, 3, 4), "residues") == "1 + 2X, 3 + 4X"
