import {FINAL, SIGNATURE} from "../data/action_forms";
import {
    advanceTime,
    beforeEach,
    describe,
    expect,
    test,
    waitFor,
    waitUntil,
} from "@odoo/hoot";
import {awaiting, news, pay, setupDialog, touch} from "../helpers/dialog_setup";
import {click, press, queryAllTexts, queryOne} from "@odoo/hoot-dom";
import {ROWS} from "../data/ledger_rows";
import {SciPaymentLine} from "@pos_mx51_sci/app/components/sci_payment_line/sci_payment_line";
import {animationFrame} from "@odoo/hoot-mock";
import {definePosModels} from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import {mountWithCleanup, patchWithCleanup} from "@web/../tests/web_test_helpers";

definePosModels();

const UNPAIRED = {
    code: "no_active_pairings_found",
    message: "No active pairings found",
};

let world = null;

beforeEach(async () => {
    world = await setupDialog();
    world.pos.config.sci_close_after = 4;
});

/** The line of the payment, on its screen. */
async function mountLine() {
    const {line} = world;
    const props = {line, send: () => line.pay(), cancel: () => undefined};
    await mountWithCleanup(SciPaymentLine, {props});
}

describe("the result at a glance", () => {
    test.tags("desktop");

    for (const [name, icon, tint] of [
        ["draft", "fa-credit-card", "alert-secondary"],
        ["pending", "fa-credit-card", "alert-info"],
        ["awaiting", "fa-hand-pointer-o", "alert-warning"],
        ["unknown", "fa-question-circle", "alert-warning"],
        ["approved", "fa-check-circle", "alert-success"],
        ["declined", "fa-times-circle", "alert-danger"],
        ["not_sent", "fa-times-circle", "alert-danger"],
    ]) {
        test(name, async () => {
            await pay(world, ROWS[name]);
            expect(".o_sci_icon").toHaveClass(icon);
            expect(".o_sci_headline").toHaveClass(tint);
        });
    }

    test("a refund says so, with its minus", async () => {
        const amounts = {refund_amount: 500};
        await pay(world, ROWS.pending, {kind: "refund", amounts});
        expect(".o_sci_dialog .modal-title").toHaveText("Refund");
        expect(".o_sci_amount").toHaveText(/-5\.00/);
    });

    test("what to do about a code that is known", async () => {
        await pay(world, ROWS.declined, {message: "(051) DECLINED"});
        expect(".o_sci_message").toHaveText("(051) DECLINED");
        expect(".o_sci_note").toHaveText(/Ask for another card/);
    });
});

describe("an approved payment", () => {
    test.tags("desktop");

    test("closes by itself, and says when", async () => {
        await pay(world, ROWS.approved);
        expect(".o_sci_countdown").toHaveText("Closes in 4 s");
        await advanceTime(2000);
        expect(".o_sci_countdown").toHaveText(/Closes in [23] s/);
        await advanceTime(3000);
        expect(".o_sci_dialog").toHaveCount(0);
    });

    test("stays while somebody does something", async () => {
        world.pos.config.sci_close_after = 60;
        await pay(world, ROWS.approved);
        await advanceTime(40000);
        await press("Shift");
        await advanceTime(40000);
        expect(".o_sci_dialog").toHaveCount(1);
        await advanceTime(40000);
        expect(".o_sci_dialog").toHaveCount(0);
    });

    const amounts = {cashout_amount: 2000, purchase_amount: 1785};
    for (const [title, row, changes] of [
        ["cash is to be handed out", ROWS.approved, {amounts, result_amounts: amounts}],
        [
            "only a part was approved",
            ROWS.approved,
            {result_amounts: {purchase_amount: 1000}},
        ],
        ["the bank contradicts a person", ROWS.approved, {overridden: "no"}],
        ["it was not paid", ROWS.declined, {}],
    ]) {
        test(`stays: ${title}`, async () => {
            await pay(world, row, changes);
            expect(".o_sci_countdown").toHaveCount(0);
            await advanceTime(10000);
            expect(".o_sci_dialog").toHaveCount(1);
        });
    }

    test("stays after a signature", async () => {
        await pay(world, ROWS.awaiting, awaiting(SIGNATURE));
        expect.verifySteps(["MERCHANT COPY"]);
        await news(world, ROWS.approved);
        await advanceTime(10000);
        expect(".o_sci_dialog").toHaveCount(1);
    });

    test("of a part of the order: what is still to pay, and it stays", async () => {
        const {line} = world;
        line.setAmount(10);
        await pay(world, ROWS.approved, {amounts: {purchase_amount: 1000}});
        expect(".o_sci_todo").toHaveText(/Still to pay .*7\.85/);
        await advanceTime(10000);
        expect(".o_sci_dialog").toHaveCount(1);
    });
});

describe("a payment that was not paid", () => {
    test.tags("desktop");

    test("Retry, on the terminal of the last attempt, whose name it says", async () => {
        const bistro = {terminal_id: 4, terminal_name: "Bistro"};
        await pay(world, ROWS.declined, bistro);
        await touch("Retry on Bistro");
        await waitUntil(() => world.transport.count("start") === 2);
        const [values] = world.transport.last("start").args;
        expect([values.attempt, values.terminal_id]).toEqual([2, 4]);
        expect(".o_sci_dialog").toHaveCount(1);
    });

    test("Retry on the line does the same", async () => {
        await pay(world, ROWS.declined, {terminal_id: 4});
        await touch("Other method");
        await mountLine();
        await click(".send_payment_request");
        await waitUntil(() => world.transport.count("start") === 2);
        expect(world.transport.last("start").args[0].terminal_id).toBe(4);
    });

    test("also where it never left, or has just been sent", async () => {
        const {line, pos, sci, transport} = world;
        patchWithCleanup(console, {warn: () => undefined});
        pos.data.network.offline = true;
        sci.pay(line.uuid, 4);
        await waitFor(".o_sci_dialog:contains(Retry on Bistro)");
        expect(".o_sci_terminal").toHaveText("Bistro");
        pos.data.network.offline = false;
        await touch("Retry on Bistro");
        await waitUntil(() => transport.count("start"));
        expect(transport.last("start").args[0].terminal_id).toBe(4);
        await animationFrame();
        expect(".o_sci_terminal").toHaveText("Bistro");
    });

    test("Other terminal", async () => {
        await pay(world, ROWS.declined);
        await touch("Other terminal");
        await touch("Bistro");
        await waitUntil(() => world.transport.count("start") === 2);
        expect(world.transport.last("start").args[0].terminal_id).toBe(4);
    });

    function losePairing() {
        const {terminals} = world.sci;
        terminals.all = terminals.all.map((it) =>
            it.id === 3 ? {...it, state: "unpaired"} : it
        );
    }

    test("Pair stands out where that helps, for those who may", async () => {
        const {sci} = world;
        losePairing();
        patchWithCleanup(sci.status, {openPairing: (id) => expect.step(`pair ${id}`)});
        sci.terminals.canPair = true;
        await pay(world, ROWS.not_sent, {error: UNPAIRED});
        expect(".o_sci_dialog .btn-primary").toHaveText("Pair again");
        await touch("Pair again");
        expect.verifySteps(["pair 3"]);
    });

    test("for others it is another terminal, not a Retry that cannot succeed", async () => {
        losePairing();
        world.sci.terminals.canPair = false;
        await pay(world, ROWS.not_sent, {error: UNPAIRED});
        expect(".o_sci_dialog .o_sci_pair").toHaveCount(0);
        expect(".o_sci_dialog .btn-primary").toHaveText("Other terminal");
    });

    test("with pos_hr anybody is offered it: a manager's PIN is asked for", async () => {
        losePairing();
        world.sci.terminals.canPair = false;
        const {config, models} = world.pos;
        patchWithCleanup(config, {module_pos_hr: true});
        patchWithCleanup(models, {"hr.employee": {filter: () => []}});
        patchWithCleanup(world.pos, {getCashier: () => ({_role: "cashier"})});
        await mountLine();
        await pay(world, ROWS.not_sent, {error: UNPAIRED});
        expect(".o_sci_dialog .o_sci_pair").toHaveCount(1);
    });

    test("Retry stands out again once it is paired", async () => {
        world.sci.terminals.canPair = true;
        await pay(world, ROWS.not_sent, {error: UNPAIRED});
        expect(".o_sci_dialog .o_sci_pair").toHaveCount(0);
        expect(".o_sci_dialog .btn-primary").toHaveText("Retry on Front Bar");
    });

    test("Retry does not stand out after a person's No", async () => {
        await pay(world, ROWS.unknown_overridden_no);
        expect(".o_sci_dialog .o_sci_retry").toHaveCount(1);
        expect(".o_sci_dialog .btn-primary").toHaveText("Other method");
    });

    test("mx51's form has them already: none twice, and Retry stands out", async () => {
        await pay(world, ROWS.declined, {pos_instructions: FINAL});
        expect(queryAllTexts(".o_sci_next_steps button")).toEqual(["Other terminal"]);
        expect(".o_sci_dialog .btn-primary").toHaveText("Retry");
    });

    test("Enter does not charge again", async () => {
        await pay(world, ROWS.declined);
        expect(document.activeElement).toBe(queryOne(".o_sci_headline"));
        await press("Enter");
        await animationFrame();
        expect(world.transport.count("start")).toBe(1);
    });

    test("nothing but Close once it is paid another way", async () => {
        await pay(world, ROWS.declined);
        const {order, pos} = world;
        const cash = pos.models["pos.payment.method"].find((it) => it.is_cash_count);
        order.addPaymentline(cash);
        await animationFrame();
        await advanceTime(1000);
        expect(queryAllTexts(".o_sci_next_steps button")).toEqual(["Close"]);
    });

    test("one that was refused before it had a row opens its dialog again", async () => {
        const {sci, line} = world;
        patchWithCleanup(sci.preparation, {saveOrder: async () => false});
        await line.pay();
        await animationFrame();
        expect(".o_sci_message").toHaveText(/could not be saved/);
        await touch("Other method");
        line.pay();
        await waitUntil(() => document.querySelector(".o_sci_dialog"));
        expect(".o_sci_dialog").toHaveCount(1);
    });
});

describe("for ears and keyboards", () => {
    test.tags("desktop");

    test("the line is silent while the dialog speaks", async () => {
        await mountLine();
        await pay(world, ROWS.pending, {message: "Present card"});
        const spoken = ".o_sci_payment_line [role=status]";
        expect(spoken).toHaveText("");
        await touch("Put aside");
        await advanceTime(1000);
        expect(spoken).toHaveText("Present card");
    });

    test("the line does not count seconds aloud", async () => {
        await mountLine();
        await pay(world, ROWS.pending, {silent_for: 30});
        await touch("Put aside");
        await advanceTime(4000);
        expect(".o_sci_text").toHaveText(/No answer for 3[345] s/);
        expect(".o_sci_payment_line [role=status]").toHaveText("No answer for 30 s");
    });

    test("Esc leaves the focus on the line", async () => {
        await mountLine();
        await pay(world, ROWS.pending);
        await press("Escape");
        await animationFrame();
        await animationFrame();
        await animationFrame();
        expect(".o_sci_dialog").toHaveCount(0);
        expect(document.activeElement).toBe(queryOne(".o_sci_open"));
    });
});
