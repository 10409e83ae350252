import {PaymentScreen} from "@point_of_sale/app/screens/payment_screen/payment_screen";
import {SciCardButtons} from "@pos_mx51_sci/app/components/sci_card_buttons/sci_card_buttons";
import {SciPairingButton} from "@pos_mx51_sci/app/components/sci_pairing_button/sci_pairing_button";
import {SciTerminalMark} from "@pos_mx51_sci/app/components/sci_terminal_mark/sci_terminal_mark";
import {isSciMethod} from "@pos_mx51_sci/app/utils/sci_method";
import {orderLockText} from "@pos_mx51_sci/app/display/texts";
import {patch} from "@web/core/utils/patch";

Object.assign(PaymentScreen.components, {
    SciCardButtons,
    SciPairingButton,
    SciTerminalMark,
});

export const paymentScreenPatch = {
    onMounted() {
        super.onMounted();
        this.pos.sci.refresh(this.currentOrder);
    },

    isSciMethod,

    /** Cash that was handed out is not the cashier's to change. */
    get paymentLines() {
        return super.paymentLines.filter((line) => !line.isSciHandOut());
    },

    /**
     * For SCI without super: Odoo's way sets one flag for the whole tab and waits for
     * the payment, while here several payments may run.
     */
    async addNewPaymentLine(paymentMethod) {
        if (!isSciMethod(paymentMethod)) {
            return super.addNewPaymentLine(...arguments);
        }
        const failed = this.currentOrder.getSciFailedLine(paymentMethod);
        if (failed) {
            this.paySciAgain(failed);
            return true;
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

    /** One payment, one line: a sale is tried again with all that is due now. */
    paySciAgain(line) {
        this.currentOrder.selectPaymentline(line);
        if (!this.isRefundOrder) {
            line.setAmount(this.currentOrder.getSciRest(line));
        }
        this.sendPaymentRequest(line);
    },

    /** For SCI without super: `pos.sci` handles the end, with or without this screen. */
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

    /** For SCI without super: Odoo sets a status, here it is derived from the row. */
    async sendPaymentCancel(line) {
        if (!line.isSci()) {
            return super.sendPaymentCancel(...arguments);
        }
        this.pos.sci.cancel(line.uuid);
    },

    /** For SCI without super: only the bank's answer, or an override, ends these. */
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
};

patch(PaymentScreen.prototype, paymentScreenPatch);
