/** Which buttons of mx51's form stand out or are left out, by the payment's state. */
import {isCancel, primaryButton} from "@pos_mx51_sci/dialogs/action_form";

/** They end the dialog or the attempt; not while nobody knows what was charged. */
const ENDING = ["TRANSACTION_COMPLETE", "RETRY_TRANSACTION"];

/**
 * @param {Object} form see `parseInstructions`
 * @param {Object} sci snapshot
 * @returns {FormElement|undefined} the one that stands out; what was not paid is tried
 * again
 */
export function primaryOf(form, {phase, paid}) {
    return phase === "ended" && !paid
        ? form.elements.find(({action}) => action === "RETRY_TRANSACTION")
        : primaryButton(form);
}

/** @returns {Boolean} whether a press would be wrong now */
export function isWrong(button, {phase, view, cancelRequested}) {
    if (phase === "ended" || !view) {
        return false;
    }
    const isCancelling = cancelRequested || view.cancel_requested;
    const isUndecided = view.financial_status === "UNKNOWN";
    return Boolean(
        (isCancelling && isCancel(button)) ||
            (isUndecided && ENDING.includes(button.action))
    );
}
