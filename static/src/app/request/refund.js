import {SelectionPopup} from "@point_of_sale/app/components/popups/selection_popup/selection_popup";
import {_t} from "@web/core/l10n/translation";
import {exponentOf, fromMinorUnits, toMinorUnits} from "./minor_units";
import {formatMinor} from "./amounts";
import {identifyManager, usesEmployees} from "./manager";
import {makeAwaitable} from "@point_of_sale/app/utils/make_awaitable_dialog";
import {withinTimeLimit} from "./time_limit";

/**
 * What may go back to a card, as the server has it: sales of other registers and
 * sessions included.
 *
 * @typedef {Object} SciRefundOffer
 * @property {Number|false} due what the order has to pay back, in minor units; false
 * while it is not on the server
 * @property {Object[]} payments card payments of the sale that have something left:
 * `{payment_uuid, left, terminal_name}`, `left` in minor units
 * @property {Object|false} refusal `{code, message}` where there is none and this
 * register may not refund without
 */

/** @returns {Promise<SciRefundOffer>} for the order as this browser has it */
function readOffer(pos, order) {
    const ids = order.lines
        .map((line) => line.raw.refunded_orderline_id)
        .filter((id) => typeof id === "number");
    const args = [pos.config.id, order.uuid, ids];
    const orm = pos.data.orm.silent;
    return withinTimeLimit(orm.call("pos.sci.transaction", "sci_refundable", args));
}

/** @returns {Promise<object|undefined>} the cashier's choice */
function chooseOriginal(pos, payments) {
    const list = payments.map((payment) => ({
        id: payment.payment_uuid,
        item: payment,
        label: _t("%(amount)s on %(terminal)s", {
            amount: formatMinor(payment.left, pos),
            terminal: payment.terminal_name,
        }),
        isSelected: false,
    }));
    return makeAwaitable(pos.dialog, SelectionPopup, {
        title: _t("Which card payment should be refunded?"),
        list,
    });
}

/** Refusals that a manager may put aside where the register is set up for it. */
const FOR_MANAGERS = ["no_sale_named", "sale_not_by_card"];

/** With pos_hr a manager at the register says so, before it is sent. */
function needsPermit({refusal}, pos) {
    return (
        usesEmployees(pos) &&
        pos.config.sci_free_refund &&
        FOR_MANAGERS.includes(refusal?.code)
    );
}

async function refusalOfPermit(line, pos) {
    const refusal = _t("Only a manager may refund this to a card.");
    const person = await identifyManager(pos, refusal);
    if (!person || person.error) {
        return person?.error || refusal;
    }
    const {employeeId, pin} = person;
    const minor = toMinorUnits(-line.getAmount(), exponentOf(pos.config));
    const {uuid} = line.pos_order_id;
    const args = [[pos.config.id], uuid, minor, employeeId, pin];
    try {
        const {orm} = pos.data;
        await withinTimeLimit(orm.silent.call("pos.config", "sci_permit_refund", args));
    } catch (error) {
        return error.data?.message || refusal;
    }
    return undefined;
}

/** The line refunds no more than is left of the card payment; the rest is said. */
function limit(line, payment, pos) {
    const left = fromMinorUnits(payment.left, exponentOf(pos.config));
    const rest = pos.currency.round(-line.getAmount() - left);
    if (rest <= 0) {
        return;
    }
    line.amount = -left;
    pos.notification.add(
        _t(
            "%s of this refund cannot go back to the card. Refund it another way.",
            pos.env.utils.formatCurrency(rest)
        ),
        {type: "warning", sticky: true}
    );
}

/**
 * A refund line has been added: its amount becomes what can go back to the card, or
 * the line says why nothing can. Without an answer it stays, and Send asks again.
 * @param {Object} line payment line with a negative amount
 * @param {Object} pos the POS store
 * @returns {Promise<string|undefined>} a sentence when it cannot be sent
 */
export async function proposeRefund(line, pos) {
    const offer = await readOffer(pos, line.pos_order_id);
    const isFree = line.pos_order_id && !line.isSciLocked() && !line.uiState.sci;
    if (!isFree) {
        return undefined;
    }
    const {payments} = offer;
    if (!payments.length) {
        return needsPermit(offer, pos) ? undefined : offer.refusal?.message;
    }
    if (payments.length === 1) {
        limit(line, payments[0], pos);
    }
    return undefined;
}

/**
 * Finds the card payment that a refund goes back to, and keeps it with the line. Where
 * there are several, the cashier chooses one.
 * @param {Object} line payment line with a negative amount
 * @param {Object} pos the POS store
 * @returns {Promise<string|undefined>} a sentence when it cannot be sent
 */
export async function refusalOfRefund(line, pos) {
    if (line.uiState.sciRequest?.original) {
        return undefined;
    }
    const offer = await readOffer(pos, line.pos_order_id);
    const {payments} = offer;
    if (!payments.length) {
        return needsPermit(offer, pos)
            ? refusalOfPermit(line, pos)
            : offer.refusal?.message;
    }
    const isOnly = payments.length === 1;
    const payment = isOnly ? payments[0] : await chooseOriginal(pos, payments);
    if (!payment) {
        return _t("No card payment was chosen.");
    }
    line.uiState = {...line.uiState, sciRequest: {original: payment.payment_uuid}};
    limit(line, payment, pos);
    return undefined;
}
