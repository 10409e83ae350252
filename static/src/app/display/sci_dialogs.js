import {_t} from "@web/core/l10n/translation";
import {lazyComponent, lazyParser, loadDialogs} from "./lazy_dialogs";
import {RecentMap} from "@pos_mx51_sci/app/follow/recent_map";
import {SciSounds} from "./sounds";
import {claimAutomaticActions} from "./automatic_actions";
import {focusLine} from "./focus";
import {printReceipt} from "./receipts";

/** Payments whose forms are remembered; far more than a register has under way. */
const REMEMBERED = 50;

/** @returns {string|undefined} uuid of the order whose payment screen is shown */
export function orderOnPaymentScreen(pos) {
    const {current, params} = pos.router.state;
    return current === "PaymentScreen" ? params.orderUuid : undefined;
}

function isOnScreen(name, pos, order) {
    const {current, params} = pos.router.state;
    return current === name && params.orderUuid === order.uuid;
}

/** @returns {Boolean} whether the cashier is looking at that order's payment screen */
export function isOnPaymentScreen(pos, order) {
    return isOnScreen("PaymentScreen", pos, order);
}

/** @returns {Boolean} whether the cashier is looking at the goods of that order */
export function isOnProductScreen(pos, order) {
    return isOnScreen("ProductScreen", pos, order);
}

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
 * line, or by itself once the payment needs the cashier while its order is on the
 * screen. The order is validated as configured meanwhile: the dialog stays above
 * whatever screen comes next, so that receipts can be printed until Done is pressed.
 */
export class SciDialogs {
    /**
     * @param {Object} params
     * @param {Object} params.pos the POS store
     * @param {Object} params.lines see SciLines
     * @param {(uuid: string) => boolean} params.isBeingPaid whether `pay` is at work
     * @param {(uuid: string, terminalId: number) => Promise} params.retry pays again
     */
    constructor({pos, lines, isBeingPaid, retry}) {
        Object.assign(this, {pos, lines, isBeingPaid, retry});
        this.opened = new Map();
        this.sounds = new SciSounds({
            sound: {play: (name) => pos.sound?.play(name)},
            isHere: (line) => this.isHere(line),
        });
        this.forms = new RecentMap(REMEMBERED);
        this.calls = new RecentMap(REMEMBERED);
    }

    // -- Opening and closing -----------------------------------------------------

    isOpen(uuid) {
        return this.opened.has(uuid);
    }

    /** Opens the dialog of a line, or leaves the one that is open. */
    open(uuid) {
        const line = this.lines.get(uuid);
        if (this.isOpen(uuid) || !line) {
            return;
        }
        const dialog = lazyComponent("SciTransactionDialog");
        if (!dialog) {
            this.loadAndOpen(uuid);
            return;
        }
        const close = this.pos.dialog.add(
            dialog,
            {uuid},
            {onClose: () => this.closed(uuid)}
        );
        this.opened.set(uuid, close);
        this.calls.get(uuid)?.close?.();
        this.runAutomatic(line);
    }

    /** Without the dialog, the line says what happens; a touch on it tries again. */
    async loadAndOpen(uuid) {
        await loadDialogs();
        if (lazyComponent("SciTransactionDialog")) {
            this.open(uuid);
        }
    }

    close(uuid) {
        this.opened.get(uuid)?.();
    }

    closed(uuid) {
        this.opened.delete(uuid);
        focusLine(uuid);
    }

    // -- News --------------------------------------------------------------------

    /**
     * To be called after each change of what is known of a line's payment. No dialog
     * is worth a payment: what fails here is only logged.
     */
    follow(line) {
        try {
            this.show(line);
            this.sounds.follow(line);
        } catch (error) {
            console.error("Card payment dialog:", error);
        }
    }

    show(line) {
        const {phase, attempt, view} = line.uiState.sci;
        const call = this.calls.get(line.uuid);
        // One that was refused before it had a row is tried again as the same attempt.
        const isAgain = call?.isOver && phase === "starting";
        const isNew = call?.attempt !== attempt || isAgain;
        if (isNew) {
            this.calls.set(line.uuid, {attempt, need: ""});
        }
        this.calls.get(line.uuid).isOver = phase === "ended";
        if (
            isNew &&
            phase !== "ended" &&
            (phase === "starting" || this.isShown(line))
        ) {
            this.open(line.uuid);
        }
        if (view) {
            this.runAutomatic(line);
            this.callCashier(line);
        }
    }

    /** Once for each thing that a payment needs the cashier for. */
    callCashier(line) {
        const {phase, view} = line.uiState.sci;
        const call = this.calls.get(line.uuid);
        const need = phase === "ended" ? "" : neededFor(view);
        if (call.need === need) {
            return;
        }
        call.need = need;
        call.close?.();
        if (!need) {
            return;
        }
        if (this.isShown(line)) {
            this.open(line.uuid);
        } else if (!this.isOpen(line.uuid)) {
            const goToOrder = () => this.goToOrder(line);
            call.close = this.pos.notification.add(
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
        const order = line.pos_order_id;
        this.pos.setOrder(order);
        this.pos.navigate("PaymentScreen", {orderUuid: order.uuid});
        this.open(line.uuid);
    }

    isShown(line) {
        const order = line.pos_order_id;
        return Boolean(order && isOnPaymentScreen(this.pos, order));
    }

    /** The payment was started here, or the cashier is looking at it. */
    isHere(line) {
        return this.isBeingPaid(line.uuid) || this.isShown(line);
    }

    // -- Forms -------------------------------------------------------------------

    /**
     * The form that the cashier sees. While an answer is awaited, a version without a
     * form leaves the one that is there; a new form starts with empty inputs. The
     * details stay, once there are some. To be called once the dialogs are loaded.
     * @param {SciPaymentView} view
     * @returns {{name: string, form: object, values: Map}}
     */
    formOf(view) {
        const known = this.forms.get(view.payment_uuid);
        // Once a person has stated the outcome, there is nobody left to press buttons for.
        const isLeft = !view.unresolved && view.status !== "FINALISED";
        const name = `${view.id}/${view.version}${isLeft ? " left" : ""}`;
        if (known?.name === name) {
            return known;
        }
        const form = lazyParser()(view.pos_instructions);
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
     * it first, and only where the payment was started or is shown. While the dialogs
     * are not loaded it waits for them, as `open` does.
     */
    runAutomatic(line) {
        const {view} = line.uiState.sci || {};
        if (!view || !this.isHere(line) || !lazyParser()) {
            return;
        }
        const {autoActions} = this.formOf(view).form;
        if (autoActions.length && claimAutomaticActions(view)) {
            const {sci} = line.uiState;
            autoActions.forEach((action) => this.run(line.uuid, action, sci));
        }
    }

    /**
     * Does what a button of the form, or the form itself, asks of the POS.
     * @param {String} uuid payment line
     * @param {String} action one of ACTIONS that need no answer
     * @param {Object} snapshot of the payment, see `SciPayment.snapshot`
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
                    return this.retry(uuid, view.terminal_id);
                }
        }
        console.warn("Action form: nothing to do for", action);
    }

    print(text) {
        return printReceipt(this.pos.env.services, text);
    }

    /** A customer at a kiosk was asked to call the staff. */
    announceCall({kiosk, order, amount}) {
        this.pos.notification.add(
            _t("%(kiosk)s: please help with order %(order)s, %(amount)s by card.", {
                kiosk,
                order,
                amount,
            }),
            {type: "warning", sticky: true}
        );
    }
}
