import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as NumberPopup from "@point_of_sale/../tests/generic_helpers/number_popup_util";
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as ReceiptScreen from "@point_of_sale/../tests/pos/tours/utils/receipt_screen_util";
import * as SelectionPopup from "@point_of_sale/../tests/generic_helpers/selection_popup_util";
import * as TicketScreen from "@point_of_sale/../tests/pos/tours/utils/ticket_screen_util";
import {cookie} from "@web/core/browser/cookie";
import {refresh} from "@point_of_sale/../tests/generic_helpers/utils";
import {registry} from "@web/core/registry";

function start() {
    return [Chrome.startPoS(), Dialog.confirm("Open Register")].flat();
}

/** One Desk Organizer of 5.10, up to the payment screen. */
function sellOne() {
    return [
        ProductScreen.clickDisplayedProduct("Desk Organizer"),
        ProductScreen.clickPayButton(),
    ].flat();
}

function press(trigger, content = `press ${trigger}`) {
    return [{content, trigger, run: "click"}];
}

function see(trigger, content = `see ${trigger}`) {
    return [{content, trigger}];
}

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

function isSold(total) {
    return [ReceiptScreen.isShown(), ReceiptScreen.totalAmountContains(total)].flat();
}

function receiptHas(product, price) {
    return see(`.pos-receipt .orderline:contains("${product}"):contains("${price}")`);
}

/** People and banks take their time, and so do busy machines. */
function add(name, steps) {
    registry.category("web_tour.tours").add(`pos_mx51_sci.${name}`, {
        steps: () =>
            steps()
                .flat()
                .map((step) => ({timeout: 30000, ...step})),
    });
}

add("refund", () => [
    start(),
    sellOne(),
    PaymentScreen.clickPaymentMethod("Card"),
    done(),
    isSold("5.10"),
    ReceiptScreen.clickNextOrder(),
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
    done(),
    PaymentScreen.clickRetryButton(),
    dialogSays("APPROVED"),
    done(),
    isSold("5.10"),
]);

add("refund_in_cash", () => [
    start(),
    sellOne(),
    PaymentScreen.clickPaymentMethod("Cash"),
    PaymentScreen.clickValidate(),
    isSold("5.10"),
    ReceiptScreen.clickNextOrder(),
    ProductScreen.clickRefund(),
    TicketScreen.selectOrder("001"),
    ProductScreen.clickNumpad("1"),
    TicketScreen.toRefundTextContains("To Refund: 1"),
    TicketScreen.confirmRefund(),
    PaymentScreen.clickPaymentMethod("Card"),
    press(".o_sci_payment_line .send_payment_request"),
    press(".o_sci_dialog button:contains(Close)"),
    see('.o_sci_payment_line:contains("was not paid by card")'),
    PaymentScreen.clickPaymentMethod("Cash"),
    PaymentScreen.clickValidate(),
    isSold("5.10"),
]);

add("tip", () => [
    start(),
    sellOne(),
    PaymentScreen.clickPaymentMethod("Card"),
    dialogSays("APPROVED"),
    done(),
    isSold("5.19"),
    see('.pos-receipt:contains("6.19")'),
    receiptHas("Tips", "1.00"),
    receiptHas("Card surcharge", "0.09"),
]);

add("tip_reload", () => [
    start(),
    sellOne(),
    PaymentScreen.clickPaymentMethod("Card"),
    dialogSays("APPROVED"),
    refresh(),
    see('.paymentline .payment-amount:contains("6.19")'),
    PaymentScreen.clickValidate(),
    isSold("5.19"),
]);

add("own_surcharge", () => [
    start(),
    sellOne(),
    PaymentScreen.clickPaymentMethod("Card"),
    done(),
    isSold("5.20"),
    receiptHas("Card surcharge", "0.10"),
]);

add("cashout", () => [
    start(),
    sellOne(),
    press(".o_sci_cashout:contains(Purchase with cash-out)"),
    enter("20"),
    dialogSays("25.10"),
    done(),
    isSold("5.10"),
    ReceiptScreen.receiptChangeAmountIs("20.00"),
    ReceiptScreen.clickNextOrder(),
    sellOne(),
    PaymentScreen.clickPaymentMethod("Cash"),
    press(".o_sci_cashout:not(:contains(Purchase))"),
    enter("30"),
    dialogSays("30.00"),
    done(),
    isSold("5.10"),
    ReceiptScreen.receiptChangeAmountIs("30.00"),
]);

add("moto", () => [
    start(),
    sellOne(),
    press(".o_sci_moto"),
    Dialog.confirm(),
    dialogSays("APPROVED"),
    done(),
    isSold("5.10"),
]);

/** The customer presents a card at one of the terminals. */
function presentCard(terminal) {
    return [
        {
            content: `the customer presents a card on ${terminal}`,
            trigger: "body",
            run: async () => {
                const url = `${cookie.get("sci_sandbox")}/control/terminals/${terminal}/card`;
                const body = JSON.stringify({outcome: "approve"});
                const answer = await fetch(url, {method: "POST", body});
                if (!answer.ok) {
                    throw new Error(`The card was not taken: ${await answer.text()}`);
                }
            },
        },
    ];
}

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
    isSold("5.10"),
]);

function closeRegister() {
    return Chrome.clickMenuOption("Close Register");
}

add("closing", () => [
    start(),
    sellOne(),
    PaymentScreen.clickPaymentMethod("Card"),
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
    PaymentScreen.clickPaymentMethod("Cash"),
    PaymentScreen.clickValidate(),
    isSold("5.10"),
    closeRegister(),
    see(".close-pos-popup:not(:has(.o_sci_unresolved))"),
]);

add("closing_anyway", () => [
    start(),
    sellOne(),
    PaymentScreen.clickPaymentMethod("Card"),
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
