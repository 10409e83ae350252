import {ADDED, chargedAmounts} from "@pos_mx51_sci/app/request/amounts";
import {_t} from "@web/core/l10n/translation";
import {fromMinorUnits} from "@pos_mx51_sci/app/request/minor_units";

function lineUuid(view, kind) {
    return `sci-${view.payment_uuid}-${view.id}-${kind}`;
}

function findLine(order, view, kind) {
    return order.lines.find(
        (line) =>
            line.uuid === lineUuid(view, kind) ||
            (line.sci_line_kind === kind && line.getSciRowId() === view.id)
    );
}

function productOf(pos, kind) {
    const id = pos.config._sci_product_ids?.[kind];
    const product = id && pos.models["product.product"].get(id);
    return (kind === "tip" && pos.config.tip_product_id) || product;
}

/**
 * The bank's amount is what the customer paid in all, taxes included, even where the
 * product's price excludes them. Where no price without taxes gives that amount, the
 * line goes untaxed: the order has to balance to the cent.
 */
function fitPrice(order, line, {before, amount}) {
    const {currency} = order;
    const step = 10 ** -currency.decimal_places;
    const gain = () => order.priceIncl - before;
    const fits = () => currency.isZero(gain() - amount);
    if (fits()) {
        return;
    }
    const guess = (amount * amount) / gain();
    for (const price of [guess, guess - step, guess + step]) {
        line.setUnitPrice(price);
        if (fits()) {
            return;
        }
    }
    line.update({tax_ids: [["clear"]]});
    line.setUnitPrice(amount);
}

function addLine(pos, order, view, {kind, amount}) {
    const product = productOf(pos, kind);
    if (!product) {
        // The payment line keeps its amount; the cashier sees the difference.
        pos.notification.add(
            _t("There is no product for what the terminal added. Ask a manager."),
            {type: "danger", sticky: true}
        );
        return;
    }
    const before = order.priceIncl;
    const line = pos.models["pos.order.line"].create({
        uuid: lineUuid(view, kind),
        order_id: order,
        product_id: product,
        qty: 1,
        price_unit: amount,
        price_type: "manual",
        tax_ids: product.product_tmpl_id.taxes_id.map((tax) => ["link", tax]),
        sci_line_kind: kind,
    });
    line.uiState = {...line.uiState, sciRowId: view.id};
    fitPrice(order, line, {before, amount});
}

/**
 * Adds what a terminal added to a sale to its order: a tip and a surcharge become
 * order lines, once, however often and in however many tabs the answer arrives. The
 * same line has the same uuid everywhere.
 * @param {Object} pos the POS store
 * @param {Object} line payment line
 * @param {SciPaymentView} view of its row, which is paid
 */
export function addChargedLines(pos, line, view) {
    const order = line.pos_order_id;
    if (!order || order.finalized || view.kind === "refund") {
        return;
    }
    const charged = chargedAmounts(view);
    // A tip that the cashier put on the order is in it already.
    const ordered = {tip: view.amounts?.tip_amount || 0, surcharge: 0};
    for (const kind of ADDED) {
        const minor = charged[`${kind}_amount`] - ordered[kind];
        if (minor > 0 && !findLine(order, view, kind)) {
            const amount = fromMinorUnits(minor, order.currency.decimal_places);
            addLine(pos, order, view, {kind, amount});
        }
    }
}
