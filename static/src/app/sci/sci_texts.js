import {_t} from "@web/core/l10n/translation";
import {formatFloat} from "@web/core/utils/numbers";
import {LOGGED_OUT} from "./sci_payment";
import {fromMinorUnits} from "./minor_units";

/** Silence is worth a word after this many seconds; a held question takes 20. */
export const SILENCE = 25;

/** Elapsed time is shown from this many seconds on. */
export const LONG = 10;

const NOTHING_CHARGED = () => _t("Nothing was charged.");

function say(text, tone, hint = "") {
    return {text, tone, hint, elapsed: 0};
}

/** No answer to the create, or a final one that says nothing: a person has to look. */
export function isUnknown(view) {
    return (
        view.unresolved && (view.status === "unknown" || view.status === "FINALISED")
    );
}

/** Nobody answered, so the error knows nothing of what became of the payment. */
export function isSilence(error) {
    return Boolean(error) && ["no_answer", "bad_answer"].includes(error.code);
}

function liveText({view, cancelWanted}, silence) {
    const terminal = view.terminal_name || _t("the terminal");
    if (isUnknown(view)) {
        const hint = _t(
            "Look at %s or its receipt. You will be asked here whether the payment " +
                "was successful.",
            terminal
        );
        return say(_t("No answer from %s", terminal), "danger", hint);
    }
    if (view.error && view.error.code === "device_not_connected") {
        return say(view.error.message, "warning");
    }
    if (silence >= SILENCE) {
        return say(_t("No answer for %s s", silence), "warning", view.message || "");
    }
    if (view.status === "draft") {
        return say(_t("Checking the terminal"), "muted");
    }
    if (view.status === "sending") {
        return say(_t("Sending to %s", terminal), "muted");
    }
    if (cancelWanted || view.cancel_requested) {
        return say(_t("Cancelling on %s", terminal), "muted", view.message || "");
    }
    if (view.status === "AWAITING_POS" && view.message) {
        return say(_t("Waiting for the cashier: %s", view.message), "warning");
    }
    return say(view.message || _t("Waiting for %s", terminal), "muted");
}

/** What a person said, not what mx51 said last: that may be about the card. */
function overriddenText({overridden, terminal_name: terminal}, error) {
    const news = (!isSilence(error) && error && error.message) || "";
    return overridden === "yes"
        ? say(_t("Recorded as paid on %s", terminal), "success", news)
        : say(_t("Recorded as not paid on %s", terminal), "danger", news);
}

/** The bank's answer came after somebody had said No: it is what counts. */
function contradictedText({message}) {
    const news = _t(
        "Marked as not paid, but the bank has approved it. Nothing was charged again."
    );
    return say(message || _t("Approved"), "success", news);
}

function endText({view, error, paid}) {
    if (view && view.overridden) {
        const isContradicted = paid && view.overridden === "no";
        return isContradicted ? contradictedText(view) : overriddenText(view, error);
    }
    if (paid) {
        return say(view.message || _t("Approved"), "success");
    }
    if (view && view.status !== "not_sent") {
        const text = (error && error.message) || view.message || _t("Not paid");
        return say(text, "danger", (error && error.hint) || "");
    }
    if (!error) {
        return say(_t("The payment was not sent."), "danger", NOTHING_CHARGED());
    }
    // Odoo that refuses altogether cannot vouch for what was charged.
    const charged = error.code === "refused" ? "" : NOTHING_CHARGED();
    const hints = new Set([charged, error.hint].map((sentence) => `${sentence || ""}`));
    const news = [...hints].filter((hint) => hint && !error.message.includes(hint));
    return say(error.message, "danger", news.join(" "));
}

/** What is being done, in the words of the shop. */
export function kindText(kind) {
    const kinds = {
        refund: _t("Card refund"),
        cashout: _t("Cash-out"),
        purchase_with_cashout: _t("Card payment with cash-out"),
        moto: _t("Mail or telephone order"),
    };
    return kinds[kind] || _t("Card payment");
}

/** The parts of an amount; the ones the terminal adds are named. */
export function amountText(name) {
    const parts = {
        purchase_amount: _t("Purchase"),
        refund_amount: _t("Refund"),
        cashout_amount: _t("Cash-out"),
        moto_amount: _t("Mail or telephone order"),
        tip_amount: _t("Tip"),
        surcharge_amount: _t("Surcharge"),
    };
    return parts[name] || name;
}

/**
 * An amount with the name of its currency, as in "AUD 12.50".
 * @param {number} minor integer in minor units
 * @param {{name: string, decimal_places: number}} currency
 */
export function moneyText(minor, currency) {
    const digits = [16, currency.decimal_places];
    const amount = fromMinorUnits(minor, currency.decimal_places);
    return `${currency.name} ${formatFloat(amount, {digits})}`;
}

/**
 * The live text of a payment line.
 * @param {object|false} sci what is known of the line's payment (see SciDesk.note)
 * @param {number} now milliseconds
 * @returns {{text: string, hint: string, tone: string, elapsed: number}} `tone` is
 * one of Bootstrap's: muted, success, warning, danger
 */
export function lineText(sci, now) {
    if (!sci) {
        return say(_t("Ready to send to the terminal"), "muted");
    }
    if (sci.lost === LOGGED_OUT) {
        return say(
            _t(
                "You are logged out of Odoo. Reload this page and log in again: the " +
                    "terminal may still be taking the payment."
            ),
            "warning"
        );
    }
    if (sci.lost) {
        return say(
            _t(
                "Connection to Odoo lost. The terminal may still be taking the " +
                    "payment; this screen will catch up."
            ),
            "warning"
        );
    }
    if (sci.phase === "ended") {
        return endText(sci);
    }
    const {view, cancelWanted, seenAt} = sci;
    const passed = Math.max(0, Math.floor((now - (seenAt || now)) / 1000));
    const starting = cancelWanted ? _t("Cancelling") : _t("Checking the terminal");
    const known = view
        ? liveText(sci, (view.silent_for || 0) + passed)
        : say(starting, "muted");
    const elapsed = ((view && view.elapsed) || 0) + passed;
    return {...known, elapsed: elapsed >= LONG ? elapsed : 0};
}

/** Why an order may not be validated, deleted, merged or split now. */
export function orderLockText(lines) {
    const unresolved = lines.find((line) => !line.isDone());
    if (unresolved) {
        const {view} = unresolved.uiState?.sci || {};
        return _t(
            "A card payment of this order is not finished on %s. Wait for its " +
                "result, or cancel it.",
            (view && view.terminal_name) || _t("the terminal")
        );
    }
    return _t(
        "This order has an approved card payment. Validate it; what was paid can be " +
            "refunded afterwards."
    );
}
