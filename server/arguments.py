"""Arguments of remote calls, checked before the ORM or PostgreSQL trips over them.

The caller gets a sentence; a traceback in the log means a mistake of ours.
"""

from odoo.exceptions import UserError

from ..sci.messages import clean


def single(records):
    """The one record that a method is called on.

    :raises UserError: not the id of one record
    """
    if len(records._ids) != 1:
        raise UserError(records.env._("This record does not exist any more."))
    return several(records)


def several(records):
    """The records that a method is called on, or none.

    :raises UserError: something that is no id
    """
    if not all(map(is_id, records._ids)):
        raise UserError(records.env._("This record does not exist any more."))
    return records


def accessible(env, model, record_id, *field_names):
    """The record with this id, if the user may read it, with these fields fetched.

    :raises UserError: there is none
    :raises AccessError: it belongs to somebody else
    """
    # Of a register's hundred fields, few are of interest.
    Model = env[model].with_context(prefetch_fields=False)
    record = Model.browse(record_id if is_id(record_id) else 0)
    with_archived = Model.with_context(active_test=False)
    if not with_archived.search_fetch([("id", "=", record.id)], field_names):
        if not record.exists():
            raise UserError(env._("This record does not exist any more."))
        record.check_access("read")
    return record


def is_id(value):
    return type(value) is int and 0 < value < 2**31


def clean_text(value):
    """A person's text without what cannot be stored; empty unless it is a text."""
    return clean(value).strip() if isinstance(value, str) else ""
