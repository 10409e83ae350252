import {ControlButtons} from "@point_of_sale/app/screens/product_screen/control_buttons/control_buttons";
import {patch} from "@web/core/utils/patch";

export const controlButtonsPatch = {
    /** Odoo's own way to the payment screen needs something to sell. */
    clickSciCashout() {
        const order = this.pos.getOrder() || this.pos.addNewOrder();
        this.pos.navigate("PaymentScreen", {orderUuid: order.uuid});
    },
};

patch(ControlButtons.prototype, controlButtonsPatch);
