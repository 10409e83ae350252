import {SelectionPopup} from "@point_of_sale/app/components/popups/selection_popup/selection_popup";
import {_t} from "@web/core/l10n/translation";
import {chargedAmounts, formatMinor} from "./amounts";
import {fromMinorUnits} from "./minor_units";
import {makeAwaitable} from "@point_of_sale/app/utils/make_awaitable_dialog";
import {withinTimeLimit} from "./time_limit";

const MODEL = "pos.sci.transaction";

const FIELDS = [
    "payment_uuid",
    "kind",
    "amounts",
    "result_amounts",
    "financial_status",
    "override_outcome",
    "is_unresolved",
    "given_up",
    "terminal_id",
    "sent_at",
    "original_id",
];

/** The parts of a sale that go back to the card; the server enforces the limit. */
const REFUNDABLE = ["purchase_amount", "surcharge_amount", "moto_amount"];

function isPaid({override_outcome, financial_status}) {
    return override_outcome === "yes" || financial_status === "APPROVED";
}

/** @returns {Number} what a sale charged and may give back, in minor units */
function refundable(row) {
    const amounts = chargedAmounts(row);
    return REFUNDABLE.reduce((sum, name) => sum + (amounts[name] || 0), 0);
}

/** As on the server, refunds whose outcome nobody knows count too. */
function refunded({id}, refunds) {
    const counts = (row) => row.is_unresolved || row.given_up || isPaid(row);
    return refunds
        .filter((row) => row.original_id[0] === id && counts(row))
        .reduce((sum, {amounts}) => sum + (amounts.refund_amount || 0), 0);
}

async function refundedOrderUuids(pos, order) {
    const lines = order.lines.filter((line) => line.raw.refunded_orderline_id);
    const known = lines.map((line) => line.refunded_orderline_id?.order_id?.uuid);
    if (known.every(Boolean)) {
        return [...new Set(known)];
    }
    const ids = lines.map((line) => line.raw.refunded_orderline_id);
    const domain = [["lines", "in", ids]];
    const orders = await pos.data.orm.silent.searchRead("pos.order", domain, ["uuid"]);
    return orders.map(({uuid}) => uuid);
}

/**
 * The card payments that a refund order may go back to, as the ledger has them: those
 * of other registers and sessions included.
 * @param {Object} pos the POS store
 * @param {Object} order the refund order
 * @returns {Promise<{uuid: string, left: number, row: object}[]>} with what is left
 * of them, in minor units
 */
async function refundableOf(pos, order) {
    const uuids = await refundedOrderUuids(pos, order);
    if (!uuids.length) {
        return [];
    }
    const read = (domain) => pos.data.orm.silent.searchRead(MODEL, domain, FIELDS);
    const sales = await read([
        ["order_uuid", "in", uuids],
        ["kind", "!=", "refund"],
    ]);
    const paid = sales.filter(isPaid);
    const refunds = paid.length
        ? await read([["original_id", "in", paid.map(({id}) => id)]])
        : [];
    return paid.map((row) => ({
        uuid: row.payment_uuid,
        left: refundable(row) - refunded(row, refunds),
        row,
    }));
}

/** @returns {Promise<object|undefined>} the cashier's choice */
function chooseOriginal(pos, choices) {
    const list = choices.map((choice) => ({
        id: choice.row.id,
        item: choice,
        label: _t("%(amount)s on %(terminal)s", {
            amount: formatMinor(choice.left, pos),
            terminal: choice.row.terminal_id[1],
        }),
        isSelected: false,
    }));
    return makeAwaitable(pos.dialog, SelectionPopup, {
        title: _t("Which card payment should be refunded?"),
        list,
    });
}

function refusalWithoutOriginal(all, pos) {
    // The server knows the register's user; only the register knows its cashier.
    if (pos.config.sci_free_refund && pos.getCashier()._role === "manager") {
        return undefined;
    }
    return all.length
        ? _t("This card payment has already been refunded in full.")
        : _t("This sale was not paid by card. Refund it by another method.");
}

/**
 * Finds the card payment that a refund goes back to, and keeps it with the line. Where
 * there are several, the cashier chooses one, and the line refunds no more than is
 * left of it.
 * @param {Object} line payment line with a negative amount
 * @param {Object} pos the POS store
 * @returns {Promise<string|undefined>} a sentence when it cannot be sent
 */
export async function refusalOfRefund(line, pos) {
    if (line.uiState.sciRequest?.original) {
        return undefined;
    }
    const all = await withinTimeLimit(refundableOf(pos, line.pos_order_id));
    const choices = all.filter(({left}) => left > 0);
    if (!choices.length) {
        return refusalWithoutOriginal(all, pos);
    }
    const isOnly = choices.length === 1;
    const choice = isOnly ? choices[0] : await chooseOriginal(pos, choices);
    if (!choice) {
        return _t("No card payment was chosen.");
    }
    line.uiState = {...line.uiState, sciRequest: {original: choice.uuid}};
    const left = fromMinorUnits(choice.left, pos.currency.decimal_places);
    if (!isOnly && -line.getAmount() > left) {
        line.amount = -left;
    }
    return undefined;
}
