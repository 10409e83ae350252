"""The first three records side by side: mx51's charges, the ledger, Odoo's orders;
``books.py`` has the others.

What guards the addon, and the checks that find something without it:

- a create without an answer is never sent again (``sci/client.py``): "charge without a
  row", "charged twice"
- a create without an answer does not count as refused: the same
- an order whose answer was lost is recognised by its uuid: "stuck"
- an override is reviewed if mx51 contradicts it or can never confirm it, also after a
  crash: "wrong outcome, no review"
- the browser polls until the row is resolved (``SciPayment``): "wrong in the browser"

A second create for one row is also stopped by the compare-and-set of ``sending``, which
``test_crash.py`` covers.
"""

from collections import Counter, defaultdict

from .cashier import LONGEST

#: What must be 0, and what it means.
CHECKS = {
    "charge without a row": "mx51 charged; no paid row of the ledger knows of it",
    "row without a charge": "the ledger says paid; mx51 charged nothing",
    "order without approval": "paid by card in Odoo; no approval and no override",
    "approval without order": "paid; in no finished order, and no review item",
    "charged twice": "more than one charge for one payment",
    "sent twice": "mx51 took more creates than rows have left",
    "other amount": "ledger, order or charge differ, and no review item",
    "stuck": "still unresolved the next day, or a sale that does not end",
    "wrong in the browser": "ended in a tab in another way than in the ledger",
    "error": "Odoo refused a request of a register with anything but a sentence",
    "wrong outcome, no review": "stated wrongly of a row with an id, unnoticed",
}
_SENTENCES = "odoo.exceptions."


class Comparison:
    """:param sales: finished :class:`.cashier.Sale`"""

    def __init__(self, installation, database, sales):
        self.found = {check: [] for check in CHECKS}
        self.sales = sales
        self.wrong_without_id = 0
        self._rows = _grouped(
            database.query(
                "SELECT it.*, it.pairing_id = terminal.pairing_id AS same_pairing"
                " FROM pos_sci_transaction it"
                " JOIN pos_sci_terminal terminal ON terminal.id = it.terminal_id"
                " ORDER BY it.attempt"
            ),
            "payment_uuid",
        )
        self._reviews = _grouped(
            database.query("SELECT * FROM pos_sci_review"), "transaction_id"
        )
        self._reviewed_uuids = {
            item["payment_uuid"] for items in self._reviews.values() for item in items
        }
        self._payments = _grouped(
            database.query(
                "SELECT p.uuid, p.amount, o.state, o.uuid AS order_uuid"
                " FROM pos_payment p JOIN pos_order o ON o.id = p.pos_order_id"
                " JOIN pos_payment_method m ON m.id = p.payment_method_id"
                " WHERE m.use_payment_terminal = 'mx51_sci'"
            ),
            "uuid",
        )
        self._transactions = defaultdict(list)
        for it in installation.ask_sandbox("get", "transactions"):
            self._transactions[it["kind"], sum(it["amounts"].values())].append(it)
        self._charged, self._amounts = Counter(), {}
        for charge in installation.ask_sandbox("charges"):
            sign = 1 if charge["outcome"] == "approved" else -1
            self._charged[charge["transaction_id"]] += sign
            self._amounts[charge["transaction_id"]] = sum(charge["amounts"].values())
        for sale in sales:
            self._compare(sale)

    @property
    def bad(self):
        return sum(map(len, self.found.values()))

    def _compare(self, sale):
        rows = self._rows[sale.payment_uuid]
        payments = self._payments[sale.payment_uuid]
        taken = self._transactions[sale.plan.kind, sale.plan.cents]
        charges = {it["id"] for it in taken if self._charged[it["id"]] > 0}
        stated = {row["id"]: row["override_outcome"] for row in rows}
        wrong = {
            row_id
            for row_id, answer, truth in sale.answers
            if answer != truth and stated[row_id] == ("yes" if answer else "no")
        }
        paid = [row for row in rows if _is_paid(row)]

        def note(check, condition):
            if condition:
                self.found[check].append(sale)

        note("sent twice", len(taken) > sum(bool(row["sent_at"]) for row in rows))
        undone = (None, "left") if sale.plan.doors else (None, "left", "not saved")
        ended = sale.outcome not in undone
        in_time = sale.took < LONGEST
        note("stuck", not ended or not in_time or any(map(_is_open, rows)))
        refusals = sale.refusals + sale.order.refusals
        note("error", [text for text in refusals if not text.startswith(_SENTENCES)])
        if not wrong:
            known = {row["sci_id"] for row in paid}
            without_id = sum(not row["sci_id"] for row in paid)
            note("charge without a row", len(charges - known) > without_id)
            unfounded = [row for row in paid if row["sci_id"] not in {None, *charges}]
            note("row without a charge", unfounded or len(paid) > len(charges))
            note("charged twice", len(charges) > 1)
        by_id = {row["id"]: row for row in rows}
        self._compare_overrides(sale, wrong, by_id)
        note("wrong in the browser", any(_is_wrong(it, by_id) for it in sale.ended))
        finished = [it for it in payments if it["state"] not in ("draft", "cancel")]
        is_seen = sale.payment_uuid in self._reviewed_uuids
        note("order without approval", finished and not paid and not is_seen)
        note(
            "approval without order",
            not finished and any(not self._reviewed(row["id"]) for row in paid),
        )
        sign = -1 if sale.plan.kind == "refund" else 1
        for row in paid:
            amount = self._amounts.get(row["sci_id"], sale.plan.cents)
            result = row["result_amounts"] or row["amounts"]
            surcharge = result.get("surcharge_amount", 0)
            differs = (
                any(round(it["amount"] * 100) != sign * amount for it in payments)
                or sum(result.values()) != amount
                or amount - surcharge != sale.plan.cents
            )
            note("other amount", differs and not self._reviewed(row["id"]))

    def _compare_overrides(self, sale, wrong, rows):
        for row_id in wrong:
            kinds = {item["kind"] for item in self._reviews[row_id]}
            if not rows[row_id]["sci_id"]:
                self.wrong_without_id += 1
            elif not kinds & {"contradicted", "day_without_answer", "unverified"}:
                self.found["wrong outcome, no review"].append(sale)

    def _reviewed(self, row_id):
        return bool(self._reviews[row_id])

    def lines(self):
        """The table, then all that is known about each find."""
        for check, explained in CHECKS.items():
            yield f"  {check:<24}{len(self.found[check]):>5}   {explained}"
        for check, sales in self.found.items():
            for sale in sales:
                yield f"\n  {check}: payment {sale.plan.number} ({sale.outcome})"
                yield f"    {sale.plan}"
                yield f"    stated {sale.answers}, errors {sale.errors}"
                yield f"    refused {sale.refusals + sale.order.refusals}"
                for row in self._rows[sale.payment_uuid]:
                    facts = {name: row[name] for name in _SHOWN}
                    yield f"    row {facts}"
                for it in self._transactions[sale.plan.kind, sale.plan.cents]:
                    net = self._charged[it["id"]]
                    yield f"    mx51 {it['id']} {it['financial_status']} charged {net}"


_SHOWN = (
    *("id", "attempt", "status", "financial_status", "sci_id", "version"),
    *("error_code", "override_outcome", "create_date", "sent_at", "finalised_at"),
    *("followed_at", "is_lost", "same_pairing"),
)


def _grouped(records, key):
    groups = defaultdict(list)
    for record in records:
        groups[record[key]].append(record)
    return groups


def _is_wrong(payment, rows):
    """Whether a payment has ended in a tab although its row says something else."""
    if not payment.view:
        return not payment.error
    row = rows[payment.view["id"]]
    differs = not row["override_outcome"] and payment.paid != _is_paid(row)
    return payment.view["unresolved"] or differs


def _is_paid(row):
    return row["override_outcome"] == "yes" or row["financial_status"] == "APPROVED"


def _is_open(row):
    return (
        not row["override_outcome"]
        and not row["given_up"]
        and (
            row["status"] not in ("FINALISED", "not_sent")
            or row["financial_status"] == "UNKNOWN"
        )
    )
