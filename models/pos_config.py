from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..ledger import override, terminals
from ..sci.currency import exponent_of
from ..server.arguments import accessible, single
from ..server.odoo_adapter import NO_ACCESS, card_methods
from ..server.waiting import WAYS
from ..support import summary

#: Settings of a register that reach it while it is open.
SETTINGS = (
    "sci_cashout",
    "sci_moto",
    "sci_free_refund",
    "sci_override_by_managers",
    "sci_close_after",
    "sci_surcharge_rate",
    "iface_tipproduct",
    "tip_product_id",
)

#: What a manager at a register may do with a pairing.
OF_PAIRING = (
    "pairing_view",
    "check_pairing",
    "action_test",
    "action_pair",
    "action_cancel_pairing",
    "action_unpair",
    "action_forget",
)


class PosConfig(models.Model):
    _inherit = "pos.config"

    sci_terminal_id = fields.Many2one(
        "pos.sci.terminal",
        "EFTPOS terminal",
        check_company=True,
        copy=False,
        index="btree_not_null",
        help="The terminal beside this register.",
    )
    sci_cashout = fields.Boolean("Card cash-out")
    sci_moto = fields.Boolean("Mail and telephone orders by card")
    sci_free_refund = fields.Boolean(
        "Card refunds without a sale",
        help="Managers may refund to a card without naming the card payment.",
    )
    sci_override_by_managers = fields.Boolean(
        "Only managers may mark a payment as paid or not paid",
        help="When the result of a card payment cannot be had, somebody has to look "
        "at the terminal and say whether it was successful.",
    )
    sci_close_after = fields.Integer(
        "Close the card dialog after (s)",
        default=4,
        help="Seconds after an approval that asks nothing more of the cashier; 0 "
        "leaves the dialog open until Done is pressed.",
    )
    sci_surcharge_rate = fields.Float(
        "Card surcharge (%)",
        digits=(5, 2),
        help="Asked of the terminal on top of each card sale; 0 asks for none. Since "
        "1 October 2026 Australian shops may not surcharge eftpos, Mastercard and "
        "Visa cards.",
    )
    sci_terminal_surcharge = fields.Boolean(
        "The terminal may add a surcharge",
        help="Leaves the surcharge to what is set up on the terminal, where this "
        "register asks for none. Otherwise the terminal is told to add none.",
    )
    sci_way = fields.Selection(
        WAYS, "Waiting for card payments", readonly=True, copy=False
    )

    sci_summary = fields.Json(compute="_compute_sci_summary")

    sci_pin_failures = fields.Integer(copy=False, groups=NO_ACCESS)
    sci_refund_permit = fields.Char(copy=False, groups=NO_ACCESS)
    sci_pin_failed_at = fields.Datetime(copy=False, groups=NO_ACCESS)

    _sci_surcharge_rate_is_a_rate = models.Constraint(
        "CHECK(sci_surcharge_rate >= 0 AND sci_surcharge_rate <= 20)",
        "A card surcharge is between 0 and 20 %.",
    )

    @api.depends_context("sci_no_summary")
    def _compute_sci_summary(self):
        is_wanted = not self.env.context.get("sci_no_summary")
        found = summary.of_registers(self) if is_wanted else {}
        for register in self:
            register.sci_summary = found.get(register.id, False)

    def action_sci_payments(self):
        """The card payments of the open session."""
        session = single(self).current_session_id
        context = {"search_default_session_id": session.id}
        return {**self._sci_action("action_pos_sci_transaction"), "context": context}

    def action_sci_reviews(self):
        """What a manager has to look at, of this register."""
        of_register = ("transaction_id.config_id", "=", single(self).id)
        domain = [of_register, ("state", "=", "open")]
        return {**self._sci_action("action_pos_sci_review"), "domain": domain}

    def action_sci_set_up(self):
        """Set up a terminal for this register."""
        params = {"config_id": single(self).id}
        return {**self._sci_action("action_pos_sci_set_up"), "params": params}

    def _sci_action(self, name):
        return self.env["ir.actions.actions"]._for_xml_id(f"pos_mx51_sci.{name}")

    def _get_special_products(self):
        return super()._get_special_products() | self._sci_surcharge_product()

    def _sci_surcharge_product(self):
        return self._sci_product("pos_mx51_sci.product_surcharge")

    def _sci_product(self, xml_id):
        """From Odoo's cache, without a query at each POS start."""
        product_id = self.env["ir.model.data"]._xmlid_to_res_id(xml_id)
        return self.env["product.product"].browse(product_id or ())

    @api.model
    def _load_pos_data_read(self, records, config):
        """With the exponent of the register's currency (``sci/currency.py``), without
        what the dashboard alone shows."""
        records = records.with_context(sci_no_summary=True)
        read = super()._load_pos_data_read(records, config)
        for values in read:
            values["_sci_exponent"] = exponent_of(config.currency_id.name)
        return read

    def write(self, vals):
        if not self.env.su and any(name.startswith("sci_") for name in vals):
            self._sci_check_manager()
        result = super().write(vals)
        if any(name.startswith("sci_") or name in SETTINGS for name in vals):
            terminals.notify(self)
        return result

    def _sci_settings(self):
        """What decides what may be sent, as it is now: an open register keeps what it
        has loaded, even over a reload."""
        values = self.read(SETTINGS, load=None)[0]
        return {
            **{name: values[name] for name in SETTINGS},
            "exponent": exponent_of(self.currency_id.name),
        }

    def sci_permit_refund(self, order_uuid, minor, employee_id=None, pin=None):
        """A manager at this register lets an order refund to a card without naming a
        card payment, where the register is set up for it: so much, and once.

        :param minor: in minor units
        :param employee_id: the manager, where ``pos_hr`` is used
        :param pin: that employee's PIN
        """
        config = single(self)
        config.check_access("read")
        override.permit_refund(self.env, config, order_uuid, minor, employee_id, pin)

    def sci_use_terminal(self, terminal_id, employee_id=None, pin=None):
        """A manager at this register makes another terminal its own, among those that
        its payment methods use. Registers that are open learn of it.

        :param employee_id: the manager, where ``pos_hr`` is used
        :param pin: that employee's PIN
        """
        config, terminal = self._sci_with_terminal(terminal_id)
        override.switch_terminal(self.env, config, terminal, employee_id, pin)

    def sci_pairing(
        self,
        terminal_id,
        action,
        employee_id=None,
        pin=None,
        pairing_code=None,
        pairing_nickname=None,
    ):
        """A manager at this register looks after the pairing of a terminal that its
        payment methods use, whoever's device it is.

        :param action: a method of ``pos.sci.terminal`` among :data:`OF_PAIRING`
        :param employee_id: the manager, where ``pos_hr`` is used
        :param pin: that employee's PIN
        :param pairing_code: as the nickname, for ``action_pair``
        :return: the pairing view
        """
        config, terminal = self._sci_with_terminal(terminal_id)
        if action not in OF_PAIRING:
            raise UserError(self.env._("Only a pairing is looked after here."))
        text = self.env._("Only a manager may pair terminals.")
        override.identify(self.env, config, text, employee_id, pin)
        is_new = action == "action_pair"
        args = (pairing_code, pairing_nickname) if is_new else ()
        view = getattr(terminal.sudo(), action)(*args)
        return {**view, "can_pair": True}

    def _sci_with_terminal(self, terminal_id):
        """This register, and a terminal that its payment methods use."""
        config = single(self)
        config.check_access("read")
        terminal = accessible(self.env, "pos.sci.terminal", terminal_id, "company_id")
        methods = card_methods(config)
        is_ours = terminal.company_id == config.company_id
        if not is_ours or terminal not in methods.sci_terminal_ids:
            raise UserError(
                self.env._(
                    "%s belongs to no payment method of this register.", terminal.name
                )
            )
        return config, terminal

    def _sci_check_manager(self):
        """Odoo lets every cashier write to a register."""
        is_manager = self.env.user.has_group("point_of_sale.group_pos_manager")
        if not is_manager and not self.env.is_system():
            raise AccessError(
                self.env._("Only a manager may set up card payments of a register.")
            )

    @api.model
    def _sci_remember_way(self, config_id, way):
        """Keep the kind of process that a register's polls arrive in, if it has
        changed. The work of one short transaction.

        :param way: a key of :data:`~..server.waiting.WAYS`
        """
        self.env.cr.execute(
            "UPDATE pos_config SET sci_way = %s"
            " WHERE id = %s AND sci_way IS DISTINCT FROM %s",
            [way, config_id, way],
            log_exceptions=False,
        )
