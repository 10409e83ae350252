import {PaymentScreenPaymentLines} from "@point_of_sale/app/screens/payment_screen/payment_lines/payment_lines";
import {SciPaymentLine} from "@pos_mx51_sci/app/components/sci_payment_line/sci_payment_line";
import {patch} from "@web/core/utils/patch";

Object.assign(PaymentScreenPaymentLines.components, {SciPaymentLine});

export const paymentLinesPatch = {
    /**
     * For a locked line without super: on a phone Odoo asks for the amount, which
     * cannot change any more.
     */
    async selectLine(line) {
        if (line.isSciLocked()) {
            this.pos.sci.openPayment(line.uuid);
            return this.props.selectLine(line.uuid);
        }
        return super.selectLine(...arguments);
    },
};

patch(PaymentScreenPaymentLines.prototype, paymentLinesPatch);
