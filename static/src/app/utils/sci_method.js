/** The code of this addon among Odoo's payment terminals. */
export const TERMINAL_CODE = "mx51_sci";

/** @returns {Boolean} whether a payment method goes to a terminal through SCI */
export function isSciMethod(method) {
    return method?.use_payment_terminal === TERMINAL_CODE;
}
