import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as ReceiptScreen from "@point_of_sale/../tests/pos/tours/utils/receipt_screen_util";
import {cookie} from "@web/core/browser/cookie";
import {registry} from "@web/core/registry";
import {refresh} from "@point_of_sale/../tests/generic_helpers/utils";

const PRICE = "5.10";

export function start() {
    return [Chrome.startPoS(), Dialog.confirm("Open Register")].flat();
}

/** One Desk Organizer, up to the payment screen. */
function sellOne() {
    return [
        ProductScreen.clickDisplayedProduct("Desk Organizer"),
        ProductScreen.clickPayButton(),
    ].flat();
}

export function payByCard() {
    return [sellOne(), PaymentScreen.clickPaymentMethod("Card")].flat();
}

/** The live text of the payment line. */
export function lineSays(text) {
    return [
        {
            content: `the line says “${text}”`,
            trigger: `.paymentlines .o_sci_payment_line:contains("${text}")`,
        },
    ];
}

/** Touches a button of the transaction dialog, which waits for the cashier. */
export function inDialog(...labels) {
    return labels.map((label) => ({
        content: `the dialog offers “${label}”`,
        trigger: `.o_sci_dialog button:contains(${label})`,
        run: "click",
    }));
}

export function dialogSays(text) {
    return [
        {
            content: `the dialog says “${text}”`,
            trigger: `.o_sci_dialog .o_sci_headline:contains("${text}")`,
        },
    ];
}

/** Odoo's own ways to end such a payment are not there. */
function nothingIsForced() {
    return [
        {
            content: "neither Force Done nor Force Cancel nor the cross is offered",
            trigger:
                ".paymentlines:not(:has(.send_force_done)):not(:has(.delete-button))",
        },
    ];
}

export function isSold() {
    return [ReceiptScreen.isShown(), ReceiptScreen.totalAmountContains(PRICE)].flat();
}

/** The customer presents a card that the bank approves. */
export function presentCard() {
    return [
        {
            content: "the customer presents the card",
            trigger: "body",
            run: async () => {
                const url = `${cookie.get("sci_sandbox")}/control/terminals/front-bar/card`;
                const body = JSON.stringify({outcome: "approve"});
                const answer = await fetch(url, {method: "POST", body});
                if (!answer.ok) {
                    throw new Error(`The card was not taken: ${await answer.text()}`);
                }
            },
        },
    ];
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

add("sale", () => [
    start(),
    sellOne(),
    [
        {
            content: "the method names its terminal, which is paired",
            trigger:
                ".paymentmethod:contains(Card) .o_sci_terminal_mark:contains(Front Bar):has(.fa-check-circle)",
        },
    ],
    PaymentScreen.clickPaymentMethod("Card"),
    dialogSays("APPROVED"),
    inDialog("Done"),
    isSold(),
    [
        {
            content: "the terminal's receipt is part of the order's receipt",
            trigger: ".pos-receipt .pos-payment-terminal-receipt:contains(APPROVED)",
        },
    ],
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
    ReceiptScreen.clickNextOrder(),
    payByCard(),
    dialogSays("No active pairings found"),
    inDialog("Close"),
    lineSays("No active pairings found"),
    lineSays("Nothing was charged."),
    [
        {
            content: "the method says it too",
            trigger: ".o_sci_terminal_mark:contains(not paired)",
        },
    ],
    PaymentScreen.clickPaymentMethod("Cash"),
    PaymentScreen.clickValidate(),
    isSold(),
]);

add("reload", () => [
    start(),
    payByCard(),
    dialogSays("present card"),
    inDialog("Put aside"),
    [
        {
            content: "the terminal asks for the card",
            trigger: ".o_sci_payment_line .send_payment_cancel",
        },
    ],
    nothingIsForced(),
    refresh(),
    inDialog("Done"),
    isSold(),
]);

add("cancel", () => [
    start(),
    payByCard(),
    inDialog("Put aside"),
    PaymentScreen.clickCancelButton(),
    lineSays("Retry"),
    PaymentScreen.clickPaymentMethod("Cash"),
    PaymentScreen.clickValidate(),
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
    PaymentScreen.clickPaymentMethod("Cash"),
    PaymentScreen.clickValidate(),
    isSold(),
    presentCard(),
    [
        {
            content: "the cashier is told of the other order's payment",
            trigger: ".o_notification:contains(by card):contains(APPROVED)",
        },
    ],
]);
