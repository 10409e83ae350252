"""Many payments that wait at the same time, each on a terminal of its own."""

#: What mx51 answers once the customer has paid.
APPROVED = {
    "status": "FINALISED",
    "message": "(APPROVED) Transaction approved",
    "result_financial_status": "APPROVED",
    "result_amounts": {"purchase_amount": 1250},
}


class WaitingPayments:
    """Payments of the register Front Bar that mx51 knows and has no news of.

    Each of the sandbox's terminals takes one payment at a time. So these are
    transactions that a busy terminal refused, which the ledger does not know yet: it
    waits for the next version, and gets it from `approve`.
    """

    def __init__(self, shop, size):
        self.shop, self.sandbox, query = shop, shop.sandbox, shop.database.query
        self.sandbox.set(busy="finalised")
        values = shop.payment()
        shop.start(values)
        api = shop.sci_api()
        body = {"purchase_details": {"purchase_amount": 1250}}
        refused = [api.create_transaction(body) for _number in range(size)]
        self.sci_ids = [transaction.id for transaction in refused]
        row = shop.database.row(values["payment_uuid"])
        terminals = shop.database.copy("pos_sci_terminal", shop.terminal, size)
        copies = shop.database.copy(
            "pos_sci_transaction",
            row["id"],
            size,
            payment_uuid="gen_random_uuid()",
            order_uuid="gen_random_uuid()",
            sci_id=_nth(self.sci_ids),
            terminal_id=f"{_nth(terminals)}::integer",
            status="'PENDING'",
            followed_at="now() AT TIME ZONE 'UTC' - interval '40 s'",
            version=refused[0].version,
        )
        self.views = query(
            "SELECT id, version FROM pos_sci_transaction WHERE id = ANY(%s)", copies
        )

    def all_polled(self):
        """Whether each of them has been polled by now."""
        ids = [view["id"] for view in self.views]
        return not self.shop.database.query(
            "SELECT 1 FROM pos_sci_transaction WHERE id = ANY(%s)"
            " AND followed_at < now() AT TIME ZONE 'UTC' - interval '30 s'",
            ids,
        )

    def approve(self):
        """A new version for all of them, at one instant."""
        self.sandbox.post("transactions/play", ids=self.sci_ids, **APPROVED)


def _nth(values):
    """SQL: the element of an array that belongs to the copy."""
    return f"('{{{','.join(map(str, values))}}}'::varchar[])[number]"
