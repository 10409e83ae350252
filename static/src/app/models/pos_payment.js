import {PosPayment} from "@point_of_sale/app/models/pos_payment";
import {
    chargedAmounts,
    signedTotal,
    withoutSurcharge,
} from "@pos_mx51_sci/app/request/amounts";
import {exponentOf, fromMinorUnits} from "@pos_mx51_sci/app/request/minor_units";
import {isSciMethod} from "@pos_mx51_sci/app/utils/sci_method";
import {patch} from "@web/core/utils/patch";

/** Odoo's states of a line that has been sent to a terminal. */
const SENT = ["waiting", "waitingCard", "waitingCapture", "waitingCancel", "timeout"];

/** Odoo's states that claim money; only a paid row may put a line there. */
const CLAIMING = ["done", "reversed", "force_done"];

/**
 * A line that is paid through SCI shows what its ledger row says, nothing else: it is
 * done if and only if its row is paid, and while its row is unresolved or paid it can
 * be neither changed nor removed, whoever tries.
 *
 * `uiState.sci` is the snapshot of the payment, written by SciLines alone; status and
 * amount are derived from it here. `uiState.sciRequest` is what the cashier asked for
 * beside the amount (see request/request.js), `uiState.sciTerminal` the terminal that
 * the cashier chose last.
 */
export const posPaymentPatch = {
    setup() {
        super.setup(...arguments);
        // The server's copy of the line may be older than what its row said.
        this.applySciSnapshot(true);
    },

    initState() {
        super.initState();
        this.uiState = {
            ...this.uiState,
            sci: false,
            sciRequest: false,
            sciTerminal: false,
        };
    },

    isSci() {
        return isSciMethod(this.payment_method_id);
    },

    /** Cash that a card payment of this order has handed out, as the server posts it. */
    isSciHandOut() {
        return Boolean(this.is_change) && `${this.uuid}`.startsWith("sci-");
    },

    /** Money may still move: this browser does not know the outcome. */
    isSciUnresolved() {
        if (!this.isSci()) {
            return false;
        }
        const sci = this.uiState?.sci;
        return sci ? sci.phase !== "ended" : SENT.includes(this.payment_status);
    },

    /** The snapshot, or what is known of a line that a kiosk or another register sent. */
    getSciState() {
        const sent = this.isSciUnresolved() && {phase: "starting"};
        return this.uiState?.sci || sent;
    },

    isSciLocked() {
        return (
            this.isSciUnresolved() ||
            (this.isSci() &&
                (this.uiState?.sci?.paid || this.payment_status === "done"))
        );
    },

    /** It was not paid, and something is due that it could pay. */
    canSciRetry() {
        const order = this.pos_order_id;
        const isOver = this.isSci() && this.payment_status === "retry";
        return isOver && !order.finalized && Boolean(order.getSciRest(this));
    },

    /** Derives status and amount from the snapshot. */
    applySciSnapshot(isServerData = false) {
        const sci = this.uiState?.sci;
        if (!sci || !this.isSci() || this.pos_order_id?.finalized) {
            return;
        }
        const wanted = {
            payment_status: this.sciStatus(sci),
            amount: this.sciAmount(sci),
        };
        for (const [field, value] of Object.entries(wanted)) {
            if (value !== undefined && this[field] !== value) {
                this[field] = value;
                this._dirty = this._dirty || isServerData;
            }
        }
    },

    sciStatus({phase, paid, view}) {
        if (phase === "ended") {
            return paid ? "done" : "retry";
        }
        const isAtTerminal = view && ["PENDING", "AWAITING_POS"].includes(view.status);
        return isAtTerminal ? "waitingCard" : "waiting";
    },

    /**
     * The row's amount: what was asked for, and at the end what was really paid.
     * @returns {number|undefined} undefined while the line's own amount counts
     */
    sciAmount({view, error, paid}) {
        const isBinding = view && (view.unresolved || paid);
        if (!isBinding && !(error && error.code === "different_request" && view)) {
            return undefined;
        }
        const minor = signedTotal(
            paid ? chargedAmounts(view) : withoutSurcharge(view.amounts)
        );
        const config = this.pos_order_id?.config;
        return Number.isInteger(minor) && config
            ? fromMinorUnits(minor, exponentOf(config))
            : undefined;
    },

    /** @returns {Number} cash that this card payment has handed out */
    getSciCashout() {
        const {paid, view} = this.uiState?.sci || {};
        const minor = paid ? chargedAmounts(view).cashout_amount : 0;
        return minor ? fromMinorUnits(minor, exponentOf(this.pos_order_id.config)) : 0;
    },

    /** Once, however often the same answer arrives: the ticket survives a reload. */
    keepSciReceipts({customer_receipt, merchant_receipt}) {
        if (customer_receipt && !(this.ticket || "").includes(customer_receipt)) {
            this.setReceiptInfo(customer_receipt);
        }
        if (merchant_receipt) {
            this.setCashierReceipt(merchant_receipt);
        }
    },

    /** The status is derived from the row, so nobody may set one that claims money. */
    setPaymentStatus(value) {
        if (!this.isSci()) {
            return super.setPaymentStatus(...arguments);
        }
        if (this.uiState?.sci && this.isSciLocked()) {
            return this.applySciSnapshot();
        }
        return super.setPaymentStatus(CLAIMING.includes(value) ? "retry" : value);
    },

    /** The amount of a locked line is its row's. */
    setAmount() {
        return this.isSciLocked() ? undefined : super.setAmount(...arguments);
    },

    delete() {
        if (this.isSciLocked() && !this.pos_order_id?.finalized) {
            return false;
        }
        return super.delete(...arguments);
    },
};

patch(PosPayment.prototype, posPaymentPatch);
