import {Component, onMounted, useEffect, useRef, useState} from "@odoo/owl";
import {
    LONG,
    amountText,
    isSilence,
    isUnknown,
    kindText,
    lineText,
} from "@pos_mx51_sci/app/display/texts";
import {
    inputValues,
    isCancel,
    offersAction,
    primaryButton,
} from "@pos_mx51_sci/dialogs/action_form";
import {
    mayStateAgainst,
    refusedPayment,
} from "@pos_mx51_sci/dialogs/sci_override/against";
import {Dialog} from "@web/core/dialog/dialog";
import {SciActionForm} from "./sci_action_form";
import {SciOverride} from "@pos_mx51_sci/dialogs/sci_override/sci_override";
import {_t} from "@web/core/l10n/translation";
import {formatMinor} from "@pos_mx51_sci/app/request/amounts";
import {mayCancel} from "@pos_mx51_sci/app/follow/cancel_request";
import {kindOf} from "@pos_mx51_sci/app/request/request";
import {registry} from "@web/core/registry";
import {usePos} from "@point_of_sale/app/hooks/pos_hook";
import {useSciTerminals} from "@pos_mx51_sci/app/services/sci_terminals";

/** Milliseconds for which "Keep waiting" hides the question about the outcome. */
export const KEEP_WAITING = 60000;

const SECOND = 1000;

/** The order of the parts on a bill; others follow. */
const PARTS = ["purchase_amount", "moto_amount", "cashout_amount", "tip_amount"];

const NO_FORM = {
    name: "",
    form: {rows: [], elements: [], details: "", autoActions: []},
    values: new Map(),
};

function total(amounts) {
    return Object.values(amounts)
        .filter(Number.isInteger)
        .reduce((sum, minor) => sum + minor, 0);
}

/**
 * One card payment, from its start until the cashier has read the result: what is
 * happening, whose turn it is, which buttons there are. It only draws: it may be closed
 * at any time, and the payment goes on.
 */
export class SciTransactionDialog extends Component {
    static template = "pos_mx51_sci.SciTransactionDialog";
    static components = {Dialog, SciActionForm, SciOverride};
    static props = {uuid: String, close: Function};

    setup() {
        this.pos = usePos();
        this.terminals = useSciTerminals();
        this.state = useState({
            now: Date.now(),
            waitUntil: 0,
            isAgainst: false,
            payload: "",
            payloadOf: "",
        });
        this.headline = useRef("headline");
        this.endedAt = 0;
        onMounted(() => this.headline.el?.focus());
        useEffect(
            () => {
                const timer = setInterval(() => this.tick(), SECOND);
                return () => clearInterval(timer);
            },
            () => []
        );
        useEffect(
            () => this.followResult(),
            () => [this.isEnded]
        );
        useEffect(() => this.rescueFocus());
    }

    // -- What is known -----------------------------------------------------------

    get line() {
        return this.pos.models["pos.payment"].getBy("uuid", this.props.uuid);
    }

    /** A finished order drops the snapshots of its lines; the dialog keeps the last. */
    get sci() {
        this.known = this.line?.uiState?.sci || this.known || {phase: "starting"};
        return this.known;
    }

    /** @returns {SciPaymentView} an empty object while there is no row yet */
    get view() {
        return this.sci.view || {};
    }

    get payment() {
        return this.pos.sci.payment(this.props.uuid);
    }

    get isEnded() {
        return this.sci.phase === "ended";
    }

    /** In steps of ten seconds: it is read aloud. */
    get status() {
        const {sci, state} = this;
        const passed = Math.max(0, state.now - (sci.answeredAt || state.now));
        return lineText(sci, state.now - (passed % (LONG * SECOND)));
    }

    /** Somebody other than the cashier has to act. */
    get isWaiting() {
        const isCashiersTurn = this.view.status === "AWAITING_POS" && !this.isLocked;
        return !this.isEnded && !this.isAsking && (!isCashiersTurn || this.isSpent);
    }

    get tone() {
        const {tone} = this.status;
        const isLive = !this.isEnded && this.view.message;
        return isLive || tone === "muted" ? "body" : tone;
    }

    get elapsed() {
        return lineText(this.sci, this.state.now).elapsed;
    }

    get title() {
        return kindText(this.view.kind || (this.line && kindOf(this.line)));
    }

    /** Where it was sent; before that is known, where it usually goes. */
    get terminal() {
        const {terminals} = this;
        const methodId = this.line?.payment_method_id?.id;
        return terminals.get(this.view.terminal_id) || terminals.usual(methodId);
    }

    get terminalName() {
        return this.view.terminal_name || this.terminal?.name || "";
    }

    get isSandbox() {
        return Boolean(this.terminal?.sandbox);
    }

    format(minor) {
        return formatMinor(minor, this.pos);
    }

    /** What was charged in all, else what is asked for. */
    get amount() {
        const {amounts, result_amounts: results} = this.view;
        const charged = this.sci.paid && results && total(results);
        if (charged || amounts) {
            return this.format(charged || total(amounts));
        }
        return this.env.utils.formatCurrency(Math.abs(this.line?.getAmount() || 0));
    }

    /** The parts of what was charged, or is asked for, when there is more than one. */
    get parts() {
        const {amounts, result_amounts: results} = this.view;
        const rank = (name) => PARTS.indexOf(name) + 1 || PARTS.length + 1;
        const parts = Object.entries((this.sci.paid && results) || amounts || {})
            .filter(([, minor]) => Number.isInteger(minor) && minor)
            .sort(([one], [other]) => rank(one) - rank(other))
            .map(([name, minor]) => ({
                name,
                label: amountText(name),
                amount: this.format(minor),
            }));
        return parts.length > 1 ? parts : [];
    }

    /** mx51's message as it is; a text of the POS where there is none. */
    get message() {
        const isOver = this.isEnded && (this.view.overridden || !this.view.message);
        return isOver ? this.status.text : this.view.message || this.status.text;
    }

    /** What is shown below the message: silence, a lost connection, what to do. */
    get remarks() {
        if (this.isAsking) {
            return [];
        }
        const {text, hint} = this.status;
        const all = [text, hint, this.failure, ...this.moneyRemarks];
        const remarks = new Set(all.map((remark) => `${remark || ""}`));
        return [...remarks].filter(
            (remark) => remark && !remark.endsWith(`${this.message}`)
        );
    }

    /** Errors advise trying again: not while nobody knows what was charged. */
    get failure() {
        const {error, problem} = this.sci;
        const isPast = problem || this.isEnded || isUnknown(this.view);
        return isPast && isSilence(error) ? "" : error && error.message;
    }

    /** What the approved amounts ask of the cashier. */
    get moneyRemarks() {
        const {amounts, result_amounts: results, overridden} = this.view;
        if (!this.sci.paid || overridden === "no") {
            return [];
        }
        const left = results ? total(amounts) - total(results) : 0;
        const {cashout_amount: cash} = results || amounts;
        return [
            left > 0 &&
                _t("Only part of it was approved; %s is still due.", this.format(left)),
            cash && _t("Hand out %s in cash.", this.format(cash)),
        ];
    }

    // -- The form ----------------------------------------------------------------

    get shown() {
        return this.sci.view ? this.pos.sci.formOf(this.view) : NO_FORM;
    }

    /** No button works while a press is being sent, or while none can be sent. */
    get isLocked() {
        const {payment} = this;
        const isBusy = Boolean(payment && payment.press.sending);
        return Boolean(isBusy || this.sci.problem || !payment || !this.sci.view);
    }

    get isSpent() {
        return Boolean(this.payment && this.sci.view && this.payment.isSpent);
    }

    get pressError() {
        const {payment} = this;
        return payment && !payment.press.sending ? payment.press.message : "";
    }

    get primary() {
        return primaryButton(this.shown.form);
    }

    press(button) {
        const {form, values} = this.shown;
        const inputs = inputValues(form, values);
        if (button.submit) {
            this.payment?.submit(button.key, inputs);
        } else if (button.action === "TEST_ACTION") {
            const payload = JSON.stringify(inputs, null, 2);
            Object.assign(this.state, {payload, payloadOf: this.shown.name});
        } else {
            this.run(button.action);
        }
    }

    /** What mx51's test button shows: the inputs that a press would have sent. */
    get payload() {
        return this.state.payloadOf === this.shown.name ? this.state.payload : "";
    }

    // -- Buttons of the POS, only where the form has none --------------------------

    get canCancel() {
        const {payment, sci, view} = this;
        if (!payment || isUnknown(view) || !mayCancel(sci)) {
            return false;
        }
        // A press without any effect must leave a way out.
        const {press} = payment;
        const isStuck = press && !press.sending && press.version === view.version;
        const isAnswer = (button) =>
            button.submit && (view.status === "AWAITING_POS" || isCancel(button));
        return (
            isStuck || view.cancel_requested || !this.shown.form.elements.some(isAnswer)
        );
    }

    get ownPrints() {
        const {merchant_receipt: merchant, customer_receipt: customer} = this.view;
        const {form} = this.shown;
        const offer = (receipt, action) => receipt && !offersAction(form, action);
        // The slip to sign can be printed again: the printer may have run out of paper.
        const isToSign = this.view.status === "AWAITING_POS";
        return {
            merchant:
                (this.isEnded || isToSign) && offer(merchant, "PRINT_MERCHANT_RECEIPT"),
            customer: this.isEnded && offer(customer, "PRINT_CUSTOMER_RECEIPT"),
        };
    }

    get ownClose() {
        return this.isEnded && !offersAction(this.shown.form, "TRANSACTION_COMPLETE");
    }

    cancel() {
        this.pos.sci.cancel(this.props.uuid);
    }

    run(action) {
        this.pos.sci.runAction(this.props.uuid, action, this.sci);
    }

    // -- The question about the outcome --------------------------------------------

    /** The server decides; between two of its answers the time passes all the same. */
    get isOverrideOpen() {
        const {override_open: isOpen, override_in: left} = this.view;
        const passed = (this.state.now - this.sci.answeredAt) / SECOND;
        return Boolean(isOpen || (typeof left === "number" && passed >= left));
    }

    get mayAsk() {
        const isOpen = this.view.unresolved && this.isOverrideOpen;
        return Boolean(this.payment && isOpen && !this.sci.problem);
    }

    get isAsking() {
        return this.mayAsk && this.state.now >= this.state.waitUntil;
    }

    get isPutOff() {
        return this.mayAsk && !this.isAsking;
    }

    keepWaiting() {
        this.state.waitUntil = Date.now() + KEEP_WAITING;
    }

    ask() {
        this.state.waitUntil = 0;
    }

    get canStateAgainst() {
        return this.isEnded && mayStateAgainst(this.pos, this.line, this.view);
    }

    get isStatingAgainst() {
        return this.state.isAgainst && this.canStateAgainst;
    }

    get refusedPayment() {
        return refusedPayment(this.pos, this.props.uuid, this.view);
    }

    // -- Time and focus ------------------------------------------------------------

    tick() {
        this.state.now = Date.now();
        this.endedAt = this.isEnded ? this.endedAt || this.state.now : 0;
        const seconds = this.pos.config.sci_close_after;
        const isOver =
            this.endedAt && this.state.now >= this.endedAt + seconds * SECOND;
        if (seconds > 0 && isOver && !this.isStatingAgainst) {
            this.props.close();
        }
    }

    /** Somebody is reading or printing, so the time until it closes starts again. */
    stay() {
        this.endedAt = 0;
    }

    /** The result moves the focus to the button that ends the dialog. */
    followResult() {
        if (this.isEnded && document.activeElement?.tagName !== "INPUT") {
            this.focusPrimary();
        }
    }

    /** Whatever had the focus is gone or disabled. */
    rescueFocus() {
        const active = document.activeElement;
        const isLost = !active || active === document.body || active.disabled;
        if (isLost && this.env.dialogData.isActive) {
            this.focusPrimary();
        }
    }

    /** Enter, a scanner's included, may end the dialog, but never answer the bank. */
    focusPrimary() {
        const dialog = this.headline.el?.closest(".modal-content");
        const primary =
            (this.isEnded || this.isAsking) &&
            dialog?.querySelector(".btn-primary:not(:disabled)");
        (primary || this.headline.el)?.focus({preventScroll: true});
    }
}

registry.category("lazy_components").add("SciTransactionDialog", SciTransactionDialog);
