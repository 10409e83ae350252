"""Many payments that wait at the same time, each on a terminal of its own."""

import sys

from lib import places

sys.path.append(str(places.CHECKOUT))

from sci.client import SciApi  # noqa: E402

#: What mx51 says once the customer has paid.
APPROVED = {
    "status": "FINALISED",
    "message": "(APPROVED) Transaction approved",
    "result_financial_status": "APPROVED",
    "result_amounts": {"purchase_amount": 1250},
}


class Fleet:
    """Payments of the register Front Bar that mx51 knows and has no news of.

    The sandbox has two terminals, one payment each. So these are transactions that a
    busy terminal refused, which the ledger does not know yet: it waits for the version
    after that, and gets it from `approve`.

    :param part_a: of the signing secret
    """

    def __init__(self, shop, size, part_a):
        self.shop, self.sandbox, query = shop, shop.sandbox, shop.database.query
        self.sandbox.post("settings", busy="finalised")
        values = shop.payment()
        shop.start(values)
        (pairing,) = query(
            "SELECT api_base_url, key_id, signing_secret_part_b FROM pos_sci_terminal"
            " WHERE id = %s",
            shop.terminal,
        )
        secret = part_a + pairing["signing_secret_part_b"]
        api = SciApi(pairing["api_base_url"], pairing["key_id"], secret)
        body = {"purchase_details": {"purchase_amount": 1250}}
        refused = [api.create_transaction(body) for _number in range(size)]
        self.sci_ids = [transaction.id for transaction in refused]
        row = shop.database.row(values["payment_uuid"])
        terminals = copied(shop.database, "pos_sci_terminal", shop.terminal, size)
        copies = copied(
            shop.database,
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

    def all_asked(self):
        """Whether all are being asked about by now."""
        ids = [view["id"] for view in self.views]
        return not self.shop.database.query(
            "SELECT 1 FROM pos_sci_transaction WHERE id = ANY(%s)"
            " AND followed_at < now() AT TIME ZONE 'UTC' - interval '30 s'",
            ids,
        )

    def approve(self):
        """News for all of them, at one instant."""
        self.sandbox.post("transactions/play", ids=self.sci_ids, **APPROVED)


def copied(database, table, row_id, size, **changes):
    """Copy a row; `changes` are expressions of SQL by column, in which `number` is
    the copy's. Answers the ids."""
    columns = database.query(
        "SELECT column_name AS name FROM information_schema.columns"
        " WHERE table_name = %s AND column_name <> 'id'",
        table,
    )
    names = [column["name"] for column in columns]
    values = [str(changes.get(name, f"one.{name}")) for name in names]
    found = database.query(
        f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)}"
        f" FROM {table} one, generate_series(1, {size}) number"
        f" WHERE one.id = {row_id} RETURNING id"
    )
    return [row["id"] for row in found]


def _nth(values):
    """Of an array, the element that belongs to the copy."""
    return f"('{{{','.join(map(str, values))}}}'::varchar[])[number]"
