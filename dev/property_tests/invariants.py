"""What must hold of the ledger after each step."""

from collections import Counter, defaultdict

from hypothesis.stateful import invariant
from rows import given_up, occupying, paid, unresolved
from service import FINAL, Says

ENDED = ("FINALISED", "not_sent")
REQUESTED = (
    *("payment_uuid", "attempt", "order_uuid", "kind", "amounts", "terminal_id"),
    *("pairing_id", "company_id", "currency_id", "exponent", "original_id"),
)
RESULT = ("status", "financial_status", "version", "result_amounts")
OVERRIDE = ("outcome", "user_id", "at", "reason")
#: What a row can't become any more.
NEVER_AGAIN = {
    "draft": (),
    "sending": ("draft",),
    "PENDING": ("draft", "sending", "unknown", "not_sent"),
    "AWAITING_POS": ("draft", "sending", "unknown", "not_sent"),
    "unknown": ("draft", "sending", "not_sent"),
}


class Invariants:
    """Checks for a state machine that has ``rows``, ``service`` and ``_read``."""

    @invariant()
    def invariants(self):
        before, self.rows = self.rows, self._read()
        assert set(before) <= set(self.rows), "a row is gone"
        for row_id, row in self.rows.items():
            if row_id in before:
                self._goes_on(before[row_id], row)
                self._override_is_right(before[row_id], row)
            self._was_said(row)
            self._posts_once(row)
        self._one_of_each()
        self._refunds_are_covered()

    def _goes_on(self, before, after):
        for name in REQUESTED:
            assert after[name] == before[name], f"{name} has changed"
        assert after["version"] >= before["version"]
        assert before["sci_id"] in (None, after["sci_id"])
        if before["status"] in ENDED:
            assert [after[n] for n in RESULT] == [before[n] for n in RESULT]
        else:
            assert after["status"] not in NEVER_AGAIN[before["status"]]

    def _was_said(self, row):
        """A result is what mx51 has said about this transaction, or nothing."""
        if row["version"]:
            state = row["version"], row["status"], row["financial_status"]
            assert state in self.service.said[row["sci_id"]]
        else:
            assert not row["financial_status"] and row["status"] not in FINAL
            assert row["status"] in ("draft", "sending", "unknown", "not_sent")
        if row["status"] == "not_sent":
            answers = self.service.created[row["id"]]
            assert all(not isinstance(a, Says) and a.refuses for a in answers)

    def _posts_once(self, row):
        service, sci_id = self.service, row["sci_id"]
        assert len(service.created[row["id"]]) <= 1
        assert not service.created[row["id"]] or row["sent_at"]
        # Without a refusal, only a person has it sent again.
        spent = len([refused for refused in service.cancels[sci_id] if not refused])
        assert spent <= max(self.presses[row["id"]], 1)
        for (about, _version), refused in service.submits.items():
            assert about != sci_id or all(refused[:-1])

    def _one_of_each(self):
        rows = self.rows.values()
        taken = Counter(row["terminal_id"] for row in rows if occupying(row))
        assert all(count == 1 for count in taken.values())
        # Who was told No by a person may be told otherwise by the bank: a review.
        sold = Counter(
            row["payment_uuid"]
            for row in rows
            if paid(row)
            and row["override_outcome"] != "no"
            and (row["override_outcome"] or not row["given_up"])
        )
        assert all(count == 1 for count in sold.values())
        for row in rows:
            if row["override_outcome"] == "no" and paid(row):
                assert "contradicted" in self._reviews(row)

    def _override_is_right(self, before, row):
        if before["override_outcome"]:
            for name in OVERRIDE:
                name = f"override_{name}"
                assert row[name] == before[name]
        elif row["override_outcome"]:
            assert row["override_reason"] and row["override_user_id"]
            assert before["status"] not in ("draft", "not_sent")
            if before["financial_status"] in ("DECLINED", "CANCELLED"):
                self._is_against_the_answer(row)
                return
            assert before["financial_status"] in (None, "UNKNOWN")
            told, at = before["cancel_requested_at"], row["override_at"]
            silent = (at - before["silent_since"]).total_seconds()
            assert (
                silent >= 60
                or (told and (at - told).total_seconds() >= 20)
                or before["financial_status"] == "UNKNOWN"
                or before["is_lost"]
                or before["pairing_id"] != self._pairing_id(row)
            ), "outside its window"

    def _is_against_the_answer(self, row):
        """Said of a payment's last attempt, while nothing has paid it; reviewed."""
        assert row["override_outcome"] == "yes"
        assert "contradicted" in self._reviews(row)
        attempts = [
            other
            for other in self.rows.values()
            if other["payment_uuid"] == row["payment_uuid"]
        ]
        assert row["attempt"] == max(other["attempt"] for other in attempts)
        assert [other["id"] for other in attempts if paid(other)] == [row["id"]]

    def _refunds_are_covered(self):
        originals = {row["id"]: row for row in self.rows.values()}
        refunded = defaultdict(int)
        for row in self.rows.values():
            counts = unresolved(row) or paid(row) or given_up(row)
            if row["original_id"] and counts and row["override_outcome"] != "no":
                refunded[row["original_id"]] += row["amounts"]["refund_amount"]
        for original_id, amount in refunded.items():
            sale = originals[original_id]
            if not sale["override_outcome"]:
                assert amount <= sale["result_amounts"]["purchase_amount"]
