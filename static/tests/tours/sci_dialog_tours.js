import {
    add as addTour,
    dialogSays,
    inDialog,
    isSold,
    lineSays,
    payByCard,
    payCash,
    presentCard,
    see,
    start,
    state,
} from "./sci_tour_utils";
import {waitUntil} from "@odoo/hoot-dom";

function add(name, steps) {
    addTour(name, () => [start(), payByCard(), ...steps()]);
}

/** Counts print requests instead of printing. */
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
    see(
        '.o_sci_payload:contains("first value"):contains("input_name_2"):contains(\'""\')',
        "what would be sent"
    ),
    inDialog("Submit to API"),
    dialogSays("APPROVED"),
    see(
        ".o_sci_details:contains(Pairing ID: pid_):contains(Transaction ID:)",
        "the details are there after the end, too"
    ),
    inDialog("Done"),
    isSold(),
]);

add("override_yes", () => [
    state("Yes, paid", "Record as paid"),
    dialogSays("Recorded as paid"),
    inDialog("Done"),
    isSold(),
]);

add("override_no", () => [
    state("No, not paid", "Record as not paid"),
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
            content: "the payment goes on in its line",
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
