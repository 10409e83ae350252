"""Who looks after EFTPOS, and how they are told: a rule of the company, not of who
once created a record."""

from odoo.tools import SQL

ACTIVITY = "mail.mail_activity_data_todo"
#: When they were last told of a terminal; before any moment, where they were not.
_TOLD = SQL("coalesce(told_at, '-infinity')")


def keepers(company):
    """The users whom the company names, else its first manager of Point of Sale."""
    of_shop = company.env.ref("point_of_sale.group_pos_user").sudo().all_user_ids
    named = company.sudo().sci_keeper_ids & of_shop
    managers = company.env.ref("point_of_sale.group_pos_manager").sudo().all_user_ids
    return _of_company(named, company) or _of_company(managers, company)[:1]


def _of_company(users, company):
    return users.filtered(
        lambda user: user.active and not user.share and company in user.company_ids
    ).sorted("id")


def language(company):
    """The language of what is written where nobody of the shop asks for it: by a
    scheduled action, or on behalf of a customer.

    :return: that of the first keeper, else of the company; ``None`` for Odoo's own
    """
    wanted = keepers(company)[:1].lang or company.sudo().partner_id.lang
    return company.env["res.lang"]._get_code(wanted) or None


def assign(record, company, text):
    """An activity of each of the keepers, who are told as Odoo tells them. Mails are
    queued: no short transaction waits for a mail server."""
    record = record.with_context(mail_notify_force_send=False)
    for user in keepers(company):
        record.activity_schedule(ACTIVITY, summary=text, user_id=user.id)


# -- terminals ---------------------------------------------------------------------


def tell_loss(env, terminal_id):
    """Tell the keepers that a pairing is gone: once for each loss."""
    if _is_mine_to_tell(
        env, terminal_id, SQL("state = 'unpaired' AND lost_at > %s", _TOLD)
    ):
        terminal = _for_keepers(env, terminal_id)
        text = terminal.env._(
            "%s is no longer paired: no card payments until it is paired again.",
            terminal.name,
        )
        _tell(terminal, text)


def tell_silence(env, terminal_id, since):
    """Tell the keepers that a terminal has taken nothing while its registers sold: once
    until it does.

    :param since: its last sign of life
    """
    if _is_mine_to_tell(env, terminal_id, SQL("%s >= %s", since, _TOLD)):
        terminal = _for_keepers(env, terminal_id)
        text = terminal.env._(
            "%s has taken no card all day, although its registers sold. Check that it "
            "is switched on and connected.",
            terminal.name,
        )
        _tell(terminal, text)


def _is_mine_to_tell(env, terminal_id, condition):
    """Compare-and-set: only the caller that gets the terminal tells of it."""
    env.flush_all()
    query = SQL(
        "UPDATE pos_sci_terminal SET told_at = clock_timestamp() AT TIME ZONE 'UTC'"
        " WHERE id = %s AND %s RETURNING id",
        terminal_id,
        condition,
    )
    env.cr.execute(query, log_exceptions=False)
    return bool(env.cr.fetchone())


def _for_keepers(env, terminal_id):
    """The terminal in their language, without the defaults or muted activities that a
    browser's context may have."""
    terminal = env["pos.sci.terminal"].browse(terminal_id).sudo()
    lang = language(terminal.company_id)
    # pylint: disable=context-overridden
    return terminal.with_context({"lang": lang, "mail_notify_force_send": False})


def _tell(terminal, text):
    # The message mails them; the activity need not do so again.
    quiet = terminal.with_context(mail_activity_quick_update=True)
    assign(quiet, terminal.company_id, text)
    people = keepers(terminal.company_id).partner_id
    terminal.message_post(body=text, partner_ids=people.ids)


def done(terminal):
    """It is paired again: what was asked of people is done."""
    text = terminal.env._("Paired again.")
    terminal.sudo().activity_feedback([ACTIVITY], feedback=text)
