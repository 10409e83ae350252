import {Component, onMounted, useEffect, useRef, useState} from "@odoo/owl";
import {LONG, isUnknown, kindText, lineText} from "@pos_mx51_sci/app/display/texts";
import {MOODS, moodOf} from "@pos_mx51_sci/app/display/moods";
import {amountsOf, isPartOnly, partsOf, total} from "./money";
import {messageOf, pressFailure, remarksOf, todoOf} from "./words";
import {isWrong, primaryOf} from "./buttons";
import {inputValues, isCancel, offersAction} from "@pos_mx51_sci/dialogs/action_form";
import {
    mayStateAgainst,
    refusedPayment,
} from "@pos_mx51_sci/dialogs/sci_override/against";
import {AutoClose} from "./auto_close";
import {Dialog} from "@web/core/dialog/dialog";
import {SciActionForm} from "./sci_action_form";
import {SciNextSteps} from "./sci_next_steps";
import {SciOverride} from "@pos_mx51_sci/dialogs/sci_override/sci_override";
import {_t} from "@web/core/l10n/translation";
import {formatMinor} from "@pos_mx51_sci/app/request/amounts";
import {isFocusLost} from "@pos_mx51_sci/app/display/focus";
import {mayCancel} from "@pos_mx51_sci/app/follow/cancel_request";
import {kindOf} from "@pos_mx51_sci/app/request/request";
import {registry} from "@web/core/registry";
import {usePos} from "@point_of_sale/app/hooks/pos_hook";
import {useSciTerminals} from "@pos_mx51_sci/app/services/sci_terminals";

/** Milliseconds for which "Keep waiting" hides the question about the outcome. */
export const KEEP_WAITING = 60000;

const SECOND = 1000;

const NO_FORM = {
    name: "",
    form: {rows: [], elements: [], details: "", autoActions: []},
    values: new Map(),
};

/**
 * One card payment, from its start until the cashier has read the result: what is
 * happening, whose turn it is, which buttons there are. It only draws: it may be closed
 * at any time, and the payment goes on.
 */
export class SciTransactionDialog extends Component {
    static template = "pos_mx51_sci.SciTransactionDialog";
    static components = {Dialog, SciActionForm, SciNextSteps, SciOverride};
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
        this.autoClose = useState(new AutoClose());
        this.wasAsked = false;
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
        const {status} = this.view;
        if (status === "FINALISED") {
            return false;
        }
        const isCashiersTurn = status === "AWAITING_POS" && !this.isLocked;
        return !this.isEnded && !this.isAsking && (!isCashiersTurn || this.isSpent);
    }

    get mood() {
        return this.isAsking ? "doubt" : moodOf(this.sci);
    }

    get icon() {
        return MOODS[this.mood].icon;
    }

    get tint() {
        const isAlarming = this.mood === "waiting" && this.status.tone === "warning";
        return `alert-${isAlarming ? "warning" : MOODS[this.mood].tone}`;
    }

    get elapsed() {
        return lineText(this.sci, this.state.now).elapsed;
    }

    get kind() {
        return this.view.kind || (this.line && kindOf(this.line));
    }

    get title() {
        return kindText(this.kind);
    }

    /** Where it was sent; before that is known, where it is going. */
    get terminal() {
        const sent = this.terminals.get(this.view.terminal_id);
        return sent || (this.line && this.terminals.next(this.line));
    }

    get retryName() {
        return (this.line && this.terminals.next(this.line)?.name) || "";
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

    /** What was charged in all, else what is asked for; a refund with its minus. */
    get amount() {
        const minor = total(amountsOf(this.sci));
        if (minor) {
            return this.format(this.kind === "refund" ? -minor : minor);
        }
        return this.env.utils.formatCurrency(this.line?.getAmount() || 0);
    }

    /** The parts of it, when there is more than one. */
    get parts() {
        return partsOf(this.sci);
    }

    get todo() {
        return todoOf(this.sci, this.line?.pos_order_id, {
            minor: (minor) => this.format(minor),
            amount: this.env.utils.formatCurrency,
        });
    }

    get message() {
        return messageOf(this.sci, this.status, this.isAsking);
    }

    /** Below the question there is no other advice. */
    get remarks() {
        const status = this.isAsking ? {text: "", hint: ""} : this.status;
        return remarksOf(this.sci, status, this.message, this.payment?.press);
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

    /** What became of a press; one that changes nothing is not waited for in silence. */
    get pressErrors() {
        const {press} = this.payment || {};
        const isLate = press && this.state.now - press.at >= LONG * SECOND;
        const late = _t(
            "The terminal has not taken this up. If nothing happens, cancel."
        );
        return isLate && this.isSpent && this.canCancel
            ? [`${late}`]
            : pressFailure(press, this.view);
    }

    get primary() {
        return this.isPutOff ? undefined : primaryOf(this.shown.form, this.sci);
    }

    isHidden(button) {
        return isWrong(button, this.sci);
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

    get hasClose() {
        return offersAction(this.shown.form, "TRANSACTION_COMPLETE");
    }

    get hasRetry() {
        return offersAction(this.shown.form, "RETRY_TRANSACTION");
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
        const seconds = this.closesByItself ? this.pos.config.sci_close_after : 0;
        if (this.autoClose.isDue(this.state.now, seconds)) {
            this.props.close();
        }
    }

    /** It was paid, and there is nothing left to do, to sign or to think about. */
    get closesByItself() {
        const isSmooth = !this.wasAsked && this.view.overridden !== "no";
        const isAll = !this.todo && !isPartOnly(this.sci);
        return this.isEnded && this.sci.paid && isSmooth && isAll;
    }

    get closesIn() {
        return this.autoClose.left(this.state.now);
    }

    stay() {
        this.autoClose.restart();
    }

    /** The result moves the focus to the button that ends the dialog. */
    followResult() {
        this.tick();
        this.state.isAgainst = false;
        if (this.isEnded && document.activeElement?.tagName !== "INPUT") {
            this.focusPrimary();
        }
    }

    rescueFocus() {
        this.wasAsked = this.wasAsked || this.view.status === "AWAITING_POS";
        if (isFocusLost() && this.env.dialogData.isActive) {
            this.focusPrimary();
        }
    }

    /**
     * Enter, a scanner's included, may end the dialog, but neither answer the bank nor
     * charge again.
     */
    focusPrimary() {
        const dialog = this.headline.el?.closest(".modal-content");
        const mayPress = (this.isEnded && this.sci.paid) || this.isAsking;
        const primary =
            mayPress && dialog?.querySelector(".btn-primary:not(:disabled)");
        (primary || this.headline.el)?.focus({preventScroll: true});
    }
}

registry.category("lazy_components").add("SciTransactionDialog", SciTransactionDialog);
