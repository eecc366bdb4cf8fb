"""A bank: accounts in a ledger, and transfers that are confirmed by a one-time password."""
