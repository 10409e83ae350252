import {_t} from "@web/core/l10n/translation";
import {isUnknown, lineText} from "@pos_mx51_sci/app/display/texts";

/**
 * Card payments of this register whose outcome this browser does not know yet.
 * @param {Object} pos the POS store, of the component that draws them
 * @returns {Object[]} payment lines
 */
export function runningPayments(pos) {
    return pos.models["pos.payment"].filter(
        (line) => line.isSciUnresolved() && !line.pos_order_id?.finalized
    );
}

/**
 * What a payment waits for.
 * @param {Object} line payment line
 * @returns {{needsCashier: boolean, icon: string, tone: string, text: string}}
 */
export function waitsFor(line) {
    const {view, problem} = line.uiState?.sci || {};
    const {text} = lineText(line.uiState?.sci, Date.now());
    if (view && !problem && (view.override_open || isUnknown(view))) {
        const question = _t("Was the transaction successful?");
        return {
            needsCashier: true,
            icon: "fa-question-circle",
            tone: "danger",
            text: view.override_open ? question : text,
        };
    }
    if (view?.status === "AWAITING_POS" && !problem) {
        return {needsCashier: true, icon: "fa-hand-o-right", tone: "warning", text};
    }
    return {needsCashier: false, icon: "fa-credit-card", tone: "info", text};
}
