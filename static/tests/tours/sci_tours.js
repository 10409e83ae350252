import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import {
    act,
    add,
    control,
    dialogSays,
    inDialog,
    isSold,
    lineSays,
    nextOrder,
    payByCard,
    payCash,
    presentCard,
    see,
    sellOne,
    start,
} from "./sci_tour_utils";

/** Touches of the cashier from now on. */
function countTouches() {
    return act("touches are counted", () => {
        window.sciTouches = 0;
        document.addEventListener("click", () => window.sciTouches++, true);
    });
}

function touchesAre(most) {
    return act(`${most} touches were enough`, () => {
        if (window.sciTouches > most) {
            throw new Error(`${window.sciTouches} touches`);
        }
    });
}

/** From the goods to the next customer: Payment, Card, New Order. */
add("sale", () => [
    start(),
    ProductScreen.clickDisplayedProduct("Desk Organizer"),
    countTouches(),
    ProductScreen.clickPayButton(),
    see(
        ".paymentmethod:contains(Card) .o_sci_terminal_mark:contains(Front Bar):has(.fa-check-circle)",
        "the method names its terminal, which is paired"
    ),
    PaymentScreen.clickPaymentMethod("Card"),
    dialogSays("APPROVED"),
    see(".o_sci_countdown:contains(Closes in)"),
    see("body:not(:has(.o_sci_dialog))", "it has closed by itself"),
    isSold(),
    see(
        ".pos-receipt .pos-payment-terminal-receipt:contains(APPROVED)",
        "the terminal's receipt is part of the order's receipt"
    ),
    nextOrder(),
    touchesAre(3),
]);

add("decline", () => [
    start(),
    payByCard(),
    dialogSays("051"),
    inDialog("Done"),
    lineSays("051"),
    PaymentScreen.clickRetryButton(),
    inDialog("Done"),
    isSold(),
]);

add("unpaired", () => [
    start(),
    payByCard(),
    inDialog("Done"),
    isSold(),
    act("the pairing is removed on the terminal", () =>
        control("terminals/front-bar/unpair")
    ),
    nextOrder(),
    payByCard(),
    dialogSays("No active pairings found"),
    inDialog("Other method"),
    lineSays("No active pairings found"),
    lineSays("Nothing was charged."),
    see(".o_sci_terminal_mark:contains(not paired)", "the method says it too"),
    payCash(),
    isSold(),
]);

add("cancel", () => [
    start(),
    payByCard(),
    inDialog("Put aside"),
    PaymentScreen.clickCancelButton(),
    lineSays("Retry"),
    payCash(),
    isSold(),
]);

add("put_aside", () => [
    start(),
    payByCard(),
    dialogSays("present card"),
    inDialog("Put aside"),
    PaymentScreen.clickBack(),
    Chrome.createFloatingOrder(),
    sellOne(),
    payCash(),
    isSold(),
    presentCard(),
    see(
        ".o_notification:contains(by card):contains(APPROVED)",
        "a notification announces the other order's payment"
    ),
]);

/** Goods that are added while the terminal is at work are not paid with it. */
add("goods_added_meanwhile", () => [
    start(),
    payByCard(),
    dialogSays("present card"),
    inDialog("Put aside"),
    PaymentScreen.clickBack(),
    ProductScreen.clickDisplayedProduct("Letter Tray"),
    presentCard(),
    see(".o_notification:contains(What was added meanwhile is in)"),
    ProductScreen.clickPayButton(),
    payCash(),
    isSold("5.28"),
]);
