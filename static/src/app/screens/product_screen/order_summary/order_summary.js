import {AlertDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {OrderSummary} from "@point_of_sale/app/screens/product_screen/order_summary/order_summary";
import {patch} from "@web/core/utils/patch";

/** What a terminal has charged keeps its price; the cashier is told why. */
export const orderSummaryPatch = {
    async onOrderlineLongPress(_event, line) {
        return this.refuseForSci(line)
            ? false
            : super.onOrderlineLongPress(...arguments);
    },

    async setLinePrice(line) {
        return this.refuseForSci(line) ? undefined : super.setLinePrice(...arguments);
    },

    refuseForSci(line) {
        if (line.isSciFixed()) {
            this.numberBuffer.reset();
            this.dialog.add(AlertDialog, line.getSciNotice());
        }
        return line.isSciFixed();
    },
};

patch(OrderSummary.prototype, orderSummaryPatch);
