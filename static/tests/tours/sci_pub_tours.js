/* global posmodel */

import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as NumberPopup from "@point_of_sale/../tests/generic_helpers/number_popup_util";
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as ReceiptScreen from "@point_of_sale/../tests/pos/tours/utils/receipt_screen_util";
import * as SelectionPopup from "@point_of_sale/../tests/generic_helpers/selection_popup_util";
import * as TextInputPopup from "@point_of_sale/../tests/generic_helpers/text_input_popup_util";
import * as TicketScreen from "@point_of_sale/../tests/pos/tours/utils/ticket_screen_util";
import {
    act,
    add,
    control,
    dialogSays,
    inDialog,
    isSold,
    lineSays,
    nextOrder,
    payCash,
    payPartByCard,
    presentCard,
    press,
    see,
    terminalShows,
} from "./sci_tour_utils";

/**
 * A pub on one evening, on two tablets one after the other; tests/test_pub.py has what
 * is there at its beginning and what has to agree at its end.
 */

const ORGANIZER = "Desk Organizer";

// -- Who is at the tablet --------------------------------------------------------------

function enterPin(pin) {
    return [
        NumberPopup.enterValue(pin),
        NumberPopup.isShown("••••"),
        Dialog.confirm(),
    ].flat();
}

function logIn(name, pin) {
    return [
        press(".screen-login .open-register-btn"),
        press(".login-overlay .select-cashier"),
        SelectionPopup.has(name, {run: "click"}),
        enterPin(pin),
    ].flat();
}

function switchTo(name, pin) {
    return [
        press(".cashier-name"),
        SelectionPopup.has(name, {run: "click"}),
        enterPin(pin),
        act(`${name} is the cashier`, async () => {
            while (posmodel.getCashier()?.name !== name) {
                await new Promise(requestAnimationFrame);
            }
        }),
    ].flat();
}

// -- Tables ----------------------------------------------------------------------------

function clickTable(number) {
    return press(`.floor-map .table:has(.label:contains("${number}"))`);
}

function toFloor() {
    return act("back to the floor", () => posmodel.navigate("FloorScreen"));
}

const tableOf = (number) =>
    posmodel.models["restaurant.table"].find((it) => it.table_number === number);

function transferTo(number) {
    return [
        act("the order is to be transferred", () => posmodel.startTransferOrder()),
        clickTable(number),
    ].flat();
}

function isOnTable(number) {
    return [
        see(".pos:has(.product-screen, .payment-screen)"),
        act(`the order is on table ${number}`, async () => {
            while (posmodel.getOrder()?.table_id?.table_number !== number) {
                await new Promise(requestAnimationFrame);
            }
        }),
    ].flat();
}

function dropOn(child, parent) {
    return act(`table ${child} is dropped on table ${parent}`, () => {
        const [order] = posmodel.getActiveOrdersOnTable(tableOf(child));
        posmodel.mergeTableOrders(order.uuid, tableOf(parent));
        posmodel.data.write("restaurant.table", [tableOf(child).id], {
            parent_id: tableOf(parent).id,
        });
    });
}

function isRefused() {
    return [
        see('.modal:contains("This order has an approved card payment")'),
        Dialog.confirm(),
    ].flat();
}

// -- Selling ---------------------------------------------------------------------------

function sell(...products) {
    return products.flatMap((name) => ProductScreen.clickDisplayedProduct(name));
}

/** On to the payment screen, and the card. */
function askForCard() {
    return [
        ProductScreen.clickPayButton(),
        PaymentScreen.clickPaymentMethod("Card"),
    ].flat();
}

function customerPays() {
    return [terminalShows("present_card"), presentCard()].flat();
}

function isApproved() {
    return [customerPays(), dialogSays("APPROVED"), inDialog("Done")].flat();
}

function tips(amount) {
    return [
        terminalShows("tip"),
        act("the first customer tips", async () => {
            await control("terminals/front-bar/tip", {amount});
            await control("terminals/front-bar/config", {tip_prompt: false});
        }),
    ].flat();
}

/** Half of what table 5 has had, with a tip; the other half goes on at table 4. */
function splitBill() {
    return [
        clickTable(5),
        sell(ORGANIZER, ORGANIZER),
        ProductScreen.clickControlButton("Split"),
        press(`.splitbill-screen .orderline:contains("${ORGANIZER}")`),
        see('.splitbill-screen .subtotal:contains("5.10")'),
        press('.splitbill-screen .pay-button button:contains("Pay")'),
        PaymentScreen.clickPaymentMethod("Card"),
        tips(100),
        isApproved(),
        isSold("5.20"),
        see('.pos-receipt:contains("6.20")', "with the tip"),
        ReceiptScreen.clickContinueOrder(),
        press(".splitbill-screen .button.back"),
        transferTo(4),
        isOnTable(4),
    ].flat();
}

/**
 * The customer looks for a card: meanwhile the cashier changes, the party moves to
 * another table, and orders a last round, which is not theirs to have for nothing.
 */
function moveWhilePaying() {
    return [
        askForCard(),
        terminalShows("present_card"),
        press(".o_sci_dialog .o_sci_aside", "put the payment aside"),
        switchTo("Robin", "2222"),
        transferTo(6),
        isOnTable(6),
        act("back to the goods", () =>
            posmodel.navigate("ProductScreen", {orderUuid: posmodel.getOrder().uuid})
        ),
        sell("Whiteboard Pen"),
        customerPays(),
        see('.product-screen .total:contains("3.20")', "the last round, alone"),
        isOnTable(6),
    ].flat();
}

/** Sam's tab is paid in part, and stays one order until the rest is paid. */
function tabInPart() {
    return [
        toFloor(),
        Chrome.clickRegister(),
        sell(ORGANIZER),
        press(".product-screen .new-tab"),
        TextInputPopup.inputText("Sam"),
        Dialog.confirm(),
        ProductScreen.clickPayButton(),
        payPartByCard(...customerPays()),
        lineSays("APPROVED"),
        act("the bill is to be split", () =>
            posmodel.navigate("SplitBillScreen", {
                orderUuid: posmodel.getOrder().uuid,
            })
        ),
        isRefused(),
        act("what has been paid is saved", async () => {
            while (posmodel.sci.takeOver.isRunning(posmodel.getOrder())) {
                await new Promise(requestAnimationFrame);
            }
        }),
        transferTo(7),
        isOnTable(7),
    ].flat();
}

/** What is paid in part is not mixed with what table 3 has. */
function neverMerged() {
    return [
        toFloor(),
        clickTable(3),
        sell(ORGANIZER, ORGANIZER),
        toFloor(),
        dropOn(7, 3),
        isRefused(),
        dropOn(3, 7),
        isRefused(),
        clickTable(7),
        transferTo(3),
        isRefused(),
        see(".floor-map", "refused where it was asked"),
    ].flat();
}

/** A gift card, the rest by card; nobody else gets what it holds meanwhile. */
function giftCard() {
    let card = null;
    return [
        clickTable(3),
        ProductScreen.clickControlButton("Enter Code"),
        TextInputPopup.inputText("0441234567"),
        Dialog.confirm(),
        see('.modal:contains("Unpaid gift card")'),
        Dialog.confirm(),
        ProductScreen.totalAmountIs("2.20"),
        act("the gift card is known", () => {
            card = posmodel.getOrder()._code_activated_coupon_ids[0].id;
        }),
        askForCard(),
        terminalShows("present_card"),
        act("the other tablet takes cash for the rest of another order", async () => {
            const {successful, payload} = await posmodel.data.orm.call(
                "pos.order",
                "validate_coupon_programs",
                [[], {[card]: -8}, []]
            );
            if (successful || !payload.message.includes("used for another order")) {
                throw new Error("The same gift card is spent twice");
            }
        }),
        isApproved(),
        isSold("2.24"),
        nextOrder(),
    ].flat();
}

add("pub_first_tablet", () => [
    logIn("Kim", "1111"),
    Dialog.confirm("Open Register"),
    splitBill(),
    moveWhilePaying(),
    tabInPart(),
    neverMerged(),
    giftCard(),
]);

// -- The other tablet ------------------------------------------------------------------

add("pub_second_tablet", () => [
    logIn("Robin", "2222"),
    clickTable(6),
    ProductScreen.clickPayButton(),
    payCash(),
    isSold("3.20"),
    nextOrder(),
    clickTable(7),
    see('.payment-screen:contains("3.10")', "the rest of Sam's tab"),
    payCash(),
    isSold("5.14"),
    nextOrder(),
    Chrome.clickOrders(),
    TicketScreen.selectOrder("Self-Order"),
    TicketScreen.loadSelectedOrder(),
    askForCard(),
    isApproved(),
    isSold("5.20"),
]);
