import {_t} from "@web/core/l10n/translation";
import {requestedAmounts} from "./amounts";
import {exponentOf, toMinorUnits} from "./minor_units";

/**
 * What a payment line asks of the terminal. The cashier's choice is kept in
 * `uiState.sciRequest`, which survives a reload: `{kind, cashout, original}`; `kind` is
 * "moto" or nothing, `cashout` in minor units, `original` the payment uuid that a
 * refund belongs to.
 */

function minorUnitsOf(line, amount = line.getAmount()) {
    return toMinorUnits(amount, exponentOf(line.pos_order_id.config));
}

/** @returns {String} kind of the transaction that a line stands for */
export function kindOf(line) {
    if (line.getAmount() < 0) {
        return "refund";
    }
    const {kind, cashout} = line.uiState?.sciRequest || {};
    if (!cashout) {
        return kind || "purchase";
    }
    return minorUnitsOf(line) === cashout ? "cashout" : "purchase_with_cashout";
}

/**
 * A tip that the cashier has put on the order is sent in a field of its own, with the
 * first card payment that is larger than the tip.
 * @returns {Number} how much of a purchase is tip, in minor units
 */
function tipOf(line) {
    const order = line.pos_order_id;
    const carried = order.payment_ids
        .filter((other) => other !== line && other.isSciLocked())
        .map((other) => other.uiState.sci?.view?.amounts?.tip_amount || 0);
    const tip = carried.reduce(
        (rest, minor) => rest - minor,
        minorUnitsOf(line, order.getSciOwnTip())
    );
    return tip > 0 && tip < minorUnitsOf(line) ? tip : 0;
}

/** @returns {{kind: string, amounts: object}} of `sci_start` */
export function requestOf(line, config) {
    const kind = kindOf(line);
    const amounts = requestedAmounts({
        kind,
        total: Math.abs(minorUnitsOf(line)),
        cashout: line.uiState?.sciRequest?.cashout,
        tip: kind === "purchase" ? tipOf(line) : 0,
        rate: config.sci_surcharge_rate,
    });
    return {kind, amounts};
}

/** @returns {string|undefined} why an order cannot be paid by mail or telephone */
export function motoRefusal(order, pos) {
    if (!pos.config.sci_moto) {
        return _t("This register does not take mail and telephone orders by card.");
    }
    return order.getSciOwnTip()
        ? _t("A mail or telephone order cannot carry a tip. Take it off the order.")
        : undefined;
}

/**
 * @param {Object} [line] the line that is to hand it out, once there is one
 * @returns {string|undefined} why no cash can be handed out with an order
 */
export function noCashoutReason(order, pos, line) {
    if (!pos.config.sci_cashout) {
        return _t("This register does not hand out cash on cards.");
    }
    if (order.isRefund) {
        return _t("A refund and a cash-out cannot go together.");
    }
    if (order.getSciOwnTip()) {
        return _t("A tip and a cash-out cannot go together.");
    }
    if (order.getSciUnresolvedLines().some((other) => other !== line)) {
        return _t("Wait for the result of the other card payment first.");
    }
    if (!pos.config.payment_method_ids.some((method) => method.is_cash_count)) {
        return _t("A cash-out needs a cash payment method.");
    }
    return undefined;
}

/** @returns {string|undefined} why this amount cannot be handed out in cash */
export function cashAmountRefusal(amount, pos) {
    const {config, currency} = pos;
    if (!(amount > 0)) {
        return _t("Enter the amount of cash.");
    }
    const rounding = config.cash_rounding && config.rounding_method;
    return rounding && !currency.isZero(rounding.round(amount) - amount)
        ? _t("Cash can only be handed out in steps of %s.", rounding.rounding)
        : undefined;
}

/** Odoo counts the whole line as paid, so a cash-out line has to pay all that is due. */
function cashoutRefusal(line, pos) {
    const order = line.pos_order_id;
    const reason = noCashoutReason(order, pos, line);
    if (reason) {
        return reason;
    }
    const {cashout} = line.uiState.sciRequest;
    return minorUnitsOf(line) - cashout === minorUnitsOf(line, order.getSciRest(line))
        ? undefined
        : _t("A cash-out is only possible together with all that is due.");
}

/**
 * Enterprise's pos_settle_due takes money for the customer's account in an order without
 * lines; what it is for comes into the order when it is validated.
 */
function isDeposit(order) {
    return (
        order.lines.every((line) => line.sci_line_kind) &&
        Boolean(order.getPartner()) &&
        [...odoo.loader.modules.keys()].some((name) =>
            name.startsWith("@pos_settle_due/")
        )
    );
}

/**
 * A declined line stays while the customer pays another way: sent again, it must not
 * charge what has been paid since.
 */
function dueRefusal(line, pos) {
    if (kindOf(line) === "purchase" && isDeposit(line.pos_order_id)) {
        return undefined;
    }
    const due = Math.abs(line.pos_order_id.getSciRest(line));
    if (Math.abs(minorUnitsOf(line)) <= minorUnitsOf(line, due)) {
        return undefined;
    }
    return due
        ? _t("Only %s is due. Change the amount.", pos.env.utils.formatCurrency(due))
        : _t("Nothing is due any more.");
}

/**
 * Why a line cannot be sent: the rules of the protocol (docs/protocol.md 3.2 and 6)
 * and of the order, checked before anything leaves.
 * @returns {string|undefined} a sentence
 */
export function refusalOf(line, pos) {
    const kind = kindOf(line);
    if (!line.getAmount()) {
        return _t("The amount of a card payment must be more than zero.");
    }
    if (kind !== "refund" && line.pos_order_id.isRefund) {
        return _t("The amount of a refund has to be negative.");
    }
    if (["cashout", "purchase_with_cashout"].includes(kind)) {
        return cashoutRefusal(line, pos);
    }
    const isMoto = kind === "moto";
    return (isMoto && motoRefusal(line.pos_order_id, pos)) || dueRefusal(line, pos);
}

/**
 * Only a row that is known to be resolved makes room for a new attempt; as long as the
 * outcome of the last one is open, asking again means asking for the same.
 * @param {Object} line payment line
 * @returns {Number}
 */
export function nextAttempt({uiState}) {
    const {attempt, view} = uiState?.sci || {};
    return view && view.attempt >= attempt ? view.attempt + 1 : attempt || 1;
}
