/* global posmodel */

import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as NumberPopup from "@point_of_sale/../tests/generic_helpers/number_popup_util";
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
    press,
    see,
    sellOne,
    start,
} from "./sci_tour_utils";

/** Tours with modules of Odoo that only their own database has. */

/** Two dollars, approved: the order stays open. */
function payPartByCard() {
    return [
        press(".o_sci_part"),
        NumberPopup.enterValue("2"),
        NumberPopup.isShown("2"),
        Dialog.confirm(),
        dialogSays("APPROVED"),
        inDialog("Done"),
    ].flat();
}

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

// -- pos_restaurant --------------------------------------------------------------------

function clickTable(name) {
    return press(`.floor-map .table:has(.label:contains("${name}"))`);
}

function toFloor() {
    return act("back to the floor", () => posmodel.navigate("FloorScreen"));
}

function isRefused() {
    return [
        see('.modal:contains("This order has an approved card payment")'),
        Dialog.confirm(),
    ].flat();
}

const tableOf = (number) =>
    posmodel.models["restaurant.table"].find((it) => it.table_number === number);

function dropOn(child, parent) {
    return act(`table ${child} is dropped on table ${parent}`, () => {
        const [order] = posmodel.getActiveOrdersOnTable(tableOf(child));
        posmodel.mergeTableOrders(order.uuid, tableOf(parent));
        posmodel.data.write("restaurant.table", [tableOf(child).id], {
            parent_id: tableOf(parent).id,
        });
    });
}

add("tables", () => [
    start(),
    clickTable(5),
    sellOne(),
    payPartByCard(),
    lineSays("APPROVED"),
    toFloor(),
    clickTable(4),
    ProductScreen.clickDisplayedProduct("Desk Organizer"),
    toFloor(),
    dropOn(5, 4),
    isRefused(),
    dropOn(4, 5),
    isRefused(),
    clickTable(5),
    act("the paying order is to go to an occupied table", () =>
        posmodel.startTransferOrder()
    ),
    clickTable(4),
    isRefused(),
    see(".floor-map", "refused where it was asked"),
    clickTable(5),
    see('.product-screen:contains("5.10"), .payment-screen:contains("5.10")'),
]);
