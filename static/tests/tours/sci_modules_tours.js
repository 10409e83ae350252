/* global posmodel */

import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import {
    act,
    add,
    dialogSays,
    inDialog,
    isSold,
    lineSays,
    payByCard,
    payCash,
    payPartByCard,
    press,
    see,
    sellOne,
    start,
} from "./sci_tour_utils";
import {delay} from "@web/core/utils/concurrency";

/** Tours with modules of Odoo that only their own database has. */

// -- pos_online_payment ----------------------------------------------------------------

add("declined_then_cash", () => [
    start(),
    payByCard(),
    dialogSays("051"),
    inDialog("Done"),
    lineSays("051"),
    PaymentScreen.clickPaymentlineDelButton("Card", "5.10"),
    payCash(),
    isSold(),
]);

add("rest_online", () => [
    start(),
    sellOne(),
    payPartByCard(),
    act("what the card has paid is saved", async () => {
        while (posmodel.getOrder().isDirty()) {
            await delay(50);
        }
    }),
    PaymentScreen.clickPaymentMethod("Online"),
    PaymentScreen.clickValidate(),
    see(".modal:contains(Scan to Pay)"),
    act("the customer pays the rest on a phone", () =>
        posmodel.data.orm.call("pos.order", "sci_pays_online", [posmodel.getOrder().id])
    ),
    isSold(),
]);

// -- pos_event -------------------------------------------------------------------------

add("event", () => [
    start(),
    ProductScreen.clickDisplayedProduct("Pub quiz"),
    press(".modal .o_event_configurator_popup .fa-plus"),
    Dialog.confirm(),
    ProductScreen.clickPayButton(),
    PaymentScreen.clickPaymentMethod("Card"),
    dialogSays("APPROVED"),
    inDialog("Done"),
    isSold("20.00"),
]);

// -- pos_loyalty -----------------------------------------------------------------------

add("discounted_and_tipped", () => [
    start(),
    sellOne(),
    see(".payment-screen:contains(4.59)", "ten percent off"),
    PaymentScreen.clickPaymentMethod("Card"),
    dialogSays("APPROVED"),
    inDialog("Done"),
    isSold("4.59"),
    see(".receipt-screen .o_payment_successful:contains(1.00)", "and the tip"),
]);
