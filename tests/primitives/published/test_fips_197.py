"""FIPS 197 (2001) appendix B and appendix C: every value that these print, beside the step of that name."""

from __future__ import annotations

import pytest

from primitives.aes import AES
from tests.primitives.support.published_steps import named, recorded

# FIPS 197 (2001) appendix B, the Cipher Example: for each round the square at its start, after SubBytes, after
# ShiftRows and after MixColumns, and its round key; each square as its columns, one after the other.
APPENDIX_B = """
                                 193de3bea0f4e22b9ac68d2ae9f84808 d42711aee0bf98f1b8b45de51e415230
d4bf5d30e0b452aeb84111f11e2798e5 046681e5e0cb199a48f8d37a2806264c a0fafe1788542cb123a339392a6c7605
                                 a49c7ff2689f352b6b5bea43026a5049 49ded28945db96f17f39871a7702533b
49db873b453953897f02d2f177de961a 584dcaf11b4b5aacdbe7caa81b6bb0e5 f2c295f27a96b9435935807a7359f67f
                                 aa8f5f0361dde3ef82d24ad26832469a ac73cf7befc111df13b5d6b545235ab8
acc1d6b8efb55a7b1323cfdf457311b5 75ec0993200b633353c0cf7cbb25d0dc 3d80477d4716fe3e1e237e446d7a883b
                                 486c4eee671d9d0d4de3b138d65f58e7 52502f2885a45ed7e311c807f6cf6a94
52a4c89485116a28e3cf2fd7f6505e07 0fd6daa9603138bf6fc0106b5eb31301 ef44a541a8525b7fb671253bdb0bad00
                                 e0927fe8c86363c0d9b1355085b8be01 e14fd29be8fbfbba35c89653976cae7c
e1fb967ce8c8ae9b356cd2ba974ffb53 25d1a9adbd11d168b63a338e4c4cc0b0 d4d1c6f87c839d87caf2b8bc11f915bc
                                 f1006f55c1924cef7cc88b325db5d50c a163a8fc784f29df10e83d234cd503fe
a14f3dfe78e803fc10d5a8df4c632923 4b868d6d2c4a8980339df4e837d218d8 6d88a37a110b3efddbf98641ca0093fd
                                 260e2e173d41b77de86472a9fdd28b25 f7ab31f02783a9ff9b4340d354b53d3f
f783403f27433df09bb531ff54aba9d3 1415b5bf461615ec274656d7342ad843 4e54f70e5f5fc9f384a64fb24ea6dc4f
                                 5a4142b11949dc1fa3e019657a8c040c be832cc8d43b86c00ae1d44dda64f2fe
be3bd4fed4e1f2c80a642cc0da83864d 00512fd1b1c889ff54766dcdfa1b99ea ead27321b58dbad2312bf5607f8d292f
                                 ea835cf00445332d655d98ad8596b0c5 87ec4a8cf26ec3d84d4c46959790e7a6
876e46a6f24ce78c4d904ad897ecc395 473794ed40d4e4a5a3703aa64c9f42bc ac7766f319fadc2128d12941575c006e
                                 eb40f21e592e38848ba113e71bc342d2 e9098972cb31075f3d327d94af2e2cb5
e9317db5cb322c723d2e895faf090794                                  d014f9a8c9ee2589e13f0cc8b6630ca6
"""

# FIPS 197 (2001) appendix C.1 to appendix C.3: for each round, start, s_box, s_row, m_col and k_sch.
APPENDIX_C = {
    16: """
00102030405060708090a0b0c0d0e0f0 63cab7040953d051cd60e0e7ba70e18c 6353e08c0960e104cd70b751bacad0e7
                                 5f72641557f5bc92f7be3b291db9f91a d6aa74fdd2af72fadaa678f1d6ab76fe
89d810e8855ace682d1843d8cb128fe4 a761ca9b97be8b45d8ad1a611fc97369 a7be1a6997ad739bd8c9ca451f618b61
                                 ff87968431d86a51645151fa773ad009 b692cf0b643dbdf1be9bc5006830b3fe
4915598f55e5d7a0daca94fa1f0a63f7 3b59cb73fcd90ee05774222dc067fb68 3bd92268fc74fb735767cbe0c0590e2d
                                 4c9c1e66f771f0762c3f868e534df256 b6ff744ed2c2c9bf6c590cbf0469bf41
fa636a2825b339c940668a3157244d17 2dfb02343f6d12dd09337ec75b36e3f0 2d6d7ef03f33e334093602dd5bfb12c7
                                 6385b79ffc538df997be478e7547d691 47f7f7bc95353e03f96c32bcfd058dfd
247240236966b3fa6ed2753288425b6c 36400926f9336d2d9fb59d23c42c3950 36339d50f9b539269f2c092dc4406d23
                                 f4bcd45432e554d075f1d6c51dd03b3c 3caaa3e8a99f9deb50f3af57adf622aa
c81677bc9b7ac93b25027992b0261996 e847f56514dadde23f77b64fe7f7d490 e8dab6901477d4653ff7f5e2e747dd4f
                                 9816ee7400f87f556b2c049c8e5ad036 5e390f7df7a69296a7553dc10aa31f6b
c62fe109f75eedc3cc79395d84f9cf5d b415f8016858552e4bb6124c5f998a4c b458124c68b68a014b99f82e5f15554c
                                 c57e1c159a9bd286f05f4be098c63439 14f9701ae35fe28c440adf4d4ea9c026
d1876c0f79c4300ab45594add66ff41f 3e175076b61c04678dfc2295f6a8bfc0 3e1c22c0b6fcbf768da85067f6170495
                                 baa03de7a1f9b56ed5512cba5f414d23 47438735a41c65b9e016baf4aebf7ad2
fde3bad205e5d0d73547964ef1fe37f1 5411f4b56bd9700e96a0902fa1bb9aa1 54d990a16ba09ab596bbf40ea111702f
                                 e9f74eec023020f61bf2ccf2353c21c7 549932d1f08557681093ed9cbe2c974e
bd6e7c3df2b5779e0b61216e8b10b689 7a9f102789d5f50b2beffd9f3dca4ea7 7ad5fda789ef4e272bca100b3d9ff59f
                                                                  13111d7fe3944a17f307a78b4d2b30c5
69c4e0d86a7b0430d8cdb78070b4c55a
""",
    24: """
00102030405060708090a0b0c0d0e0f0 63cab7040953d051cd60e0e7ba70e18c 6353e08c0960e104cd70b751bacad0e7
                                 5f72641557f5bc92f7be3b291db9f91a 10111213141516175846f2f95c43f4fe
4f63760643e0aa85aff8c9d041fa0de4 84fb386f1ae1ac977941dd70832dd769 84e1dd691a41d76f792d389783fbac70
                                 9f487f794f955f662afc86abd7f1ab29 544afef55847f0fa4856e2e95c43f4fe
cb02818c17d2af9c62aa64428bb25fd7 1f770c64f0b579deaaac432c3d37cf0e 1fb5430ef0accf64aa370cde3d77792c
                                 b7a53ecbbf9d75a0c40efc79b674cc11 40f949b31cbabd4d48f043b810b7b342
f75c7778a327c8ed8cfebfc1a6c37f53 684af5bc0acce85564bb0878242ed2ed 68cc08ed0abbd2bc642ef555244ae878
                                 7a1e98bdacb6d1141a6944dd06eb2d3e 58e151ab04a2a5557effb5416245080c
22ffc916a81474416496f19c64ae2532 9316dd47c2fa92834390a1de43e43f23 93faa123c2903f4743e4dd83431692de
                                 aaa755b34cffe57cef6f98e1f01c13e6 2ab54bb43a02f8f662e3a95d66410c08
80121e0776fd1d8a8d8c31bc965d1fee cdc972c53854a47e5d64c765904cc028 cd54c7283864c0c55d4c727e90c9a465
                                 921f748fd96e937d622d7725ba8ba50c f501857297448d7ebdf1c6ca87f33e3c
671ef1fd4e2a1e03dfdcb1ef3d789b30 8572a1542fe5727b9e86c8df27bc1404 85e5c8042f8614549ebca17b277272df
                                 e913e7b18f507d4b227ef652758acbcc e510976183519b6934157c9ea351f1e0
0c0370d00c01e622166b8accd6db3a2c fe7b5170fe7c8e93477f7e4bf6b98071 fe7c7e71fe7f807047b95193f67b8e4b
                                 6cf5edf996eb0a069c4ef21cbfc25762 1ea0372a995309167c439e77ff12051e
7255dad30fb80310e00d6c6b40d0527c 40fc5766766c7bcae1d7507f09700010 406c501076d70066e17057ca09fc7b7f
                                 7478bcdce8a50b81d4327a9009188262 dd7e0e887e2fff68608fc842f9dcc154
a906b254968af4e9b4bdb2d2f0c44336 d36f3720907ebf1e8d7a37b58c1c1a05 d37e3705907a1a208d1c371e8c6fbfb5
                                 0d73cc2d8f6abe8b0cf2dd9bb83d422e 859f5f237a8d5a3dc0c02952beefd63a
88ec930ef5e7e4b6cc32f4c906d29414 c4cedcabe694694e4b23bfdd6fb522fa c494bffae62322ab4bb5dc4e6fce69dd
                                 71d720933b6d677dc00b8f28238e0fb7 de601e7827bcdf2ca223800fd8aeda32
afb73eeb1cd1b85162280f27fb20d585 79a9b2e99c3e6cd1aa3476cc0fb70397 793e76979c3403e9aab7b2d10fa96ccc
                                                                  a4970a331a78dc09c418c271e3a41d5d
dda97ca4864cdfe06eaf70a0ec0d7191
""",
    32: """
00102030405060708090a0b0c0d0e0f0 63cab7040953d051cd60e0e7ba70e18c 6353e08c0960e104cd70b751bacad0e7
                                 5f72641557f5bc92f7be3b291db9f91a 101112131415161718191a1b1c1d1e1f
4f63760643e0aa85efa7213201a4e705 84fb386f1ae1ac97df5cfd237c49946b 84e1fd6b1a5c946fdf4938977cfbac23
                                 bd2a395d2b6ac438d192443e615da195 a573c29fa176c498a97fce93a572c09c
1859fbc28a1c00a078ed8aadc42f6109 adcb0f257e9c63e0bc557e951c15ef01 ad9c7e017e55ef25bc150fe01ccb6395
                                 810dce0cc9db8172b3678c1e88a1b5bd 1651a8cd0244beda1a5da4c10640bade
975c66c1cb9f3fa8a93a28df8ee10f63 884a33781fdb75c2d380349e19f876fb 88db34fb1f807678d3f833c2194a759e
                                 b2822d81abe6fb275faf103a078c0033 ae87dff00ff11b68a68ed5fb03fc1567
1c05f271a417e04ff921c5c104701554 9c6b89a349f0e18499fda678f2515920 9cf0a62049fd59a399518984f26be178
                                 aeb65ba974e0f822d73f567bdb64c877 6de1f1486fa54f9275f8eb5373b8518d
c357aae11b45b7b0a2c7bd28a8dc99fa 2e5bacf8af6ea9e73ac67a34c286ee2d 2e6e7a2dafc6eef83a86ace7c25ba934
                                 b951c33c02e9bd29ae25cdb1efa08cc7 c656827fc9a799176f294cec6cd5598b
7f074143cb4e243ec10c815d8375d54c d2c5831a1f2f36b278fe0c4cec9d0329 d22f0c291ffe031a789d83b2ecc5364c
                                 ebb19e1c3ee7c9e87d7535e9ed6b9144 3de23a75524775e727bf9eb45407cf39
d653a4696ca0bc0f5acaab5db96c5e7d f6ed49f950e06576be74624c565058ff f6e062ff507458f9be50497656ed654c
                                 5174c8669da98435a8b3e62ca974a5ea 0bdc905fc27b0948ad5245a4c1871c2f
5aa858395fd28d7d05e1a38868f3b9c5 bec26a12cfb55dff6bf80ac4450d56a6 beb50aa6cff856126b0d6aff45c25dc4
                                 0f77ee31d2ccadc05430a83f4ef96ac3 45f5a66017b2d387300d4d33640a820a
4a824851c57e7e47643de50c2af3e8c9 d61352d1a6f3f3a04327d9fee50d9bdd d6f3d9dda6279bd1430d52a0e513f3fe
                                 bd86f0ea748fc4f4630f11c1e9331233 7ccff71cbeb4fe5413e6bbf0d261a7df
c14907f6ca3b3aa070e9aa313b52b5ec 783bc54274e280e0511eacc7e200d5ce 78e2acce741ed5425100c5e0e23b80c7
                                 af8690415d6e1dd387e5fbedd5c89013 f01afafee7a82979d7a5644ab3afe640
5f9c6abfbac634aa50409fa766677653 cfde0208f4b418ac5309db5c338538ed cfb4dbedf4093808538502ac33de185c
                                 7427fae4d8a695269ce83d315be0392b 2541fe719bf500258813bbd55a721c0a
516604954353950314fb86e401922521 d133f22a1aed2a7bfa0f44697c4f3ffd d1ed44fd1a0f3f2afa4ff27b7c332a69
                                 2c21a820306f154ab712c75eee0da04f 4e5a6699a9f24fe07e572baacdf8cdea
627bceb9999d5aaac945ecf423f56da5 aa218b56ee5ebeacdd6ecebf26e63c06 aa5ece06ee6e3c56dde68bac2621bebf
                                                                  24fc79ccbf0979e9371ac23c6d68de36
8ea2b7ca516745bfeafc49904b496089
""",
}

STEPS = ("start", "s_box", "s_row", "m_col", "k_sch")


def printed(rounds: int) -> list[str]:
    """The names of the values of the rounds, in the order in which they are printed."""
    names = [f"round[{i}].{step}" for i in range(1, rounds + 1) for step in STEPS]
    return [name for name in names if name != f"round[{rounds}].m_col"]  # the last round mixes no columns


def test_appendix_b() -> None:
    key, block = bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c"), bytes.fromhex("3243f6a8885a308d313198a2e0370734")
    steps = recorded(lambda: AES(key).encrypt_block(block))
    assert named(steps, "round[0].input") == [block]
    assert named(steps, "round[0].k_sch") == [key]
    for name, value in zip(printed(10), APPENDIX_B.split(), strict=True):
        assert named(steps, name) == [bytes.fromhex(value)], name
    assert named(steps, "round[10].output") == [bytes.fromhex("3925841d02dc09fbdc118597196a0b32")]


@pytest.mark.parametrize(("length", "rounds"), [(16, 10), (24, 12), (32, 14)])
def test_appendix_c(length: int, rounds: int) -> None:
    key, block = bytes(range(length)), bytes.fromhex("00112233445566778899aabbccddeeff")
    *values, output = APPENDIX_C[length].split()
    steps = recorded(lambda: AES(key).encrypt_block(block))
    assert named(steps, "round[0].input") == [block]
    assert named(steps, "round[0].k_sch") == [key[:16]]
    for name, value in zip(printed(rounds), values, strict=True):
        assert named(steps, name) == [bytes.fromhex(value)], name
    assert named(steps, f"round[{rounds}].output") == [bytes.fromhex(output)]


@pytest.mark.parametrize(("length", "rounds"), [(16, 10), (24, 12), (32, 14)])
def test_appendix_c_of_the_inverse_cipher(length: int, rounds: int) -> None:
    """It prints the same squares the other way round: istart of round i is the cipher's s_row of round Nr - i + 1."""
    *values, output = APPENDIX_C[length].split()
    forward = dict(zip(printed(rounds), values, strict=True))
    steps = recorded(lambda: AES(bytes(range(length))).decrypt_block(bytes.fromhex(output)))
    assert named(steps, "round[0].iinput") == [bytes.fromhex(output)]
    assert named(steps, "round[0].ik_sch") == [bytes.fromhex(forward[f"round[{rounds}].k_sch"])]
    for i in range(1, rounds + 1):
        for ours, theirs in (("istart", "s_row"), ("is_row", "s_box"), ("is_box", "start")):
            assert named(steps, f"round[{i}].{ours}") == [bytes.fromhex(forward[f"round[{rounds - i + 1}].{theirs}"])]
        if i < rounds:
            assert named(steps, f"round[{i}].ik_sch") == [bytes.fromhex(forward[f"round[{rounds - i}].k_sch"])]
            assert named(steps, f"round[{i}].ik_add") == [bytes.fromhex(forward[f"round[{rounds - i}].m_col"])]
    assert named(steps, f"round[{rounds}].ioutput") == [bytes.fromhex("00112233445566778899aabbccddeeff")]
