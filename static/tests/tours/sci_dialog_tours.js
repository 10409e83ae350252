import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import {
    dialogSays,
    inDialog,
    isSold,
    lineSays,
    payByCard,
    presentCard,
    start,
} from "./sci_tours";
import {waitUntil} from "@odoo/hoot-dom";
import {registry} from "@web/core/registry";

function add(name, steps) {
    registry.category("web_tour.tours").add(`pos_mx51_sci.${name}`, {
        steps: () => [start(), payByCard(), ...steps()].flat(),
    });
}

function payCash() {
    return [
        PaymentScreen.clickPaymentMethod("Cash"),
        PaymentScreen.clickValidate(),
    ].flat();
}

/** Counts what the browser is asked to print, instead of printing it. */
function watchPaper() {
    return [
        {
            content: "paper is only counted",
            trigger: ".o_sci_dialog",
            run: () => {
                window.sciPrinted = 0;
                window.print = () => window.sciPrinted++;
            },
        },
    ];
}

function isPrinted(times, text) {
    const isDone = () =>
        window.sciPrinted === times &&
        document.querySelector(".render-container").textContent.includes(text);
    return [
        {
            content: `${times} receipts were printed, the last one says “${text}”`,
            trigger: ".o_sci_dialog",
            run: () => waitUntil(isDone, {timeout: 20000}),
        },
    ];
}

/** The question about the outcome, answered with the first reason offered. */
function state(answer, record) {
    return [
        {
            content: "the question, with the amount and the terminal",
            trigger:
                ".o_sci_question:contains(5.10 from Front Bar):contains(was the transaction successful?)",
        },
        ...inDialog(answer),
        {
            content: "a reason",
            trigger: ".o_sci_dialog .o_sci_reason",
            run: "click",
        },
        ...inDialog(record),
    ];
}

add("signature_approved", () => [
    watchPaper(),
    dialogSays("Signature required"),
    isPrinted(1, "SIGN:"),
    inDialog("Approve"),
    dialogSays("APPROVED"),
    inDialog("Print Customer Receipt"),
    isPrinted(2, "CUSTOMER COPY"),
    inDialog("Print Merchant Receipt"),
    isPrinted(3, "MERCHANT COPY"),
    inDialog("Done"),
    isSold(),
]);

add("signature_declined", () => [
    watchPaper(),
    inDialog("Decline"),
    dialogSays("DECLINED"),
    inDialog("Done"),
    lineSays("DECLINED"),
    payCash(),
    isSold(),
]);

add("certification", () => [
    dialogSays("Certification form"),
    [
        {
            content: "an image",
            trigger: ".o_sci_dialog .o_sci_image img[src^='data:image/png;base64,']",
        },
        {
            content: "a text with its label",
            trigger: ".o_sci_form_text:contains(Label 1: Text with a label)",
        },
        {
            content: "an input, typed into",
            trigger: ".o_sci_input:contains(Input 1) input",
            run: "edit first value",
        },
    ],
    inDialog("Test action"),
    [
        {
            content: "what would be sent",
            trigger:
                '.o_sci_payload:contains("first value"):contains("input_name_2"):contains(\'""\')',
        },
    ],
    inDialog("Submit to API"),
    dialogSays("APPROVED"),
    [
        {
            content: "the details are there after the end, too",
            trigger:
                ".o_sci_details:contains(Pairing ID: pid_):contains(Transaction ID:)",
        },
    ],
    inDialog("Done"),
    isSold(),
]);

add("override_yes", () => [
    state("Yes", "Record as paid"),
    dialogSays("Recorded as paid"),
    inDialog("Done"),
    isSold(),
]);

add("override_no", () => [
    state("No", "Record as not paid"),
    dialogSays("Recorded as not paid"),
    inDialog("Done"),
    lineSays("Recorded as not paid"),
    payCash(),
    isSold(),
]);

add("aside_and_back", () => [
    dialogSays("present card"),
    inDialog("Put aside"),
    [
        {
            content: "the payment lives on in its line",
            trigger: "body:not(:has(.o_sci_dialog)) .o_sci_payment_line",
            run: "click",
        },
    ],
    dialogSays("present card"),
    presentCard(),
    dialogSays("APPROVED"),
    inDialog("Done"),
    isSold(),
]);
