"""The bank's server: the door through which customers come, many at a time, each in a thread and with time limits."""

from __future__ import annotations

from contextlib import closing

from demo.bank.ledger import Ledger
from demo.bank.money import show_amount
from demo.bank.teller import BankTeller
from demo.enrolling.applicant import Application, obtain_identity
from demo.facts.certificates import common_name
from demo.party.address import Address
from demo.party.configurations import server_configuration
from demo.party.connections import serve_for_ever
from demo.party.dialogue import Dialogue
from demo.party.listening import begin_to_listen, bound_socket
from demo.party.party import Party
from handshake.stream import Stream

LEDGER_FILE = "ledger.db"


def run_bank(party: Party, *, listen: Address, application: Application) -> None:
    """Run the bank for ever; raise one of `failure.ERRORS` if it cannot begin."""
    identity = obtain_identity(party, application)
    with closing(Ledger(party.folder / LEDGER_FILE, random_bytes=party.world.random_bytes("ledger"))) as ledger:
        summary = ledger.check()
        party.report("ledger", customers=summary.customers, postings=summary.postings, owed=show_amount(summary.owed))
        configuration = server_configuration(party, identity)

        def handle(stream: Stream) -> None:
            chain = stream.peer_chain
            if chain is None:  # the configuration requires a certificate
                raise RuntimeError("a customer without a certificate was let in")
            name = common_name(chain[0])
            BankTeller(ledger, name, now=party.world.now, report=party.report).serve(Dialogue(stream, other=name))

        with bound_socket(listen) as listener, identity.crls.kept_fresh():
            party.report("listening", address=str(begin_to_listen(listener, timeout=None)))
            serve_for_ever(party, listener, configuration, handle)
