import {ControlButtons} from "@point_of_sale/app/screens/product_screen/control_buttons/control_buttons";
import {patch} from "@web/core/utils/patch";

patch(ControlButtons.prototype, {
    /** Odoo's way to the payment screen wants something to be sold. */
    clickSciCashout() {
        const order = this.pos.getOrder() || this.pos.addNewOrder();
        this.pos.navigate("PaymentScreen", {orderUuid: order.uuid});
    },
});
