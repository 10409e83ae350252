import {adviceFor} from "./response_codes";
import {_t} from "@web/core/l10n/translation";
import {formatFloat} from "@web/core/utils/numbers";
import {PROBLEM} from "@pos_mx51_sci/app/follow/sci_transport";
import {exponentOf, fromMinorUnits} from "@pos_mx51_sci/app/request/minor_units";

/** Silence is mentioned after this many seconds; a held poll takes 20. */
export const SILENCE = 25;

/** Elapsed time is shown from this many seconds on. */
export const LONG = 10;

const NOTHING_CHARGED = () => _t("Nothing was charged.");

/** mx51's advice is to try again, which would be wrong under a running payment. */
const OUTAGE = () =>
    _t(
        "Check its power and network. The payment may still be running; this screen " +
            "goes on by itself."
    );

function status(text, tone, hint = "") {
    return {text, tone, hint, isDoubt: false, elapsed: 0};
}

/** What mx51 said last is not what happens now. */
function doubt(...args) {
    return {...status(...args), isDoubt: true};
}

/** No answer to the create, or a final UNKNOWN: a person has to state the outcome. */
export function isUnknown(view) {
    return (
        view.unresolved && (view.status === "unknown" || view.status === "FINALISED")
    );
}

/** Why this server may not ask about a payment at all. */
export const CANNOT_ASK = ["no_credentials", "other_database", "other_pairing"];

/** Nobody answered, so the error says nothing about what became of the payment. */
export function isSilence(error) {
    return Boolean(error) && ["no_answer", "bad_answer"].includes(error.code);
}

/** What became of a cancel request that mx51 has not taken. */
function cancelHint({cancel_requested: isRequested, cancel_state: state}) {
    const hints = {
        refused: _t("The terminal could not be asked to cancel. It is asked again."),
        no_answer: _t("The terminal has not confirmed the cancel. Press Cancel again."),
    };
    return (isRequested && hints[state]) || "";
}

function undecidedText(view, terminal) {
    const hint = _t(
        "Look at %s or its receipt. You will be asked here whether the payment was " +
            "successful.",
        terminal
    );
    const text = _t("No answer from %s", terminal);
    return view.status === "unknown"
        ? doubt(text, "danger", hint)
        : status(view.message || text, "danger", hint);
}

/** The steps that a payment takes while all is well. */
function stepText(view, isCancelling, hint) {
    const terminal = view.terminal_name || _t("the terminal");
    if (view.status === "draft") {
        return status(_t("Checking the terminal"), "muted");
    }
    if (view.status === "sending") {
        return status(_t("Sending to %s", terminal), "muted");
    }
    if (isCancelling) {
        const text = _t("Cancelling on %s", terminal);
        return hint
            ? doubt(text, "warning", hint)
            : status(text, "muted", view.message || "");
    }
    if (view.status === "AWAITING_POS" && view.message) {
        return status(_t("Waiting for the cashier: %s", view.message), "warning");
    }
    return status(view.message || _t("Waiting for %s", terminal), "muted");
}

function runningText({view, cancelRequested}, silence) {
    const terminal = view.terminal_name || _t("the terminal");
    if (view.error && CANNOT_ASK.includes(view.error.code)) {
        return doubt(view.error.message, "danger");
    }
    if (isUnknown(view)) {
        return undecidedText(view, terminal);
    }
    const hint = cancelRequested ? "" : cancelHint(view);
    if (view.error && view.error.code === "device_not_connected") {
        return doubt(_t("%s is not connected", terminal), "warning", hint || OUTAGE());
    }
    if (silence >= SILENCE) {
        const text = _t("No answer for %s s", silence);
        const cause = view.error && view.error.hint;
        return doubt(text, "warning", hint || cause || view.message || "");
    }
    return stepText(view, cancelRequested || view.cancel_requested, hint);
}

/** The stated outcome, not mx51's last message: that may be about the card. */
function overriddenText({overridden, terminal_name: terminal}, error) {
    const hint = (!isSilence(error) && error && error.message) || "";
    return overridden === "yes"
        ? status(_t("Recorded as paid on %s", terminal), "success", hint)
        : status(_t("Recorded as not paid on %s", terminal), "danger", hint);
}

/** The bank's answer came after a person had stated No: the bank's counts. */
function contradictedText({message}) {
    const hint = _t(
        "Marked as not paid, but the bank has approved it. Nothing was charged again."
    );
    return status(message || _t("Approved"), "success", hint);
}

function notPaidText({message}, error) {
    const text = (error && error.message) || message || _t("Not paid");
    return status(text, "danger", (error && error.hint) || adviceFor(message));
}

function notSentText(error) {
    if (!error) {
        return status(_t("The payment was not sent."), "danger", NOTHING_CHARGED());
    }
    // When Odoo refuses altogether, nobody knows what was charged.
    const charged = error.code === "refused" ? "" : NOTHING_CHARGED();
    const hints = new Set([charged, error.hint].map((sentence) => `${sentence || ""}`));
    const others = [...hints].filter((hint) => hint && !error.message.includes(hint));
    return status(error.message, "danger", others.join(" "));
}

function endText({view, error, paid}) {
    if (view && view.overridden) {
        const isContradicted = paid && view.overridden === "no";
        return isContradicted ? contradictedText(view) : overriddenText(view, error);
    }
    if (paid) {
        return status(view.message || _t("Approved"), "success");
    }
    return view && view.status !== "not_sent"
        ? notPaidText(view, error)
        : notSentText(error);
}

/** The kind of a transaction, in the words of the shop. */
export function kindText(kind) {
    const kinds = {
        refund: _t("Refund"),
        cashout: _t("Cash-out"),
        purchase_with_cashout: _t("Card payment with cash-out"),
        moto: _t("Mail or telephone order"),
    };
    return kinds[kind] || _t("Card payment");
}

/** The parts of an amount, by the names of `amounts`. */
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
 * @param {Object} config the register
 */
export function moneyText(minor, config) {
    const digits = [16, exponentOf(config)];
    const amount = fromMinorUnits(minor, exponentOf(config));
    return `${config.currency_id.name} ${formatFloat(amount, {digits})}`;
}

/** What keeps Odoo from saying anything about a payment that may be running. */
function problemText({code, message}) {
    if (code === PROBLEM.loggedOut) {
        return _t(
            "You are logged out of Odoo. Reload this page and log in again: the " +
                "terminal may still be taking the payment."
        );
    }
    if (code === PROBLEM.refused) {
        return _t(
            "Odoo cannot show this payment, and the terminal may still be taking it. " +
                "Ask a manager. %s",
            message
        );
    }
    return _t(
        "Connection to Odoo lost. The terminal may still be taking the payment; this " +
            "screen will catch up."
    );
}

/**
 * The text of a payment line.
 * @param {object|false} sci the line's snapshot, see `SciPayment.snapshot`
 * @param {Number} now milliseconds
 * @returns {{text: string, hint: string, tone: string, isDoubt: boolean,
 * elapsed: number}} `tone` is one of Bootstrap's: muted, success, warning, danger
 */
export function lineText(sci, now) {
    if (!sci) {
        return status(_t("Ready to send to the terminal"), "muted");
    }
    if (sci.problem) {
        return status(problemText(sci.problem), "warning");
    }
    if (sci.phase === "ended") {
        return endText(sci);
    }
    const {view, cancelRequested, cancelRefusal, answeredAt} = sci;
    const passed = Math.max(0, Math.floor((now - (answeredAt || now)) / 1000));
    const starting = cancelRequested ? _t("Cancelling") : _t("Checking the terminal");
    const known = view
        ? runningText(sci, (view.silent_for || 0) + passed)
        : status(starting, "muted");
    const elapsed = ((view && view.elapsed) || 0) + passed;
    return {
        ...known,
        hint: cancelRefusal || known.hint,
        elapsed: elapsed >= LONG ? elapsed : 0,
    };
}

/** Why an order may not be validated, deleted, merged or split now. */
export function orderLockText(lines) {
    const unresolved = lines.find((line) => !line.isDone());
    if (unresolved) {
        const {view} = unresolved.uiState?.sci || {};
        return _t(
            "A card payment for this order is not finished on %s. Wait for its " +
                "result, or cancel it.",
            (view && view.terminal_name) || _t("the terminal")
        );
    }
    return _t(
        "This order has an approved card payment. Validate it; what was paid can be " +
            "refunded afterwards. An approved part can be given back on the payment " +
            "screen."
    );
}
