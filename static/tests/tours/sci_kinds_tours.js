import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as NumberPopup from "@point_of_sale/../tests/generic_helpers/number_popup_util";
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as ReceiptScreen from "@point_of_sale/../tests/pos/tours/utils/receipt_screen_util";
import * as SelectionPopup from "@point_of_sale/../tests/generic_helpers/selection_popup_util";
import * as TicketScreen from "@point_of_sale/../tests/pos/tours/utils/ticket_screen_util";
import {
    add,
    isSold,
    nextOrder,
    payByCard,
    payCash,
    presentCard,
    press,
    reload,
    see,
    sellOne,
    start,
} from "./sci_tour_utils";

function done() {
    return press(".o_sci_dialog button:contains(Done)", "the result has been read");
}

function putAside() {
    return press(".o_sci_dialog .o_sci_aside", "put the payment aside");
}

function dialogSays(text) {
    return see(`.o_sci_dialog:contains("${text}")`, `the dialog says “${text}”`);
}

/** Enters an amount in the popup that is open, and confirms. */
function enter(keys) {
    return [
        NumberPopup.enterValue(keys),
        NumberPopup.isShown(keys),
        Dialog.confirm(),
    ].flat();
}

function choose(item) {
    return SelectionPopup.has(item, {run: "click"});
}

function receiptHas(product, price) {
    return see(`.pos-receipt .orderline:contains("${product}"):contains("${price}")`);
}

add("refund", () => [
    start(),
    payByCard(),
    done(),
    isSold(),
    nextOrder(),
    ProductScreen.clickRefund(),
    TicketScreen.selectOrder("001"),
    press(".ticket-screen .o_sci_receipts", "the receipts of its card payment"),
    see(".o_sci_receipts_row:contains(APPROVED) .o_sci_print_merchant"),
    see(".o_sci_receipts_row .o_sci_print_customer"),
    press(".modal .modal-footer .btn-primary"),
    ProductScreen.clickNumpad("1"),
    TicketScreen.toRefundTextContains("To Refund: 1"),
    TicketScreen.confirmRefund(),
    PaymentScreen.isShown(),
    see(".payment-screen:not(:has(.o_sci_card_buttons))"),
    PaymentScreen.clickPaymentMethod("Card"),
    press(".o_sci_payment_line .send_payment_request"),
    dialogSays("DECLINED"),
    see('.o_sci_dialog:contains("Refund") .o_sci_amount:contains(-):contains(5.10)'),
    done(),
    PaymentScreen.clickRetryButton(),
    dialogSays("APPROVED"),
    done(),
    isSold(),
]);

add("refund_in_cash", () => [
    start(),
    sellOne(),
    payCash(),
    isSold(),
    nextOrder(),
    ProductScreen.clickRefund(),
    TicketScreen.selectOrder("001"),
    ProductScreen.clickNumpad("1"),
    TicketScreen.toRefundTextContains("To Refund: 1"),
    TicketScreen.confirmRefund(),
    PaymentScreen.clickPaymentMethod("Card"),
    see('.o_sci_payment_line:contains("was not paid by card")'),
    payCash(),
    isSold(),
]);

add("tip", () => [
    start(),
    payByCard(),
    dialogSays("APPROVED"),
    done(),
    isSold("5.19"),
    see('.pos-receipt:contains("6.19")'),
    receiptHas("Tips", "1.00"),
    receiptHas("Card surcharge", "0.09"),
]);

add("tip_reload", () => [
    start(),
    payByCard(),
    dialogSays("APPROVED"),
    reload(),
    Chrome.clickOrders(),
    TicketScreen.selectFilter("Paid"),
    see('.ticket-screen .order-row:contains("6.19")', "the order is paid"),
]);

add("own_surcharge", () => [
    start(),
    payByCard(),
    done(),
    isSold("5.20"),
    receiptHas("Card surcharge", "0.10"),
]);

add("cashout", () => [
    start(),
    sellOne(),
    see(".o_sci_cashout:contains(Purchase with cash-out)"),
    press(".o_sci_quick_cash:contains(20)", "$20 in cash, in one touch"),
    dialogSays("25.10"),
    see(".o_sci_todo:contains(Hand out):contains(20.00)"),
    done(),
    isSold(),
    ReceiptScreen.receiptChangeAmountIs("20.00"),
    nextOrder(),
    sellOne(),
    PaymentScreen.clickPaymentMethod("Cash"),
    press(".o_sci_cashout:not(:contains(Purchase))"),
    enter("30"),
    dialogSays("30.00"),
    done(),
    isSold(),
    ReceiptScreen.receiptChangeAmountIs("30.00"),
    nextOrder(),
    ProductScreen.clickControlButton("Cash-out"),
    PaymentScreen.isShown(),
    press(".o_sci_cashout:not(:contains(Purchase))"),
    enter("40"),
    dialogSays("40.00"),
    done(),
    isSold("0.00"),
    ReceiptScreen.receiptChangeAmountIs("40.00"),
]);

add("moto", () => [
    start(),
    sellOne(),
    press(".o_sci_moto"),
    Dialog.confirm(),
    dialogSays("APPROVED"),
    done(),
    isSold(),
]);

/** One order on two terminals, and back to both cards. */
add("split", () => [
    start(),
    sellOne(),
    press(".o_sci_part"),
    enter("2"),
    choose("Front Bar"),
    dialogSays("present card"),
    putAside(),
    PaymentScreen.clickPaymentMethod("Card"),
    choose("Bistro"),
    see(".o_sci_dialog:contains(3.10):contains(present card)"),
    putAside(),
    presentCard("front-bar"),
    see(".o_sci_payment_line:contains(APPROVED)"),
    presentCard("bistro"),
    isSold(),
    nextOrder(),
    ProductScreen.clickRefund(),
    TicketScreen.selectOrder("001"),
    ProductScreen.clickNumpad("1"),
    TicketScreen.confirmRefund(),
    PaymentScreen.clickPaymentMethod("Card"),
    press(".o_sci_payment_line .send_payment_request"),
    choose("3.10 on Bistro"),
    choose("Front Bar"),
    see(".o_sci_dialog:contains(3.10):contains(present card)"),
    presentCard("front-bar"),
    done(),
    PaymentScreen.remainingIs("-2.00"),
    PaymentScreen.clickPaymentMethod("Card"),
    press(".o_sci_payment_line .send_payment_request"),
    choose("Bistro"),
    see(".o_sci_dialog:contains(2.00):contains(present card)"),
    presentCard("bistro"),
    done(),
    isSold(),
]);

/** The bank approves a part; the rest is paid in cash. */
add("part_approved", () => [
    start(),
    payByCard(),
    dialogSays("present card"),
    presentCard("front-bar", {approved_amount: 200}),
    see(".o_sci_dialog:contains(2.00):contains(APPROVED)"),
    see(".o_sci_todo:contains(Still to pay):contains(3.10)"),
    done(),
    PaymentScreen.remainingIs("3.10"),
    payCash(),
    isSold(),
]);

/** The cashier puts the tip on the order. */
add("own_tip", () => [
    start(),
    sellOne(),
    PaymentScreen.clickTipButton(),
    enter("1"),
    PaymentScreen.clickPaymentMethod("Card"),
    see(".o_sci_dialog:contains(6.10):contains(present card)"),
    presentCard(),
    see(".o_sci_parts:contains(Purchase):contains(5.10):contains(Tip):contains(1.00)"),
    done(),
    isSold("5.10"),
    receiptHas("Tips", "1.00"),
]);

function closeRegister() {
    return Chrome.clickMenuOption("Close Register");
}

add("closing", () => [
    start(),
    payByCard(),
    dialogSays("present card"),
    putAside(),
    closeRegister(),
    see(".close-pos-popup .o_sci_unresolved_row:contains(5.10):contains(Front Bar)"),
    see(".close-pos-popup:not(:has(.o_sci_close_anyway))"),
    press(".close-pos-popup .modal-footer button:contains(Close Register)"),
    press(".close-pos-popup .o_sci_open_order"),
    PaymentScreen.isShown(),
    press(".o_sci_payment_line .send_payment_cancel"),
    see(".o_sci_payment_line:contains(Retry)"),
    payCash(),
    isSold(),
    closeRegister(),
    see(".close-pos-popup:not(:has(.o_sci_unresolved))"),
]);

add("closing_anyway", () => [
    start(),
    payByCard(),
    dialogSays("present card"),
    putAside(),
    closeRegister(),
    press(".close-pos-popup .o_sci_close_anyway"),
    Dialog.confirm("Close without results"),
    see(".close-pos-popup:not(:has(.o_sci_unresolved))"),
    [
        {
            content: "the register is closed",
            trigger: ".close-pos-popup .modal-footer button:contains(Close Register)",
            run: "click",
            expectUnloadPage: true,
        },
    ],
]);
