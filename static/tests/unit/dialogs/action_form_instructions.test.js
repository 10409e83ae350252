import {
    isCancel,
    offersAction,
    parseInstructions,
    primaryButton,
} from "@pos_mx51_sci/dialogs/action_form";
import {CANCEL, CERTIFICATION, FINAL, SIGNATURE} from "../data/action_forms";
import {beforeEach, describe, expect, test} from "@odoo/hoot";
import {patchWithCleanup} from "@web/../tests/web_test_helpers";

let warnings = 0;

beforeEach(() => {
    warnings = 0;
    patchWithCleanup(console, {warn: () => warnings++});
});

describe("instructions", () => {
    test.tags("desktop");
    const EMPTY = {rows: [], elements: [], details: "", autoActions: []};

    for (const instructions of [
        false,
        null,
        undefined,
        "x",
        5,
        [],
        {},
        {action_form: null},
        {action_form: []},
        {action_form: "x"},
        {action_form: {layout: null, properties: null, details: null}},
        {action_form: {properties: []}},
        {action_form: {properties: "x", details: "x"}},
        {action_form: {details: ["x"]}},
        {auto_actions: null},
        {auto_actions: "PRINT_MERCHANT_RECEIPT"},
    ]) {
        test(`${JSON.stringify(instructions)}: nothing to show`, () => {
            expect(parseInstructions(instructions)).toEqual(EMPTY);
        });
    }

    test("details are one line, in their order", () => {
        const {details} = parseInstructions({
            action_form: {
                details: {"Pairing ID": "pid_1", TID: 7, Odd: {a: 1}, Z: null},
            },
        });
        expect(details).toBe("Pairing ID: pid_1, TID: 7, Odd: , Z: ");
    });

    for (const [title, autoActions, run, warned] of [
        ["strings", ["PRINT_MERCHANT_RECEIPT"], ["PRINT_MERCHANT_RECEIPT"], 0],
        [
            "objects",
            [{action: "PRINT_CUSTOMER_RECEIPT"}, {action: "TRANSACTION_COMPLETE"}],
            ["PRINT_CUSTOMER_RECEIPT", "TRANSACTION_COMPLETE"],
            0,
        ],
        [
            "the same twice",
            ["PRINT_MERCHANT_RECEIPT", {action: "PRINT_MERCHANT_RECEIPT"}],
            ["PRINT_MERCHANT_RECEIPT"],
            0,
        ],
        [
            "one object",
            {action: "PRINT_MERCHANT_RECEIPT"},
            ["PRINT_MERCHANT_RECEIPT"],
            0,
        ],
        ["a new charge never runs by itself", ["RETRY_TRANSACTION"], [], 1],
        ["unknown ones", ["FORMAT_DISK", {action: 5}, {}, null, 7, []], [], 1],
    ]) {
        test(`automatic actions: ${title}`, () => {
            const parsed = parseInstructions({auto_actions: autoActions});
            expect(parsed.autoActions).toEqual(run);
            expect(warnings).toBe(warned);
        });
    }

    test("the button that stands out", () => {
        const label = (form) => primaryButton(parseInstructions(form))?.label;
        expect(label(SIGNATURE)).toBe("Approve");
        expect(label(CERTIFICATION)).toBe("Submit to API");
        expect(label(FINAL)).toBe("Done");
        expect(label(CANCEL)).toBe(undefined);
        expect(label(null)).toBe(undefined);
    });

    test("cancel buttons and offered actions are known", () => {
        const [cancel] = parseInstructions(CANCEL).elements;
        expect(isCancel(cancel)).toBe(true);
        const properties = {stop: {type: "button", submit: true, cancel: true}};
        const layout = CANCEL.action_form.layout.map((shown) => ({
            ...shown,
            elements: [{key: "stop", label: "Stop"}],
        }));
        const [stop] = parseInstructions({action_form: {layout, properties}}).elements;
        expect(isCancel(stop)).toBe(true);
        const final = parseInstructions(FINAL);
        expect(final.elements.some(isCancel)).toBe(false);
        expect(offersAction(final, "TRANSACTION_COMPLETE")).toBe(true);
        expect(offersAction(final, "TEST_ACTION")).toBe(false);
    });
});
