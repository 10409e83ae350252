import {addCardLine, sendAndAnswer, setupSciPos} from "../helpers/pos_setup";
import {beforeEach, describe, expect, test, waitFor} from "@odoo/hoot";
import {click, queryAllTexts, queryText} from "@odoo/hoot-dom";
import {
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import {MainComponentsContainer} from "@web/core/main_components_container";
import {animationFrame} from "@odoo/hoot-mock";
import {definePosModels} from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import {makeView} from "../data/ledger_rows";

definePosModels();

let world = null;

const RECEIPT = "TOTAL 12.50";

const PAYMENTS = [
    {id: 12, outcome: "approved", result: "Approved"},
    {id: 11, outcome: "declined", result: "Declined"},
    {id: 9, outcome: "not_sent", result: "Not sent"},
].map((row) => ({
    at: "2026-03-10 01:02:03",
    amount: 1250,
    terminal: "Front Bar",
    order: "Bar - 000001",
    ...row,
}));

beforeEach(async () => {
    world = await setupSciPos();
    const {terminals} = world.sci;
    terminals.canPair = true;
    terminals.all[1].busy = false;
    onRpc("pos.session", "sci_payments", () => PAYMENTS);
    patchWithCleanup(world.sci, {
        openReceiptsOf: async (domain) => expect.step(`receipts of ${domain}`),
        print: (text) => expect.step(`printed ${text}`),
    });
});

async function open() {
    await mountWithCleanup(MainComponentsContainer);
    await world.sci.status.open();
    await waitFor(".o_sci_panel");
    await animationFrame();
}

const card = (name) => `.o_sci_terminal_card:contains(${name})`;

async function press(selector) {
    await click(selector);
    await animationFrame();
    await animationFrame();
}

function answer(model, method, result) {
    onRpc(model, method, ({args}) => {
        expect.step(`${method} ${JSON.stringify(args)}`);
        return result;
    });
}

describe("the panel behind the mark", () => {
    test.tags("desktop");

    test("shows the terminals, and what a manager may do", async () => {
        await open();
        expect(queryAllTexts(`${card("Front Bar")} button`)).toEqual([
            "Test",
            "Pairing",
            "Totals so far",
            "Settle",
        ]);
        expect(queryAllTexts(`${card("Bistro")} button`)).toInclude(
            "Use at this register"
        );
        expect(`${card("Front Bar")} .o_sci_own`).toHaveCount(1);
        patchWithCleanup(world.sci.status, {
            openPairing: (id) => expect.step(`pair ${id}`),
        });
        await press(`${card("Bistro")} [name=pairing]`);
        expect.verifySteps(["pair 4"]);
    });

    test("and what a cashier may", async () => {
        world.sci.terminals.canPair = false;
        await open();
        expect(queryAllTexts(".o_sci_terminal_card button")).toEqual(["Test", "Test"]);
    });

    test("of a register without a terminal", async () => {
        Object.assign(world.sci.terminals, {own: false, all: [], methods: {}});
        await open();
        expect(".o_sci_no_terminal").toHaveCount(1);
    });

    test("tests a pairing", async () => {
        answer("pos.sci.terminal", "action_test", {state: "paired", error: false});
        await open();
        await press(`${card("Front Bar")} [name=test]`);
        expect(queryText(`${card("Front Bar")} .o_sci_card_note`)).toBe(
            "Tested: the pairing is active."
        );
        expect.verifySteps(["action_test [[3]]"]);
    });

    test("a cashier's test says what is wrong, and finishes no pairing", async () => {
        const error = {message: "No active pairings found", hint: "Pair it again."};
        answer("pos.sci.terminal", "check_pairing", {state: "unpaired", error});
        world.sci.terminals.canPair = false;
        await open();
        await press(`${card("Front Bar")} [name=test]`);
        expect(queryText(`${card("Front Bar")} .o_sci_card_note`)).toBe(
            "No active pairings found Pair it again."
        );
        expect.verifySteps(["check_pairing [[3]]"]);
    });

    test("switches the register's terminal", async () => {
        answer("pos.config", "sci_use_terminal", null);
        await open();
        await press(`${card("Bistro")} [name=use]`);
        const {config} = world.pos;
        expect.verifySteps([`sci_use_terminal [[${config.id}],4,null,null]`]);
    });

    test("asks for the totals, and prints them", async () => {
        const totals = {
            id: 21,
            kind: "enquiry",
            status: "FINALISED",
            financial_status: "APPROVED",
            message: "(000)",
            at: "2026-03-10 01:02:03",
            terminal_name: "Front Bar",
            receipt: RECEIPT,
        };
        onRpc("pos.session", "sci_day", () => []);
        answer("pos.session", "sci_settle", 21);
        answer("pos.session", "sci_settlement", totals);
        await open();
        await press(`${card("Front Bar")} [name=enquiry]`);
        await waitFor(`.o_sci_settlement_receipt:contains(${RECEIPT})`);
        expect(".modal-title:contains(Totals of Front Bar)").toHaveCount(1);
        expect(queryText(".o_sci_settlement_text")).toInclude("Enquiry at");
        await press(".o_sci_print_settlement");
        const {id} = world.pos.session;
        expect.verifySteps([
            `sci_settle ${JSON.stringify([[id], 3, "enquiry", false, null, null])}`,
            `sci_settlement ${JSON.stringify([[id], 21])}`,
            `printed ${RECEIPT}`,
        ]);
    });

    test("lists the session's card payments with their receipts", async () => {
        onRpc("pos.sci.transaction", "search", () => [12]);
        await open();
        const shown = queryAllTexts(".o_sci_payment_row").map((row) =>
            row.replace(/\s+/g, " ")
        );
        expect(shown.length).toBe(3);
        for (const [place, [result, tone]] of [
            ["Approved", "success"],
            ["Declined", "danger"],
            ["Not sent", "muted"],
        ].entries()) {
            expect(shown[place]).toInclude(
                `Bar - 000001 · Front Bar ${result} $ 12.50`
            );
            expect(
                `.o_sci_payment_row:eq(${place}) > .text-${tone}:contains(${result})`
            ).toHaveCount(1);
        }
        await press(".o_sci_payment_row:eq(1)");
        await press("[name=last_receipt]");
        expect.verifySteps(["receipts of id,=,11", "receipts of id,=,12"]);
    });

    test("leads to a payment that runs", async () => {
        Object.assign(world, await addCardLine(world));
        await sendAndAnswer(world, makeView({message: "PRESENT CARD"}));
        const {pos, order, line} = world;
        patchWithCleanup(pos, {navigate: (page) => expect.step(page)});
        pos.addNewOrder();
        await open();
        expect(queryText(".o_sci_panel_running")).toInclude("PRESENT CARD");
        expect(queryText(".o_sci_panel_running")).toInclude(order.getName());
        await press(".o_sci_panel_running button");
        expect.verifySteps(["PaymentScreen"]);
        expect(pos.getOrder().uuid).toBe(line.pos_order_id.uuid);
        expect(".o_sci_panel").toHaveCount(0);
    });
});
