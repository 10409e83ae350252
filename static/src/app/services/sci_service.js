import {AlertDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {SciCompletion} from "@pos_mx51_sci/app/outcome/completion";
import {OwnPayments} from "@pos_mx51_sci/app/outcome/own_payments";
import {SciDialogs, orderOnPaymentScreen} from "@pos_mx51_sci/app/display/sci_dialogs";
import {SciFollower} from "@pos_mx51_sci/app/follow/sci_follower";
import {SciLines, UNPAIRED} from "@pos_mx51_sci/app/outcome/sci_lines";
import {SciPreparation} from "@pos_mx51_sci/app/request/preparation";
import {SciRecovery} from "@pos_mx51_sci/app/follow/sci_recovery";
import {SciStatus} from "@pos_mx51_sci/app/status/sci_status";
import {SciTerminals} from "./sci_terminals";
import {SciTransport} from "@pos_mx51_sci/app/follow/sci_transport";
import {_t} from "@web/core/l10n/translation";
import {chooseTerminal} from "@pos_mx51_sci/app/status/choose_terminal";
import {isSciMethod} from "@pos_mx51_sci/app/utils/sci_method";
import {loadDialogs, openLazyDialog} from "@pos_mx51_sci/app/display/lazy_dialogs";
import {onWakeUp} from "@pos_mx51_sci/app/follow/wake_up";
import {orderLockText} from "@pos_mx51_sci/app/display/texts";
import {proposeRefund} from "@pos_mx51_sci/app/request/refund";
import {printReceipt} from "@pos_mx51_sci/app/display/receipts";
import {withinTimeLimit} from "@pos_mx51_sci/app/request/time_limit";

/** What the list of an order's card receipts reads of the ledger. */
const RECEIPT_FIELDS = [
    "kind",
    "amounts",
    "result_amounts",
    "financial_status",
    "terminal_id",
    "message",
    "merchant_receipt",
    "customer_receipt",
];

/**
 * `pos.sci`: card payments through SCI, for the rest of the POS. Screens, components,
 * dialogs and patches of Odoo call the methods below and use nothing behind them.
 *
 * Behind it, parts know only what they are given here, and folders import in one
 * direction: outcome → display → request, follow. `follow` imports none of the others.
 */
export class SciService {
    /**
     * @param {Object} pos the POS store
     * @param {Object} data its data service
     */
    constructor(pos, data) {
        this.pos = pos;
        this.startedHere = new Map();
        this.own = new OwnPayments();
        this.terminals = new SciTerminals({
            read: () => this.readTerminals(),
            check: (id) => this.checkPairing(id),
            onPaired: (terminals) => this.lines.noteNewPairings(terminals),
        });
        this.status = new SciStatus({pos, terminals: this.terminals});
        this.transport = new SciTransport(data.orm);
        this.lines = new SciLines({
            pos,
            onChange: (line) => this.dialogs.follow(line),
        });
        this.follower = new SciFollower({
            transport: this.transport,
            onChange: (payment) => this.lines.recordPayment(payment),
        });
        const isBeingPaid = (uuid) => this.startedHere.has(uuid);
        const {transport, follower, lines, own, terminals} = this;
        this.recovery = new SciRecovery({
            transport,
            follower,
            lines,
            own,
            isBeingPaid,
            watchedOrder: () => orderOnPaymentScreen(pos),
            onEnd: (payment, isOld) => this.finish(payment, isOld),
        });
        this.preparation = new SciPreparation({
            pos,
            lines,
            terminals,
            chooseTerminal: (methodId) => this.chooseTerminal(methodId),
            connected: () => this.recovery.ready(),
        });
        const readView = ({id, version}) => this.transport.pollNow(id, version);
        this.completion = new SciCompletion({pos, lines, own, readView});
        this.dialogs = new SciDialogs({
            pos,
            lines,
            isBeingPaid,
            retry: (uuid, terminalId) => this.pay(uuid, terminalId),
        });
    }

    /** A register that takes no cards through SCI asks the server for nothing. */
    get isUsed() {
        return this.pos.config.payment_method_ids.some(isSciMethod);
    }

    /** In a company that takes none, likewise; else a kiosk's order may be opened here. */
    get hasMethods() {
        return this.pos.models["pos.payment.method"].some(isSciMethod);
    }

    /** Once, when the POS has loaded: listens, and goes on with what was running. */
    async open() {
        const {config, data} = this.pos;
        if (!this.hasMethods) {
            return;
        }
        data.connectWebSocket("MX51_SCI_STAFF_CALLED", (call) =>
            this.dialogs.announceCall(call)
        );
        data.connectWebSocket("MX51_SCI_TRANSACTION", (news) =>
            this.recovery.hint(news)
        );
        onWakeUp(() => this.recovery.askNow());
        if (!this.isUsed) {
            this.recovery.isResumed = true;
            return;
        }
        this.terminals.load(this.pos);
        data.connectWebSocket("MX51_SCI_TERMINALS", () => this.terminals.refresh());
        this.terminals.refresh();
        loadDialogs();
        await this.recovery.resume(config.id);
        await this.recovery.findFinished();
    }

    /** A payment screen was opened: what it shows is brought up to date. */
    async refresh(order) {
        if (this.isUsed) {
            this.terminals.refresh();
        }
        if (this.hasMethods) {
            await this.recovery.catchUp(order);
            await this.recovery.findRows();
        }
    }

    // -- Payments ------------------------------------------------------------------

    /**
     * Adds a line to an order, and says why when it cannot take one now.
     * @param {Object} order
     * @param {Object} method
     * @param {Object} [choice]
     * @param {Number} [choice.amount] instead of all that is due
     * @param {Object} [choice.request] see request/request.js
     * @returns {object|undefined} the payment line
     */
    addLine(order, method, {amount, request} = {}) {
        const {status, data} = order.addPaymentline(method);
        if (!status) {
            this.pos.dialog.add(AlertDialog, {title: _t("Card payment"), body: data});
            return undefined;
        }
        if (amount) {
            data.setAmount(amount);
        }
        if (request) {
            data.uiState = {...data.uiState, sciRequest: request};
        }
        if (data.getAmount() < 0) {
            this.proposeRefund(data);
        }
        return data;
    }

    /** What cannot go back to the card is said at once, not after Send. */
    async proposeRefund(line) {
        try {
            const refusal = await proposeRefund(line, this.pos);
            if (refusal) {
                this.lines.refuse(line.uuid, refusal);
            }
        } catch (error) {
            console.warn("What may be refunded is not known:", error.message);
        }
    }

    /**
     * Takes the payment of a line. A double click joins the payment that runs.
     * @param {String} uuid payment line
     * @param {number|false} terminalId the cashier's choice; without one that of the
     * last attempt, see SciPreparation
     * @returns {Promise<boolean>} whether it was paid; never rejects
     */
    pay(uuid, terminalId = false) {
        if (!this.startedHere.has(uuid)) {
            const running = this.prepareAndStart(uuid, terminalId).finally(() =>
                this.startedHere.delete(uuid)
            );
            this.startedHere.set(uuid, running);
        }
        return this.startedHere.get(uuid);
    }

    /** A payment that failed, on the terminal that the cashier chooses. */
    async payElsewhere(line) {
        const methodId = line.payment_method_id.id;
        const isRefund = line.getAmount() < 0;
        const chosen = await this.chooseTerminal(isRefund ? false : methodId);
        if (chosen && line.canSciRetry()) {
            this.pay(line.uuid, chosen);
        }
    }

    async prepareAndStart(uuid, terminalId) {
        let values = null;
        try {
            values = await this.preparation.prepare(this.lines.get(uuid), terminalId);
        } catch (error) {
            console.error("Card payment:", error);
            this.lines.refuse(uuid, _t("The card payment could not be prepared."));
        }
        if (!values) {
            return false;
        }
        this.own.keep(uuid, values.order_uuid);
        return this.start(values);
    }

    async start(values, isAgain = false) {
        const payment = await this.follower.start(values);
        const {cancelRequested: isCancelled} = payment;
        if (payment.error?.code === "order_missing" && !isAgain && !isCancelled) {
            const line = this.lines.get(values.payment_uuid);
            const again = await this.preparation.prepareAgain(line, values);
            return again ? this.start(again, true) : false;
        }
        if (payment.view || payment.error?.code !== "terminal_required") {
            this.finish(payment);
            return payment.paid;
        }
        const terminal = await this.chooseTerminal(values.payment_method_id);
        return terminal
            ? this.start({...values, terminal_id: terminal}, isAgain)
            : false;
    }

    finish(payment, isOld = false) {
        this.terminals.refresh();
        this.completion.finish(payment, {isOld});
    }

    /** Asks the terminal to stop; the line shows what comes of it. */
    cancel(uuid) {
        return this.follower.cancel(uuid);
    }

    /** @returns {SciPayment|undefined} the payment of a line, while it is followed */
    payment(uuid) {
        return this.follower.get(uuid);
    }

    /**
     * A manager says that the terminal's receipt says approved, against the bank's
     * final answer.
     * @param {String} uuid payment line
     * @param {String} reason
     * @param {{employeeId: number|null, pin: string|null}} person
     * @returns {Promise<object|false>} the error of the answer, false when it counts
     * @throws {NoAnswer|Refused} nothing is known, or Odoo does not allow it
     */
    async stateAgainst(uuid, reason, {employeeId, pin}) {
        const {view} = this.lines.get(uuid).uiState.sci;
        const answer = await this.transport.stateAgainst(
            view.id,
            reason,
            employeeId,
            pin
        );
        if (!answer.paid) {
            return answer.error || {message: _t("This cannot be recorded any more.")};
        }
        this.own.keep(uuid, answer.order_uuid);
        this.finish(await this.follower.resume(answer));
        return false;
    }

    /** Of an order that is about to be finished, by this browser or by the server. */
    get takeOver() {
        return this.completion.takeOver;
    }

    /** Sends a paid order to Odoo until it arrives. */
    keepSaving(order) {
        return this.completion.keepSaving(order);
    }

    /**
     * Says why card payments forbid what is being done to their order.
     * @param {Object[]} lines payment lines that do
     * @returns {Boolean} whether there are any
     */
    refuseBecauseOf(lines) {
        if (lines.length) {
            this.pos.dialog.add(AlertDialog, {
                title: _t("Card payment"),
                body: orderLockText(lines),
            });
        }
        return lines.length > 0;
    }

    // -- Terminals -----------------------------------------------------------------

    /** The register's settings come along: they may have changed while it is open. */
    async readTerminals() {
        const {config, data} = this.pos;
        const answer = await withinTimeLimit(
            data.orm.silent.call("pos.sci.terminal", "pos_terminals", [config.id])
        );
        const {settings = {}} = answer;
        const product = this.pos.models["product.product"].get(settings.tip_product_id);
        const tip_product_id = product || config.tip_product_id;
        config.update({...settings, tip_product_id}, {omitUnknownField: true});
        if (!("_sci_exponent" in config)) {
            // The session was opened before an update of this addon.
            config._sci_exponent = settings.exponent;
        }
        return answer;
    }

    /** @returns {Promise<object>} the pairing view; rejected without an answer */
    checkPairing(id) {
        const {orm} = this.pos.data;
        return withinTimeLimit(
            orm.silent.call("pos.sci.terminal", "check_pairing", [[id]])
        );
    }

    /** @returns {Promise<number|false>} the cashier's choice among a method's terminals */
    chooseTerminal(methodId) {
        return chooseTerminal(this.pos, this.terminals, methodId);
    }

    /** @returns {number|false} the terminal whose pairing would help a failed payment */
    unpairedTerminal(line) {
        const {error, view} = line.uiState?.sci || {};
        const isUnpaired = error && UNPAIRED.includes(error.code);
        const id = isUnpaired && line.canSciRetry() && view && view.terminal_id;
        return id && this.terminals.get(id)?.state !== "paired" ? id : false;
    }

    // -- Dialogs and receipts --------------------------------------------------------

    /** Leads to the order of a line, and shows its payment. */
    goToPayment(line) {
        this.dialogs.goToOrder(line);
    }

    /** The dialog of a line's payment. */
    openPayment(uuid) {
        this.dialogs.open(uuid);
    }

    /** @returns {Boolean} whether that dialog is open */
    isPaymentOpen(uuid) {
        return this.dialogs.isOpen(uuid);
    }

    /** @returns {{name: string, form: object, values: Map}} the form of that view */
    formOf(view) {
        return this.dialogs.formOf(view);
    }

    /** Does what a form asks of the POS, see ACTIONS in dialogs/action_form.js. */
    runAction(uuid, action, snapshot) {
        return this.dialogs.run(uuid, action, snapshot);
    }

    print(text) {
        return printReceipt(this.pos.env.services, text);
    }

    /** The receipts of an order from the ledger, declined attempts included. */
    openReceipts(order) {
        return this.openReceiptsOf([["order_uuid", "=", order.uuid]]);
    }

    /** @param {Array[]} domain of ledger rows */
    async openReceiptsOf(domain) {
        const rows = await this.pos.data.searchRead(
            "pos.sci.transaction",
            domain,
            RECEIPT_FIELDS
        );
        openLazyDialog(this.pos.env.services, "SciReceiptsDialog", {
            rows: rows.filter((row) => row.merchant_receipt || row.customer_receipt),
        });
    }
}
