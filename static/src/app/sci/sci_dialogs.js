import {_t} from "@web/core/l10n/translation";
import {lazyComponent, loadDialogs} from "./sci_later";
import {claimOnce} from "./sci_once";
import {parseInstructions} from "./action_form";
import {printReceipt} from "./sci_receipts";

function withoutForm({details, autoActions}) {
    return {details, autoActions};
}

/** What the cashier is needed for; the same text for the same thing. */
function neededFor(view) {
    if (view.override_open) {
        return `override ${view.id}`;
    }
    return view.status === "AWAITING_POS" ? `form ${view.id}/${view.version}` : "";
}

/**
 * The dialogs of the card payments: when they open by themselves, and what their forms
 * hold.
 *
 * A dialog opens when its payment starts. Put aside, it comes back by a touch on the
 * line, or by itself once the payment asks something of the cashier while its order is
 * on the screen. The order is validated as configured meanwhile: the dialog stays above
 * whatever screen comes next, so that receipts can be printed until Done is pressed.
 */
export class SciDialogs {
    /**
     * @param {object} desk see SciDesk
     */
    constructor(desk) {
        this.desk = desk;
        this.opened = new Map();
        this.forms = new Map();
        this.asked = new Map();
    }

    // -- Opening and closing -----------------------------------------------------

    isOpen(uuid) {
        return this.opened.has(uuid);
    }

    /** Opens the dialog of a line, or leaves the one that is open. */
    open(uuid) {
        if (this.isOpen(uuid) || !this.desk.line(uuid)) {
            return;
        }
        const dialog = lazyComponent("SciTransactionDialog");
        if (!dialog) {
            this.openLater(uuid);
            return;
        }
        const close = this.desk.pos.dialog.add(
            dialog,
            {uuid},
            {onClose: () => this.opened.delete(uuid)}
        );
        this.opened.set(uuid, close);
        this.asked.get(uuid)?.closeCall?.();
        this.runAutomatic(this.desk.line(uuid));
    }

    /** Without it, the line says what happens, and a touch on it tries again. */
    async openLater(uuid) {
        await loadDialogs();
        if (lazyComponent("SciTransactionDialog")) {
            this.open(uuid);
        }
    }

    close(uuid) {
        this.opened.get(uuid)?.();
    }

    // -- News --------------------------------------------------------------------

    /**
     * To be called after each change of what is known of a line's payment. No dialog
     * is worth a payment: what fails here is only logged.
     */
    note(line) {
        try {
            this.show(line);
        } catch (error) {
            console.error("Card payment dialog:", error);
        }
    }

    show(line) {
        const {phase, attempt, view} = line.uiState.sci;
        const isNew = this.asked.get(line.uuid)?.attempt !== attempt;
        if (isNew) {
            this.asked.set(line.uuid, {attempt, moment: ""});
        }
        if (
            isNew &&
            phase !== "ended" &&
            (phase === "starting" || this.isShown(line))
        ) {
            this.open(line.uuid);
        }
        if (view) {
            this.runAutomatic(line);
            this.call(line);
        }
    }

    /** A payment that needs the cashier says so, once for each thing it needs. */
    call(line) {
        const {phase, view} = line.uiState.sci;
        const asked = this.asked.get(line.uuid);
        const moment = phase === "ended" ? "" : neededFor(view);
        if (asked.moment === moment) {
            return;
        }
        asked.moment = moment;
        asked.closeCall?.();
        if (!moment) {
            return;
        }
        if (this.isShown(line)) {
            this.open(line.uuid);
        } else if (!this.isOpen(line.uuid)) {
            const {pos} = this.desk;
            const goToOrder = () => this.goToOrder(line);
            asked.closeCall = pos.notification.add(
                _t("Order %(order)s: the card payment on %(terminal)s needs you.", {
                    order: line.pos_order_id.getName(),
                    terminal: view.terminal_name,
                }),
                {
                    type: "warning",
                    sticky: true,
                    buttons: [{name: _t("Go to order"), onClick: goToOrder}],
                }
            );
        }
    }

    goToOrder(line) {
        const {pos} = this.desk;
        const order = line.pos_order_id;
        pos.setOrder(order);
        pos.navigate("PaymentScreen", {orderUuid: order.uuid});
        this.open(line.uuid);
    }

    isShown(line) {
        return Boolean(line.pos_order_id && this.desk.isShown(line.pos_order_id));
    }

    // -- Forms -------------------------------------------------------------------

    /**
     * The form that the cashier sees. While an answer is awaited, a version without a
     * form leaves the one that is there; a new form starts with empty inputs. The
     * details stay, once there are some.
     * @returns {{form: object, values: Map}}
     */
    formOf(view) {
        const known = this.forms.get(view.payment_uuid);
        // A row that a person has answered for has nobody left to press buttons for.
        const isLeft = !view.unresolved && view.status !== "FINALISED";
        const name = `${view.id}/${view.version}${isLeft ? " left" : ""}`;
        if (known?.name === name) {
            return known;
        }
        const form = parseInstructions(view.pos_instructions);
        if (!form.details && known?.id === view.id) {
            form.details = known.form.details;
        }
        if (isLeft) {
            Object.assign(form, {rows: [], elements: [], autoActions: []});
        }
        const isKept =
            !isLeft &&
            known?.id === view.id &&
            view.status === "AWAITING_POS" &&
            !form.rows.length &&
            known.form.rows.length;
        const current = isKept
            ? {...known, name, form: {...known.form, ...withoutForm(form)}}
            : {name, id: view.id, form, values: new Map()};
        this.forms.set(view.payment_uuid, current);
        return current;
    }

    // -- Actions -----------------------------------------------------------------

    /**
     * What runs without a press: once for each version of a row, whichever tab sees
     * it first, and only where the payment was started or is shown.
     */
    runAutomatic(line) {
        const {view} = line.uiState.sci || {};
        const {preparing} = this.desk;
        if (!view || !(preparing.has(line.uuid) || this.isShown(line))) {
            return;
        }
        const {autoActions} = this.formOf(view).form;
        if (autoActions.length && claimOnce(view.payment_uuid, view.id, view.version)) {
            const {sci} = line.uiState;
            autoActions.forEach((action) => this.run(line.uuid, action, sci));
        }
    }

    /**
     * Does what a button of the form, or the form itself, asks of the POS.
     * @param {string} uuid payment line
     * @param {string} action one of ACTIONS that need no answer
     * @param {object} sci what is known of the payment
     */
    run(uuid, action, {view, phase, paid}) {
        switch (action) {
            case "PRINT_MERCHANT_RECEIPT":
                return this.print(view.merchant_receipt);
            case "PRINT_CUSTOMER_RECEIPT":
                return this.print(view.customer_receipt);
            case "TRANSACTION_COMPLETE":
                return this.close(uuid);
            case "RETRY_TRANSACTION":
                if (phase === "ended" && !paid) {
                    return this.desk.pay(uuid, view.terminal_id);
                }
        }
        console.warn("Action form: nothing to do for", action);
    }

    print(text) {
        const {pos} = this.desk;
        return printReceipt(pos.env.services, text);
    }
}
