import {exponentOf, fromMinorUnits} from "./minor_units";

/**
 * The amounts of a transaction: objects of names to integers in minor units. Each
 * stands in a field of its own; a tip or a surcharge is never part of a purchase
 * (docs/protocol.md 3.2 and 6).
 */

/** What a terminal may add to a sale; each becomes an order line. */
export const ADDED = ["tip", "surcharge"];

/** The field that a kind puts the line's amount in. */
const MAIN = {
    purchase: "purchase_amount",
    purchase_with_cashout: "purchase_amount",
    moto: "moto_amount",
    cashout: "cashout_amount",
    refund: "refund_amount",
};

/** Only sales carry the shop's surcharge; cash handed out and refunds do not. */
function isSale(kind) {
    return ["purchase", "purchase_with_cashout", "moto"].includes(kind);
}

/**
 * @param {Number} minor integer in minor units
 * @param {Number} rate percentage, two decimals
 * @returns {Number} integer in minor units, halves rounded up
 */
export function surchargeOf(minor, rate) {
    const hundredths = Math.round((rate || 0) * 100);
    return Math.floor((minor * hundredths + 5000) / 10000);
}

/**
 * What is asked for.
 * @param {Object} request
 * @param {String} request.kind
 * @param {Number} request.total minor units of the payment line, positive
 * @param {Number} [request.cashout] minor units of it that leave as cash
 * @param {Number} [request.tip] minor units of it that the cashier has put on the order
 * @param {Number} [request.rate] percentage that the shop adds to card sales
 * @returns {Object} amounts of `sci_start`
 */
export function requestedAmounts({kind, total, cashout = 0, tip = 0, rate = 0}) {
    const isMixed = kind === "purchase_with_cashout";
    const main = total - (isMixed ? cashout : 0) - tip;
    const amounts = {[MAIN[kind]]: main};
    if (isMixed) {
        amounts.cashout_amount = cashout;
    }
    if (tip) {
        amounts.tip_amount = tip;
    }
    const surcharge = isSale(kind) ? surchargeOf(main, rate) : 0;
    if (surcharge) {
        amounts.surcharge_amount = surcharge;
    }
    return amounts;
}

/** @returns {Number} the sum in minor units; a refund counts as negative */
export function signedTotal(amounts) {
    return Object.entries(amounts || {}).reduce(
        (sum, [name, minor]) => sum + (name === "refund_amount" ? -minor : minor),
        0
    );
}

/**
 * @param {Object} amounts that are asked for
 * @returns {Object} those without the surcharge, which comes on top of the payment
 * line; the tip that is asked for is part of it
 */
export function withoutSurcharge(amounts) {
    const others = {...amounts};
    delete others.surcharge_amount;
    return others;
}

/**
 * What a paid row is worth: what the bank charged, or what was asked for where a
 * person stated the outcome.
 * @param {SciPaymentView} view
 */
export function chargedAmounts({financial_status, result_amounts, amounts}) {
    const isKnown = result_amounts && Object.keys(result_amounts).length;
    return financial_status === "APPROVED" && isKnown ? result_amounts : amounts || {};
}

/** @returns {String} minor units as the register shows money */
export function formatMinor(minor, pos) {
    const amount = fromMinorUnits(minor, exponentOf(pos.config));
    return pos.env.utils.formatCurrency(amount);
}
