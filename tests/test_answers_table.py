"""The table "Answers" of ``docs/ledger.md``, row by row against the code."""

import ast
import re
import uuid
from contextlib import ExitStack
from pathlib import Path
from unittest.mock import patch

from ..ledger import sweep, transitions, window
from ..ledger.flow import SciFlow
from ..ledger.states import PAID, UNRESOLVED
from ..sci import errors
from ..sci.client import SciApi
from ..sci.messages import Transaction
from ..server.short_transactions import ShortTransactions
from .common import SciCommon

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "docs/ledger.md"
COLUMNS = ("answer", "before", "after", "seen", "sweep")
#: A button of mx51's form that may be pressed.
FORM = '{"action_form": {"properties": {"ok": {"submit_url": "https://a.example/b"}}}}'


def table():
    """The rows, as dictionaries of cells."""
    text = TABLE.read_text().split("\n## Answers\n")[1].split("\n## ")[0]
    lines = [line for line in text.splitlines() if line.startswith("| `")]
    return [
        dict(zip(COLUMNS, map(str.strip, line.strip("| ").split(" | ")), strict=True))
        for line in lines
    ]


def code(cell):
    return re.findall(r"`([^`]+)`", cell)


def joined(path):
    """All texts of a source file, those of several lines put together."""
    text = path.read_text()
    if path.suffix == ".py":
        nodes = ast.walk(ast.parse(text))
        return "\n".join(
            node.value
            for node in nodes
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        )
    return re.sub(r'"\s*\+\s*"', "", text)


class TestAnswersTable(SciCommon):
    def setUp(self):
        super().setUp()
        for module in ("flow", "steps", "transitions", "terminals"):
            self.mute(f"ledger.{module}")

    def test_the_table_is_read(self):
        self.assertGreater(len(table()), 40)

    def test_each_answer(self):
        for number, row in enumerate(table()):
            for before in code(row["before"]):
                with self.subTest(number=number, before=before, answer=row["answer"]):
                    self.play(row, before)

    def test_each_text_is_somewhere(self):
        folders = ("server", "ledger", "sci", "static/src")
        sources = "\n".join(
            joined(path)
            for folder in folders
            for path in sorted((ROOT / folder).rglob("*"))
            if path.suffix in (".py", ".js")
        )
        for row in table():
            for text in re.findall(r'"([^"]+)"', row["seen"]):
                with self.subTest(text=text):
                    self.assertIn(text, sources)

    # -- one answer ------------------------------------------------------------------

    def play(self, row, before):
        call = code(row["answer"])[0]
        terminal = self.paired()
        if call in ("pairing_info", "create_transaction") and before != "unknown":
            view = self.started(terminal, call, row["answer"])
        else:
            view = self.begun(terminal, before)
            self.answer(view, call, row["answer"])
        found = self.row(view)
        found.invalidate_recordset()
        self.assert_state(row, found, before)
        self.assert_question(row, found)
        self.assert_swept(row, found)

    def paired(self):
        """A terminal with a pairing that only this row uses."""
        terminal = self.env["pos.sci.terminal"].create({"name": "Another"})
        terminal.sudo().write(
            {
                "state": "paired",
                "pairing_id": str(uuid.uuid4()),
                "key_id": "kid",
                "api_base_url": "https://a.example",
            }
        )
        return terminal

    def started(self, terminal, call, answer):
        """A start whose last call is answered so."""
        with ExitStack() as api:
            if call == "create_transaction":
                api.enter_context(patch.object(SciApi, "pairing_info"))
            else:
                # What comes after it is not this row's business.
                gone = errors.NoAnswer("stop", sent=True)
                create = patch.object(SciApi, "create_transaction", side_effect=gone)
                api.enter_context(create)
            api.enter_context(patch.object(SciApi, call, self.answering(answer)))
            return self.start(str(uuid.uuid4()), terminal_id=terminal.id)

    def begun(self, terminal, status):
        """A row with an id in this status, polled a moment ago."""
        sci_id = str(uuid.uuid4())
        pending = Transaction(sci_id, 3, "PENDING")
        with (
            patch.object(SciApi, "pairing_info"),
            patch.object(SciApi, "create_transaction", return_value=pending),
        ):
            view = self.start(str(uuid.uuid4()), terminal_id=terminal.id)
        self.env.cr.execute(
            "UPDATE pos_sci_transaction SET status = %s, pos_instructions = %s,"
            " silent_since = silent_since - interval '5 s' WHERE id = %s",
            [status, FORM, view["id"]],
        )
        self.env.invalidate_all()
        return {**view, "version": 3, "sci_id": sci_id}

    def answer(self, view, call, answer):
        row_id, outcome = view["id"], self.answering(answer, view)
        if call == "create_transaction":
            late = Transaction(view["sci_id"], 4, "PENDING")
            ShortTransactions(self.env).run(transitions.created, row_id, late)
            return
        flow = SciFlow(self.env)
        with patch.object(SciApi, call, outcome):
            if call == "get_transaction":
                flow.poll(row_id, 3, hold=True)
            elif call == "cancel_transaction":
                flow.cancel(row_id)
            else:
                flow.submit(row_id, 3, "ok", {})

    def answering(self, cell, view=None):
        """The method of the client that answers as a cell of the table says."""
        _call, *names = code(cell)
        known = view or {"sci_id": str(uuid.uuid4()), "version": 0}

        def method(api, *args, **kwargs):
            outcome = self.outcome(names, cell, known)
            if isinstance(outcome, Exception):
                raise outcome
            return outcome

        return method

    @staticmethod
    def outcome(names, cell, known):
        if "200" in cell or "without a" in cell:
            return None
        if names[0] == "Transaction":
            statuses = [name for name in names[1:] if name.isupper()]
            version = known["version"] + (0 if "same or older" in cell else 1)
            sci_id = str(uuid.uuid4()) if "another id" in cell else known["sci_id"]
            status, outcome = [*(statuses or ["PENDING"]), None][:2]
            return Transaction(sci_id, version, status, outcome)
        status = {"4xx": 409, "5xx": 502}.get(cell.split()[-1], 400)
        kind = getattr(errors, names[0])
        if kind is errors.NoAnswer:
            return kind("silence", sent="`sent=False`" not in cell)
        if kind is errors.Incomplete:
            return kind("half", known["sci_id"])
        if kind is errors.SciError:
            if "did_nothing=True" in cell:
                return errors.InvalidRequest("no", 400)
            return errors.NoAnswer("silence", sent=True)
        if issubclass(kind, errors.ApiError):
            numbers = re.findall(r"\b\d{3}\b", cell)
            return kind("no", int(numbers[0]) if numbers else status)
        return kind("bad")

    # -- what the table says of it ---------------------------------------------------

    def assert_state(self, row, found, before):
        after, promises = row["after"], row["after"].partition(";")[2].strip()
        if after.startswith("as `get_transaction`"):
            self.assertEqual((found.status, found.version), ("PENDING", 4))
            return
        status = code(after)[0]
        if "`pairing_info` 200" in row["answer"]:
            self.assertTrue(found.sent_at, "it was not sent")
            return
        self.assertEqual(found.status, before if status == "unchanged" else status)
        self.assertEqual(bool(PAID.holds(found)), "paid" in promises.split(", "))
        if "unresolved" in promises:
            self.assertTrue(UNRESOLVED.holds(found))
        if "sign of life" in promises:
            apart = found.followed_at - found.silent_since
            self.assertAlmostEqual(apart.total_seconds(), 0, delta=0.1)
        if "error kept" in promises:
            self.assertTrue(found.error_code)
        if "terminal unpaired" in promises:
            self.assertEqual(found.terminal_id.state, "unpaired")
        if "believed after" in promises:
            self.assertTrue(found.lost_since and not found.is_lost)
        if "the id" in promises:
            self.assertTrue(found.sci_id)
        if "the cancel is" in promises:
            spent = "the cancel is spent" in promises
            self.assertEqual(bool(found.cancel_sent_at), spent)
        if "the press is" in promises:
            spent = "the press is spent" in promises
            self.assertEqual(found.submitted_version == 3, spent)

    def assert_question(self, row, found):
        """When a person is asked for the outcome."""
        asked = re.search(r"the question (at once|after (\d+) s)", row["seen"])
        if not asked or "believed" in row["after"]:
            return
        # The test's own transaction stands still, the database's clock does not.
        self.env.cr.execute("SELECT clock_timestamp() AT TIME ZONE 'UTC'")
        (now,) = self.env.cr.fetchone()
        seconds = (window.opens_at(found, now) - now).total_seconds()
        expected = 0 if asked[1] == "at once" else int(asked[2])
        self.assertAlmostEqual(seconds, expected, delta=7)

    def orphans(self):
        return [row_id for _company_id, row_id, _url in sweep.orphans(self.env)]

    def assert_swept(self, row, found):
        if "`pairing_info` 200" in row["answer"]:
            return
        self.age(found, "followed_at", 60)
        is_swept = found.id in self.orphans()
        self.assertEqual(is_swept, "polls" in row["sweep"])
        if "for a day" in row["sweep"]:
            self.age(found, "sent_at", 25 * 3600)
            self.assertNotIn(found.id, self.orphans())
