"""Parameter sets whose trees are small: the same code in a fraction of the time. FORS still has 40 bits to sign."""

from primitives.hash_based.hash_functions import SHA2, SHAKE
from primitives.hash_based.parameters import Parameters
from primitives.slh_dsa import SLH_DSA

SMALL = [
    SLH_DSA(f"small {family.__name__}-{8 * n}", Parameters(family(n), h=2, d=2, a=2, k=20, lg_w=2))
    for family in (SHA2, SHAKE)
    for n in (16, 24)
]
