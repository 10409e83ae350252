import {CustomerDisplayPosAdapter} from "@point_of_sale/app/customer_display/customer_display_adapter";
import {_t} from "@web/core/l10n/translation";
import {chargedAmounts, signedTotal} from "@pos_mx51_sci/app/request/amounts";
import {formatCurrency} from "@point_of_sale/app/models/utils/currency";
import {exponentOf, fromMinorUnits} from "@pos_mx51_sci/app/request/minor_units";
import {patch} from "@web/core/utils/patch";

/** @returns {string|undefined} what the customer should know of a card payment */
function textOf({phase, paid, view}) {
    if (phase !== "ended") {
        return view?.status === "PENDING"
            ? _t("Please present your card")
            : _t("One moment, please");
    }
    if (paid) {
        return _t("Approved");
    }
    return {DECLINED: _t("Declined"), CANCELLED: _t("Cancelled")}[
        view?.financial_status
    ];
}

/**
 * The card payment that the customer is busy with: the one that runs, or the last line
 * of the order. The amount has a surcharge in it.
 * @returns {{text: string, amount: string}|null}
 */
function cardPaymentOf(order) {
    const lines = [...order.payment_ids];
    const line = lines.find((it) => it.isSciUnresolved()) || lines.at(-1);
    const sci = line?.isSci() && line.uiState?.sci;
    const text = sci && textOf(sci);
    if (!text) {
        return null;
    }
    const {view, paid} = sci;
    const {currency} = order;
    const minor = view && signedTotal(paid ? chargedAmounts(view) : view.amounts);
    const amount = minor && fromMinorUnits(minor, exponentOf(order.config));
    return {text, amount: amount ? formatCurrency(amount, currency) : ""};
}

export const customerDisplayPatch = {
    /** A line that is not paid, or not yet, is no payment. */
    formatOrderData(order) {
        super.formatOrderData(...arguments);
        this.data.paymentLines = order.payment_ids
            .filter((line) => !line.isSci() || line.isDone())
            .map((line) => this.getPaymentData(line));
        this.data.sciPayment = cardPaymentOf(order);
    },
};

patch(CustomerDisplayPosAdapter.prototype, customerDisplayPatch);
