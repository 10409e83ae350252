import {_t} from "@web/core/l10n/translation";
import {ask} from "@point_of_sale/app/utils/make_awaitable_dialog";

/**
 * What Odoo asks for when an order is validated. Of a card payment it is asked for
 * before: afterwards the customer may be gone.
 */

/** @returns {string|undefined} why this order needs a customer that it has not */
function reasonForCustomer(order) {
    if (order.getPartner()) {
        return undefined;
    }
    const methods = order.payment_ids.map((line) => line.payment_method_id);
    const method = methods.find((it) => it.split_transactions);
    if (method) {
        return _t("%s needs a customer.", method.name);
    }
    const isInvoiced = order.isToInvoice() && order.lines.length;
    return isInvoiced || order.getShippingDate()
        ? _t("Select the customer before you invoice or ship this order.")
        : undefined;
}

/** @returns {string|undefined} what else is missing, whoever the customer is */
function missingDetails(order) {
    const {name, street, city, country_id} = order.getPartner() || {};
    if (order.getShippingDate() && !(name && street && city && country_id)) {
        return _t("The selected customer needs an address.");
    }
    return order.presetRequirementsFilled
        ? undefined
        : order.uiState.requiredPartnerDetails.message;
}

async function askForCustomer(order, pos, reason) {
    if (await ask(pos.dialog, {title: _t("Customer required"), body: reason})) {
        await pos.selectPartner();
    }
    return reasonForCustomer(order) || missingDetails(order);
}

/**
 * @param {Object} order
 * @param {Object} pos the POS store
 * @returns {Promise<string>|string|undefined} what is missing although the cashier was
 * asked for it, as a sentence
 */
export function missingOf(order, pos) {
    const reason = reasonForCustomer(order);
    return reason ? askForCustomer(order, pos, reason) : missingDetails(order);
}
