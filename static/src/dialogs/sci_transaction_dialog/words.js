/** What the transaction dialog says about a payment, from its snapshot. */
import {amountsOf, isPartOnly} from "./money";
import {CANNOT_ASK, isSilence} from "@pos_mx51_sci/app/display/texts";
import {_t} from "@web/core/l10n/translation";
import {asksToCancel} from "@pos_mx51_sci/app/follow/cancel_request";

/**
 * mx51's message as it is; a text of the POS where there is none, or a newer one.
 * @param {Object} sci snapshot
 * @param {Object} status see `lineText`
 * @param {Boolean} isAsking whether the outcome is being asked for
 */
export function messageOf({phase, view, problem}, status, isAsking) {
    const {message, overridden, status: state} = view || {};
    if (phase === "ended") {
        return overridden ? status.text : message || status.text;
    }
    const isOld = status.isDoubt || (isAsking && state !== "FINALISED");
    return isOld && !problem ? status.text : message || status.text;
}

/** What a running payment's own texts say better, or the question that is below. */
const SAID_ELSEWHERE = [
    "device_not_connected",
    "wrong_pin",
    "too_many_pins",
    "wrong_login",
    "second_factor",
    "no_manager",
];

/** Nothing that advises trying again while the payment may be running. */
function failureOf({phase, error}, press) {
    const isSaid = phase !== "ended" && SAID_ELSEWHERE.includes(error?.code);
    const isOfPress = Boolean(error) && press?.error?.message === error.message;
    return !error || isSilence(error) || isSaid || isOfPress ? "" : error.message;
}

/**
 * @param {Object|false|undefined} press see `SciPayment.submit`; its error is not here
 * @returns {String[]} what is said below the message: silence, what to do
 */
export function remarksOf(sci, {text, hint}, message, press) {
    const part = isPartOnly(sci) && _t("Only a part of it was approved.");
    const all = [text, hint, failureOf(sci, press), part];
    const remarks = new Set(all.map((remark) => `${remark || ""}`));
    return [...remarks].filter((remark) => remark && !remark.endsWith(`${message}`));
}

/** What becomes of a press on Cancel is said of the payment, not of the press. */
function isSaidElsewhere({key, error}, view) {
    const codes = [...SAID_ELSEWHERE, ...CANNOT_ASK];
    const isCancelled = view.cancel_requested && asksToCancel(view, key);
    return codes.includes(error.code) || isCancelled;
}

/**
 * Why a press on the form that is shown has done nothing, and what to do.
 * @param {Object|false|undefined} press see `SciPayment.submit`
 * @param {SciPaymentView} view
 * @returns {String[]} empty where nobody knows, or nothing is wrong
 */
export function pressFailure(press, view) {
    if (!press || press.sending || press.version !== view.version) {
        return [];
    }
    const {error, message} = press;
    const isOther = !error || isSilence(error) || isSaidElsewhere(press, view);
    return (isOther ? [message] : [error.message, error.hint]).filter(Boolean);
}

/**
 * What an approval leaves to do for the cashier, said before anything else.
 * @param {Object} sci snapshot
 * @param {Object|undefined} order
 * @param {Object} formats `{minor, amount}`: functions that write money
 */
export function todoOf(sci, order, formats) {
    const {paid, view} = sci;
    if (!paid || view.overridden === "no") {
        return "";
    }
    const {cashout_amount: cash} = amountsOf(sci);
    if (cash) {
        return _t("Hand out %s", formats.minor(cash));
    }
    const rest = order && !order.finalized ? order.getSciRest() : 0;
    if (view.kind === "refund") {
        return rest < 0 ? _t("Still to refund %s", formats.amount(-rest)) : "";
    }
    return rest > 0 ? _t("Still to pay %s", formats.amount(rest)) : "";
}
