from .common_doors import HARMLESS, REFUSED, REVIEWED, DoorsCommon


class TestDoorsOfLines(DoorsCommon):
    """What a terminal has charged stays in its order as it was charged; what a finished
    order with a card payment contains does not change unseen. See ``TestDoors``."""

    def setUp(self):
        super().setUp()
        self.other = self.another_order()
        self.tax = self.env["account.tax"].create(
            {"name": "GST", "amount": 10, "company_id": self.company.id}
        )

    CHANGES = {
        "price_unit": 0,
        "qty": 2,
        "discount": 50,
        "price_subtotal": 0,
        "price_subtotal_incl": 0,
        "uuid": "another",
    }

    def changes(self, line):
        return {
            **self.CHANGES,
            "tax_ids": [(6, 0, self.tax.ids)],
            "product_id": self.other.lines.product_id.id,
            "order_id": self.other.id,
            "extra_tax_data": {"manual_total_excluded_currency": 0},
        }

    def test_what_a_terminal_added_stays(self):
        order = self.tipped()
        tip = order.lines.filtered("sci_line_kind")
        for name, value in self.changes(tip).items():
            vals = {name: value}
            for door, attempt in {
                "write": lambda v=vals: self.call(tip, "write", v),
                "web_save": lambda v=vals: self.call(tip, "web_save", v, {}),
                "order": lambda v=vals: self.call(
                    order, "write", {"lines": [(1, tip.id, v)]}
                ),
                "another order": lambda v=vals: self.call(
                    self.other, "write", {"lines": [(1, tip.id, v)]}
                ),
            }.items():
                with self.subTest(door=door, **vals):
                    self.assertEqual(self.outcome(order, attempt), REFUSED)
        for door, attempt in {
            "unlink": lambda: self.call(tip, "unlink"),
            "delete": lambda: self.call(order, "write", {"lines": [(2, tip.id)]}),
            "taken": lambda: self.call(self.other, "write", {"lines": [(4, tip.id)]}),
            "emptied": lambda: self.call(order, "write", {"lines": [(6, 0, [])]}),
            "by uuid": lambda: self.sync(
                order,
                relations_uuid_mapping={
                    "pos.order.line": {tip.uuid: {"order_id": self.other.uuid}}
                },
            ),
            "web_resequence": lambda: self.call(
                tip, "web_resequence", {}, "price_unit", offset=5
            ),
        }.items():
            with self.subTest(door=door):
                self.assertEqual(self.outcome(order, attempt), REFUSED)

    def test_a_note_on_it_is_no_change(self):
        order = self.tipped()
        tip = order.lines.filtered("sci_line_kind")
        self.call(tip, "write", {"note": "Thanks", "price_unit": tip.price_unit})
        self.assertEqual(tip.note, "Thanks")

    def test_a_sync_with_an_older_picture_changes_nothing_of_it(self):
        order = self.tipped()
        tip = order.lines.filtered("sci_line_kind")
        for command in (
            (1, tip.id, {"price_unit": 0, "qty": 2, "tax_ids": []}),
            (0, 0, {**self.tip_values(self.view), "price_unit": 0}),
            (2, tip.id),
            (3, tip.id),
        ):
            with self.subTest(command=command), self.undone():
                self.sync(order, lines=[command])
                self.assertEqual(order.lines.filtered("sci_line_kind"), tip)
                self.assertEqual((tip.price_unit, tip.qty), (1, 1))
        self.sync(order, "paid", amount_total=13.5)
        self.assertEqual(order.state, "paid")
        self.assertFalse(self.items())

    def test_another_fiscal_position_does_not_tax_it(self):
        order = self.tipped()
        tip = order.lines.filtered("sci_line_kind")
        tip._sci_write({"tax_ids": [(6, 0, self.tax.ids)]})
        free = self.env["account.fiscal.position"].create({"name": "Free of tax"})
        vals = {"fiscal_position_id": free.id}
        attempt = lambda: self.call(order, "write", vals)  # noqa: E731
        self.assertEqual(self.outcome(order, attempt), REFUSED)
        self.sync(order, **vals)
        self.assertFalse(order.fiscal_position_id)
        tip._sci_write({"tax_ids": [(6, 0, [])]})
        self.sync(order, **vals)
        self.assertEqual(order.fiscal_position_id, free)

    def test_a_finished_order_is_taxed_anew(self):
        order = self.in_state("finished")
        order.lines._sci_write({"tax_ids": [(6, 0, self.tax.ids)]})
        free, duty_free = self.env["account.fiscal.position"].create(
            [{"name": "Free of tax"}, {"name": "Duty-free"}]
        )
        self.call(order, "write", {"fiscal_position_id": free.id})
        self.assertEqual(self.items().mapped("kind"), ["changed_after"])
        self.items().sudo().state = "done"
        self.call(order, "write", {"fiscal_position_id": duty_free.id})
        self.assertEqual(self.items().state, "done")

    def test_a_finished_order_that_lacks_it(self):
        order = self.tipped()
        self.env.cr.execute(
            "DELETE FROM pos_order_line WHERE order_id = %s AND sci_line_kind = 'tip'",
            [order.id],
        )
        self.env.invalidate_all()
        self.sync(order, "paid", amount_total=13.5)
        self.assertEqual(order.state, "paid")
        self.assertIn("other_amount", self.items().mapped("kind"))

    def test_no_browser_says_what_a_terminal_added(self):
        order = self.tipped()
        order.lines.filtered("sci_line_kind")._sci_write({"sci_transaction_id": False})
        for changes in (
            {},
            {"sci_line_kind": "surcharge"},
            {"sci_transaction_id": 10**9},
            {"order_id": self.other.id},
        ):
            values = {
                "order_id": order.id,
                **self.tip_values(self.view),
                "uuid": "another",
                **changes,
            }
            with self.subTest(changes=changes), self.undone():
                (line_id,) = self.call("pos.order.line", "create", [values])
                line = self.env["pos.order.line"].browse(line_id)
                self.assertFalse(line.sci_transaction_id or line.sci_line_kind)
        line = self.other.lines
        self.call(
            line,
            "write",
            {"sci_line_kind": "tip", "sci_transaction_id": self.view["id"]},
        )
        self.assertFalse(line.sci_transaction_id or line.sci_line_kind)

    def new_line(self, order, **values):
        return {**self.line_values(), "order_id": order.id, **values}

    def test_goods_of_a_finished_order(self):
        values = self.line_values()
        doors = {
            f"write: {name}": (
                lambda o, p, v={name: value}: self.call(o.lines, "write", v),
                REVIEWED,
            )
            for name, value in self.changes(None).items()
        }
        doors |= {
            "create": (
                lambda o, p: self.call("pos.order.line", "create", [self.new_line(o)]),
                REVIEWED,
            ),
            "create by command": (
                lambda o, p: self.call(o, "write", {"lines": [(0, 0, values)]}),
                REVIEWED,
            ),
            "copy": (lambda o, p: self.call(o.lines, "copy"), REVIEWED),
            "taken from another order": (
                lambda o, p: self.call(self.other.lines, "write", {"order_id": o.id}),
                REVIEWED,
            ),
            "unlink": (lambda o, p: self.call(o.lines, "unlink"), REFUSED),
            "a note": (
                lambda o, p: self.call(o.lines, "write", {"note": "Thanks"}),
                HARMLESS,
            ),
            "nothing": (
                lambda o, p: self.call(
                    o.lines, "write", {"qty": 1, "price_unit": o.lines.price_unit}
                ),
                HARMLESS,
            ),
        }
        self.try_doors("finished", doors)

    def test_goods_of_a_draft_may_change(self):
        values = self.line_values()
        for state in ("approved", "open"):
            doors = {
                "create": (
                    lambda o, p: self.call(
                        "pos.order.line", "create", [self.new_line(o)]
                    ),
                    HARMLESS,
                ),
                "create by command": (
                    lambda o, p: self.sync(o, lines=[(0, 0, values)]),
                    HARMLESS,
                ),
                "write": (
                    lambda o, p: self.call(o.lines, "write", {"qty": 3}),
                    HARMLESS,
                ),
                "unlink": (lambda o, p: self.call(o.lines, "unlink"), HARMLESS),
            }
            with self.undone():
                self.try_doors(state, doors)

    def test_a_change_is_reviewed_again_after_a_review(self):
        order = self.in_state("finished")
        self.call(order.lines, "write", {"qty": 2})
        item = self.items()
        self.assertEqual(item.kind, "changed_after")
        item.sudo().write({"note": "Looked"})
        self.rpc(item, "action_done")
        self.call(order.lines, "write", {"qty": 2})
        self.assertEqual(item.state, "done", "nothing has changed")
        self.call(order.lines, "write", {"qty": 3})
        self.assertEqual(item.state, "open")
        self.assertTrue(item.activity_ids)
        self.assertEqual(self.items(), item)
