import {MOODS, moodOf, needsCashier} from "@pos_mx51_sci/app/display/moods";
import {_t} from "@web/core/l10n/translation";
import {lineText} from "@pos_mx51_sci/app/display/texts";

/** A kiosk's, which each register has in its list of orders and nobody follows here. */
function isElsewhere({pos_order_id: order, uiState}) {
    return order?.source === "kiosk" && !uiState?.sci;
}

/**
 * Card payments of this register whose outcome this browser does not know yet.
 * @param {Object} pos the POS store, of the component that draws them
 * @returns {Object[]} payment lines
 */
export function runningPayments(pos) {
    return pos.models["pos.payment"].filter(
        (line) =>
            line.isSciUnresolved() &&
            !line.pos_order_id?.finalized &&
            !isElsewhere(line)
    );
}

/**
 * What a payment waits for.
 * @param {Object} line payment line
 * @returns {{needsCashier: boolean, icon: string, tone: string, text: string}}
 */
export function waitsFor(line) {
    const sci = line.getSciState() || {};
    const mood = moodOf(sci);
    const isAsked = sci.view?.override_open && !sci.problem;
    return {
        needsCashier: needsCashier(sci),
        icon: MOODS[mood].icon,
        tone: MOODS[mood].tone,
        text: isAsked
            ? _t("Was the transaction successful?")
            : lineText(sci, Date.now()).text,
    };
}
