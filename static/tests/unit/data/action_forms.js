/** `pos_instructions` of the Action Framework, as the server hands them on. */

/** The smallest PNG there is: one pixel. */
export const PNG =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

export function row(...entries) {
    return {type: "horizontal_layout", elements: entries};
}

export function column(...entries) {
    return {type: "vertical_layout", elements: entries};
}

export function entry(key, label = "") {
    return {key, label};
}

export function makeForm(layout, properties, more = {}) {
    const {auto_actions = null, details = null} = more;
    return {auto_actions, action_form: {layout, properties, details}};
}

/** A form with one element, and the label it has in the layout. */
export function formOf(properties, label = "Label") {
    return makeForm([row(entry("it", label))], {it: properties});
}

export const CANCEL = makeForm([row(entry("cancel_transaction", "Cancel"))], {
    cancel_transaction: {type: "button", submit: true, action: null},
});

export const SIGNATURE = makeForm(
    [
        row(entry("logo")),
        row(entry("hint")),
        row(entry("approve", "Approve"), entry("decline", "Decline")),
    ],
    {
        logo: {type: "image", mime: "image/png", encoding: "base64", data: PNG},
        hint: {type: "text", text: "Check the customer's signature"},
        approve: {type: "button", submit: true, action: null},
        decline: {type: "button", submit: true, action: null},
    },
    {auto_actions: ["PRINT_MERCHANT_RECEIPT"]}
);

export const CERTIFICATION = makeForm(
    [
        row(entry("image")),
        column(entry("text_1", "Label 1"), entry("text_2")),
        row(entry("input_1", "Input 1 (name_1)"), entry("input_2", "Input 2 (name_2)")),
        row(entry("submit", "Submit to API"), entry("test", "Test action")),
    ],
    {
        image: {type: "image", mime: "image/png", encoding: "base64", data: PNG},
        text_1: {type: "text", text: "Text with a label"},
        text_2: {type: "text", text: "Text without a label"},
        input_1: {type: "input", name: "name_1"},
        input_2: {type: "input", name: "name_2"},
        submit: {type: "button", submit: true, action: null},
        test: {type: "button", submit_url: null, action: "TEST_ACTION"},
    },
    {details: {"Pairing ID": "pid_1", "Transaction Version": "3"}}
);

export const FINAL = makeForm(
    [
        row(entry("merchant", "Print Merchant Receipt")),
        row(entry("customer", "Print Customer Receipt")),
        row(entry("done", "Done"), entry("retry", "Retry")),
    ],
    {
        merchant: {type: "button", action: "PRINT_MERCHANT_RECEIPT"},
        customer: {type: "button", action: "PRINT_CUSTOMER_RECEIPT"},
        done: {type: "button", action: "TRANSACTION_COMPLETE"},
        retry: {type: "button", action: "RETRY_TRANSACTION"},
    }
);
