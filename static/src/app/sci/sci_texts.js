import {_t} from "@web/core/l10n/translation";

/** Silence is worth a word after this many seconds; a held question takes 20. */
export const SILENCE = 25;

/** Elapsed time is shown from this many seconds on. */
export const LONG = 10;

const NOTHING_CHARGED = () => _t("Nothing was charged.");

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
    if (!sci.view) {
        return say(_t("Checking the terminal"), "muted");
    }
    const passed = Math.max(0, Math.floor((now - sci.seenAt) / 1000));
    const known = liveText(sci, (sci.view.silent_for || 0) + passed);
    const elapsed = (sci.view.elapsed || 0) + passed;
    return {...known, elapsed: elapsed >= LONG ? elapsed : 0};
}

function say(text, tone, hint = "") {
    return {text, tone, hint, elapsed: 0};
}

function liveText({view, cancelWanted}, silence) {
    const terminal = view.terminal_name || _t("the terminal");
    if (isUnknown(view)) {
        const hint = _t(
            "Look at %s or its receipt. A manager can record whether the payment " +
                "was successful, under Point of Sale, EFTPOS transactions.",
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
    return say(view.message || _t("Waiting for %s", terminal), "muted");
}

/** No answer to the create, or a final one that says nothing: a person has to look. */
export function isUnknown(view) {
    return (
        view.unresolved && (view.status === "unknown" || view.status === "FINALISED")
    );
}

function endText({view, error, paid}) {
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
