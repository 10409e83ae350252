/** A terminal's receipt that says approved, against the bank's final answer. */
import {usesEmployees} from "@pos_mx51_sci/app/request/manager";

const NOT_PAID = ["DECLINED", "CANCELLED"];

/**
 * @param {Object} pos the POS store
 * @param {Object|undefined} line payment line
 * @param {SciPaymentView} view of its row
 * @returns {Boolean} whether it is offered: the bank's answer is final, and this is a
 * manager; with pos_hr one comes with a PIN
 */
export function mayStateAgainst(pos, line, view) {
    const isRefused = NOT_PAID.includes(view.financial_status) && !view.overridden;
    const isOpen = line && !line.pos_order_id?.finalized;
    const isManager = pos.getCashier()?._role === "manager";
    return Boolean(isRefused && isOpen && (usesEmployees(pos) || isManager));
}

/** @returns {Object} what SciOverride needs of a payment that nobody follows any more */
export function refusedPayment(pos, uuid, view) {
    return {
        view,
        override: (_successful, reason, employeeId, pin) =>
            pos.sci.stateAgainst(uuid, reason, {employeeId, pin}),
    };
}
