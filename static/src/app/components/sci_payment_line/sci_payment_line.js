import {Component, useEffect, useRef, useState} from "@odoo/owl";
import {LONG, isUnknown, lineText} from "@pos_mx51_sci/app/display/texts";
import {MOODS, moodOf, needsCashier} from "@pos_mx51_sci/app/display/moods";
import {_t} from "@web/core/l10n/translation";
import {ask} from "@point_of_sale/app/utils/make_awaitable_dialog";
import {mayCancel} from "@pos_mx51_sci/app/follow/cancel_request";
import {usePos} from "@point_of_sale/app/hooks/pos_hook";
import {useSciTerminals} from "@pos_mx51_sci/app/services/sci_terminals";

/** What a card payment is doing, whose turn it is, and the buttons that it has. */
export class SciPaymentLine extends Component {
    static template = "pos_mx51_sci.SciPaymentLine";
    static props = {
        line: Object,
        send: Function,
        cancel: Function,
    };

    setup() {
        this.pos = usePos();
        this.terminals = useSciTerminals();
        this.clock = useState({now: Date.now()});
        useEffect(
            (isRunning) => {
                this.clock.now = Date.now();
                const tick = () => (this.clock.now = Date.now());
                const timer = isRunning ? setInterval(tick, 1000) : 0;
                return () => clearInterval(timer);
            },
            () => [this.isRunning]
        );
        // Below other lines it and its buttons would be out of sight.
        this.root = useRef("root");
        useEffect(
            (isRunning) => {
                if (isRunning) {
                    this.root.el.scrollIntoView({block: "nearest"});
                }
            },
            () => [
                this.isRunning,
                this.props.line.isSelected(),
                // It has more to say, and other buttons.
                this.isRunning && moodOf(this.sci),
            ]
        );
    }

    get sci() {
        return this.props.line.getSciState();
    }

    get isRunning() {
        return this.props.line.isSciUnresolved();
    }

    /** It is the cashier's turn, in the dialog. */
    get needsCashier() {
        return this.isRunning && needsCashier(this.sci);
    }

    get icon() {
        return this.needsCashier
            ? `${MOODS[moodOf(this.sci)].icon} text-warning`
            : "fa-circle-o-notch fa-spin";
    }

    get text() {
        return lineText(this.sci, this.clock.now);
    }

    /** Read aloud: not each second, and not what the open dialog reads out. */
    get spoken() {
        const {clock, pos, props, sci} = this;
        const passed = Math.max(0, clock.now - (sci.answeredAt || clock.now));
        const then = clock.now - (passed % (LONG * 1000));
        return pos.sci.isPaymentOpen(props.line.uuid) ? "" : lineText(sci, then).text;
    }

    get canCancel() {
        const {view} = this.sci;
        if (!this.isRunning || !mayCancel(this.sci)) {
            return false;
        }
        return view
            ? !isUnknown(view)
            : Boolean(this.pos.sci.payment(this.props.line.uuid));
    }

    get canSend() {
        return this.isRetry || this.props.line.payment_status === "pending";
    }

    /** No retry for what the customer has since paid another way. */
    get isRetry() {
        return this.props.line.canSciRetry();
    }

    get otherTerminals() {
        return this.isRetry && this.terminals.hasOther(this.props.line);
    }

    /** @returns {number|false} the terminal that a new pairing would help */
    get unpairedTerminal() {
        const {sci} = this.pos;
        return sci.status.mayManage && sci.unpairedTerminal(this.props.line);
    }

    sendElsewhere() {
        return this.pos.sci.payElsewhere(this.props.line);
    }

    /** The customer has gone without paying the rest. */
    get canGiveBack() {
        const {line} = this.props;
        const order = line.pos_order_id;
        if (!this.sci.paid || !order || order.finalized || order.remainingDue <= 0) {
            return false;
        }
        const isBegun = order.payment_ids.some(
            ({uiState}) => uiState?.sciRequest?.original === line.uuid
        );
        const mayRefund = this.pos.getCashier()._role !== "minimal";
        return this.giveBackAmount > 0 && !isBegun && mayRefund;
    }

    /** Cash that was handed out does not go back to the card. */
    get giveBackAmount() {
        const {line} = this.props;
        return this.pos.currency.round(line.getAmount() - line.getSciCashout());
    }

    async giveBack() {
        const {line} = this.props;
        const {giveBackAmount: amount} = this;
        const isSure = await ask(this.pos.dialog, {
            title: _t("Give the money back?"),
            body: _t(
                "%s goes back to the card. The order can be deleted afterwards.",
                this.env.utils.formatCurrency(amount)
            ),
            confirmLabel: _t("Give back"),
            cancelLabel: _t("Keep it"),
        });
        if (!isSure || !this.canGiveBack) {
            return;
        }
        const {pos_order_id: order, payment_method_id: method, uuid} = line;
        const request = {original: uuid};
        const refund = this.pos.sci.addLine(order, method, {amount: -amount, request});
        if (refund) {
            this.pos.sci.pay(refund.uuid);
        }
    }

    get hasDialog() {
        return Boolean(this.isRunning || this.sci.view);
    }

    /** Brings back a dialog that was put aside. */
    open() {
        if (this.hasDialog) {
            this.pos.sci.openPayment(this.props.line.uuid);
        }
    }

    pair() {
        this.pos.sci.status.openPairing(this.unpairedTerminal);
    }
}
