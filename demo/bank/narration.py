"""What the bank and its customers tell about what they do, as `demo.stage.narration` wants it."""

NARRATION = {
    "ledger": "has checked its ledger: {postings} postings, {customers} customers. It balances, and owes {owed}.",
    "bank done": "has done the {done} of {customer}, number {number}.",
    "bank ordered": "has sent {customer} a one-time password, which is for {amount} to {payee}.",
    "bank refused": "has refused {customer}: {reason}.",
    "holds": "has {balance} in the account.",
    "done by deposit": "has put {amount} into the account (number {number}). There is {balance} in it now.",
    "done by withdraw": "has taken {amount} out of the account (number {number}). There is {balance} in it now.",
    "done by transfer": "has transferred {amount} (number {number}). There is {balance} in the account now.",
    "otp arrived": "gets a message from the bank:",
    "refused by the bank": "is told: {reason}.",
    "goodbye": "says goodbye.",
}
