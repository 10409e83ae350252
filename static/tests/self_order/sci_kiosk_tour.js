import * as CartPage from "@pos_self_order/../tests/tours/utils/cart_page_util";
import * as ConfirmationPage from "@pos_self_order/../tests/tours/utils/confirmation_page_util";
import * as ProductPage from "@pos_self_order/../tests/tours/utils/product_page_util";
import * as Utils from "@pos_self_order/../tests/tours/utils/common";
import {registry} from "@web/core/registry";

function isShown(state) {
    return {
        content: `The payment is ${state}`,
        trigger: `.o_sci_kiosk[data-state="${state}"]`,
    };
}

registry.category("web_tour.tours").add("sci_kiosk_pays", {
    steps: () => [
        Utils.clickBtn("Order Now"),
        ProductPage.clickProduct("Lemonade"),
        Utils.clickBtn("Checkout"),
        CartPage.checkProduct("Lemonade", "4.00", "1"),
        Utils.clickBtn("Pay"),
        isShown("waiting"),
        isShown("not_paid"),
        {
            content: "Paying at the counter is possible, too",
            trigger: ".btn:contains('Pay at the counter')",
        },
        Utils.clickBtn("Retry"),
        ConfirmationPage.isShown(),
        ConfirmationPage.orderNumberShown(),
    ],
});
