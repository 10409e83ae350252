import {PaymentScreenPaymentLines} from "@point_of_sale/app/screens/payment_screen/payment_lines/payment_lines";
import {SciPaymentLine} from "@pos_mx51_sci/app/components/sci_payment_line/sci_payment_line";
import {patch} from "@web/core/utils/patch";

Object.assign(PaymentScreenPaymentLines.components, {SciPaymentLine});

patch(PaymentScreenPaymentLines.prototype, {
    /** On a phone a touch on a line asks for its amount, which is fixed here. */
    async selectLine(line) {
        if (line.isSciLocked()) {
            this.pos.sci.dialogs.open(line.uuid);
            return this.props.selectLine(line.uuid);
        }
        return super.selectLine(...arguments);
    },
});
