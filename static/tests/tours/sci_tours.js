import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import {
    add,
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

add("sale", () => [
    start(),
    sellOne(),
    see(
        ".paymentmethod:contains(Card) .o_sci_terminal_mark:contains(Front Bar):has(.fa-check-circle)",
        "the method names its terminal, which is paired"
    ),
    PaymentScreen.clickPaymentMethod("Card"),
    dialogSays("APPROVED"),
    inDialog("Done"),
    isSold(),
    see(
        ".pos-receipt .pos-payment-terminal-receipt:contains(APPROVED)",
        "the terminal's receipt is part of the order's receipt"
    ),
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
    nextOrder(),
    payByCard(),
    dialogSays("No active pairings found"),
    inDialog("Close"),
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
