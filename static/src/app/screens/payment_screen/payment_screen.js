import {PaymentScreen} from "@point_of_sale/app/screens/payment_screen/payment_screen";
import {SciCardButtons} from "@pos_mx51_sci/app/components/sci_card_buttons/sci_card_buttons";
import {SciPairingButton} from "@pos_mx51_sci/app/components/sci_pairing_button/sci_pairing_button";
import {SciTerminalMark} from "@pos_mx51_sci/app/components/sci_terminal_mark/sci_terminal_mark";
import {orderLockText} from "@pos_mx51_sci/app/sci/sci_texts";
import {patch} from "@web/core/utils/patch";

Object.assign(PaymentScreen.components, {
    SciCardButtons,
    SciPairingButton,
    SciTerminalMark,
});

patch(PaymentScreen.prototype, {
    onMounted() {
        super.onMounted();
        this.pos.sci.terminals.refresh();
        this.pos.sci.recovery.settleDoubts();
    },

    /** Without Odoo's one flag per tab: several payments may run. */
    async addNewPaymentLine(paymentMethod) {
        if (paymentMethod.use_payment_terminal !== "mx51_sci") {
            return super.addNewPaymentLine(...arguments);
        }
        const line = this.pos.sci.addLine(this.currentOrder, paymentMethod);
        if (!line) {
            return false;
        }
        this.numberBuffer.set(line.amount.toString());
        if (!this.isRefundOrder && paymentMethod.payment_terminal.fastPayments) {
            this.sendPaymentRequest(line);
        }
        return true;
    },

    /** The end of the payment is handled by the desk, with or without this screen. */
    async sendPaymentRequest(line) {
        if (!line.isSci()) {
            return super.sendPaymentRequest(...arguments);
        }
        this.numberBuffer.capture();
        this.paymentLines.forEach((other) => {
            other.can_be_reversed = false;
        });
        await line.pay();
    },

    async sendPaymentCancel(line) {
        if (!line.isSci()) {
            return super.sendPaymentCancel(...arguments);
        }
        this.pos.sci.cancel(line.uuid);
    },

    /** Only the bank's answer, or a manager with a reason, ends these payments. */
    async sendForceDone(line) {
        return line.isSci() ? undefined : super.sendForceDone(...arguments);
    },

    deletePaymentLine(uuid) {
        const line = this.paymentLines.find((candidate) => candidate.uuid === uuid);
        if (!line?.isSciLocked()) {
            return super.deletePaymentLine(...arguments);
        }
        this.notification.add(orderLockText([line]), {type: "warning"});
    },
});
