"""KECCAK-f[1600] on one state, all 25 lanes of which are one integer.

Standard     FIPS 202 §3.2 to §3.4; `sha3.py` has the same, step by step with the standard.
Left out     The steps for a recording. Many states at once: `keccak_messages.py`.
Timing       Takes no branches on data; but which byte of the state goes where is looked up as in a table, and Python's
             integers are not constant-time.

>>> from primitives.sha3 import OFFSETS, RC
>>> hex(permutation(OFFSETS, RC)(0) & 0xffffffffffffffff)     # KeccakF-1600-IntermediateValues.txt, lane A[0, 0]
'0xf1258f7940e1dde7'

An operation on 1,800 bits costs hardly more than one on 64. So each step mapping is done to all lanes together, and
what remains is to move bits between lanes:

- The lanes stand sheet by sheet, A[x, y] at place y + 5x. Then the rows, which χ mixes, run from sheet to sheet: the
  next lane of every row is one shift away. So is the next column for θ.
- ρ and π move bits to other places and nothing else. As far as these moves are of whole bytes, `bytes.translate` does
  all of them at once: it takes the state as its table, and as its text, for each byte of the result, the number of the
  byte that goes there.
- It gives nine bytes for each lane: the lane, and its beginning once more. In these 72 bits, a rotation by less than 8
  is a shift, with nothing to bring round from the other end. The lanes shift by 4 bits, by 2 and by 1, each lane only
  where its offset has that bit.
- 65 bits of a lane remain, of which the last is the first once more. That is what θ needs to rotate by one: all that is
  not to be rotated is shifted the other way, and the offsets of ρ are one more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from primitives.integers import big, big_from_bytes

SLOT = 72  # bits that a lane has for itself: nine bytes
SHEET = 5 * SLOT
STATE = 5 * SHEET
TABLE = 256  # bytes, as `bytes.translate` wants them
SHIFTS = (4, 2, 1)  # bits, which add up to all rotations of less than a byte


def permutation(offsets: Sequence[int], constants: Iterable[int]) -> Callable[[int], int]:
    """Return the function that permutes a state: KECCAK-f[1600].

    offsets: of ρ, for each lane (§3.2.2). constants: of ι, for each round (§3.2.5).

    The function takes and gives the string S of §3.1, as the integer that its 200 bytes spell, the least significant
    first.
    """
    moves, rotations = _moves(offsets)
    in_slots, out_of_slots = _slots()
    move, load, store = moves.translate, in_slots.translate, out_of_slots.translate
    by_4, by_2, by_1 = [_mask([bool(rotation & shift) for rotation in rotations]) for shift in SHIFTS]
    # The lanes A[x, 0] with their 65th bit; a 1 in each slot of a sheet; all slots.
    columns = big(sum(((1 << 65) - 1) << SHEET * x for x in range(5)))
    sheet = big(sum(1 << SLOT * y for y in range(5)))
    everything = big((1 << STATE) - 1)
    rounds = [big(constant | (constant & 1) << 64) for constant in constants]
    slots_2, slots_4, sheets_2, sheets_4_and_1 = 2 * SLOT, 4 * SLOT, 2 * SHEET, 4 * SHEET + 1

    def permute(S: int) -> int:
        A = big_from_bytes(load(int(S).to_bytes(TABLE, "little")), "little")
        for constant in rounds:
            # θ. First C, the sum of the five lanes of a sheet; then C for each lane of its sheet, and all sheets twice.
            pairs = A ^ A >> SLOT
            C = ((pairs ^ pairs >> slots_2 ^ A >> slots_4) & columns) * sheet
            C |= C << STATE
            # D[x] = C[x - 1] ⊕ ROTL(1, C[x + 1]), where C[x - 1] is four sheets further. Not that C is rotated to the
            # left, but A and the other C to the right.
            A = (A >> 1 ^ C >> sheets_4_and_1 ^ C >> SHEET) & everything
            # ρ and π
            A = big_from_bytes(move(A.to_bytes(TABLE, "little")), "little")
            A ^= (A ^ A >> 4) & by_4
            A ^= (A ^ A >> 2) & by_2
            A ^= (A ^ A >> 1) & by_1
            # χ and ι. ¬b ∧ c = c ⊕ (b ∧ c), which needs no negative number.
            twice = A | A << STATE
            c = twice >> sheets_2
            A = (A ^ c ^ twice >> SHEET & c) & everything ^ constant
        return big_from_bytes(store(A.to_bytes(TABLE, "little")), "little")

    return permute


def _moves(offsets: Sequence[int]) -> tuple[bytes, list[int]]:
    """Return where each byte in a slot comes from by ρ and π, and by how much each slot is still to be shifted."""
    moves, rotations = bytearray(), []
    for x in range(5):
        for y in range(5):
            from_x, from_y = (x + 3 * y) % 5, x  # π, §3.2.3
            # Bit i of the lane is bit i - offset of the one it comes from, which stands one bit lower here.
            start = (-offsets[from_x + 5 * from_y] - 1) % 64
            moves += bytes([9 * (from_y + 5 * from_x) + (start // 8 + i) % 8 for i in range(9)])
            rotations.append(start % 8)
    return bytes(moves), rotations


def _slots() -> tuple[bytes, bytes]:
    """Return where each byte comes from when the lanes are put in their slots, and when they are taken out."""
    places = [x + 5 * y for x in range(5) for y in range(5)]  # in S (§3.1.2), of the lane in each slot
    into = bytes([8 * place + i % 8 for place in places for i in range(9)])
    out = bytes([9 * (y + 5 * x) + i for y in range(5) for x in range(5) for i in range(8)])
    return into, out


def _mask(chosen: Iterable[bool]) -> int:
    """Return a mask of the slots that are chosen."""
    return big(sum(((1 << SLOT) - 1) << SLOT * slot for slot, is_chosen in enumerate(chosen) if is_chosen))
