/** The amounts of a payment as its dialog shows them, in minor units. */
import {amountText} from "@pos_mx51_sci/app/display/texts";
import {chargedAmounts} from "@pos_mx51_sci/app/request/amounts";

/** The order of the parts on a bill; others follow. */
const PARTS = ["purchase_amount", "moto_amount", "cashout_amount", "tip_amount"];

export function total(amounts) {
    return Object.values(amounts || {})
        .filter(Number.isInteger)
        .reduce((sum, minor) => sum + minor, 0);
}

/** @returns {Object} what was charged, else what is asked for */
export function amountsOf({view, paid}) {
    return (view && (paid ? chargedAmounts(view) : view.amounts)) || {};
}

/** @returns {Object[]} `{name, label, minor}` when there is more than one */
export function partsOf(sci) {
    const rank = (name) => PARTS.indexOf(name) + 1 || PARTS.length + 1;
    const parts = Object.entries(amountsOf(sci))
        .filter(([, minor]) => Number.isInteger(minor) && minor)
        .sort(([one], [other]) => rank(one) - rank(other))
        .map(([name, minor]) => ({name, label: amountText(name), minor}));
    return parts.length > 1 ? parts : [];
}

/** @returns {Boolean} whether the bank approved less than was asked for */
export function isPartOnly({view, paid}) {
    const {amounts, result_amounts: results} = view || {};
    const charged = total(results);
    return Boolean(paid && charged && charged < total(amounts));
}
