import {isUnknown} from "./texts";

/**
 * What a payment is at a glance: `icon` one of Font Awesome, `tone` one of Bootstrap's
 * colours, `sound` one of Odoo's own, played once when the mood begins.
 */
export const MOODS = {
    checking: {icon: "fa-credit-card", tone: "secondary", sound: ""},
    waiting: {icon: "fa-credit-card", tone: "info", sound: "beep"},
    turn: {icon: "fa-hand-pointer-o", tone: "warning", sound: "notification"},
    doubt: {
        icon: "fa-question-circle",
        tone: "warning",
        sound: "notification",
    },
    approved: {icon: "fa-check-circle", tone: "success", sound: "bell"},
    declined: {icon: "fa-times-circle", tone: "danger", sound: "error"},
};

/**
 * @param {Object} snapshot of a payment, see `SciPayment.snapshot`
 * @returns {String} a key of MOODS
 */
export function moodOf({phase, view, paid, problem}) {
    if (phase === "ended") {
        return paid ? "approved" : "declined";
    }
    if (problem || (view && (view.override_open || isUnknown(view)))) {
        return "doubt";
    }
    if (!view || ["draft", "sending"].includes(view.status)) {
        return "checking";
    }
    return view.status === "AWAITING_POS" ? "turn" : "waiting";
}

/** Whether the cashier has to act; while Odoo is lost, nobody can. */
export function needsCashier(snapshot) {
    return !snapshot.problem && ["turn", "doubt"].includes(moodOf(snapshot));
}
