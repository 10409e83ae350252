import {ROWS, makeView} from "../data/ledger_rows";
import {addCardLine, sendAndAnswer, setupSciPos, viewOf} from "../helpers/pos_setup";
import {beforeEach, describe, expect, test} from "@odoo/hoot";
import {queryAttribute, queryFirst, queryText} from "@odoo/hoot-dom";
import {Navbar} from "@point_of_sale/app/components/navbar/navbar";
import {SciPairingButton} from "@pos_mx51_sci/app/components/sci_pairing_button/sci_pairing_button";
import {animationFrame} from "@odoo/hoot-mock";
import {definePosModels} from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import {mountWithCleanup, patchWithCleanup} from "@web/../tests/web_test_helpers";

definePosModels();

let world = null;

beforeEach(async () => {
    world = await setupSciPos();
});

const label = () => queryAttribute(".o_sci_status", "aria-label");
const state = () => queryAttribute(".o_sci_status", "data-state");

/** The same terminals, with another Front Bar, as after news of the server. */
async function change(changes) {
    const {terminals} = world.sci;
    terminals.all = terminals.all.map((terminal) =>
        terminal.id === 3 ? {...terminal, ...changes} : terminal
    );
    await animationFrame();
}

describe("the mark in the navbar", () => {
    test.tags("desktop");

    test("names the register's terminal, its state and the sandbox", async () => {
        await mountWithCleanup(Navbar);
        expect(label()).toBe("EFTPOS · Front Bar: paired · SANDBOX");
        expect(".o_sci_status .fa-credit-card.text-success").toHaveCount(1);
        expect(".o_sci_status .fa-flask").toHaveCount(1);
        await change({sandbox: false, not_connected_since: "2026-03-10 12:32:05"});
        expect(state()).toBe("lost");
        expect(label()).toInclude("Front Bar: not connected since");
        expect(".o_sci_status .fa-plug.text-danger").toHaveCount(1);
        expect(".o_sci_status .fa-flask").toHaveCount(0);
        await change({state: "unpaired"});
        expect(label()).toBe("EFTPOS · Front Bar: not paired");
        expect(".o_sci_status .fa-chain-broken.text-danger").toHaveCount(1);
        await change({state: "paired", not_connected_since: false, busy: "Bistro"});
        expect(label()).toBe("EFTPOS · Front Bar: busy: Bistro");
        expect(".o_sci_status .fa-clock-o.text-warning").toHaveCount(1);
    });

    test("of a register without a terminal", async () => {
        Object.assign(world.sci.terminals, {own: false, all: []});
        await mountWithCleanup(Navbar);
        expect(label()).toBe("EFTPOS · no terminal");
    });

    test("is not there without a method for it", async () => {
        const {pos, card} = world;
        pos.config.update({payment_method_ids: [["unlink", card]]});
        await mountWithCleanup(Navbar);
        expect(".o_sci_status").toHaveCount(0);
    });

    test("counts the payments that run, and says what they wait for", async () => {
        Object.assign(world, await addCardLine(world));
        const {line, order, pos, transport} = world;
        await mountWithCleanup(Navbar);
        expect(".o_sci_running").toHaveCount(0);
        expect(".o_sci_order_badge").toHaveCount(0);
        await sendAndAnswer(world, makeView({message: "PRESENT CARD"}));
        // Another order is on the screen meanwhile.
        pos.addNewOrder();
        await animationFrame();
        expect(queryText(".o_sci_running")).toBe("1");
        expect(label()).toInclude("PRESENT CARD");
        const badge = `.floating-order-container:contains(${order.getName()}) .o_sci_order_badge`;
        expect(badge).toHaveCount(1);
        expect(".o_sci_order_badge").toHaveText("PRESENT CARD");
        const form = {...ROWS.awaiting, message: "SIGNATURE"};
        await transport.answer("poll", viewOf(line, form));
        await animationFrame();
        expect(label()).toInclude("Waiting for the cashier: SIGNATURE");
        expect(".o_sci_running.text-bg-warning .fa-hand-pointer-o").toHaveCount(1);
        await transport.answer(
            "poll",
            viewOf(line, {...ROWS.pending, version: 3, override_open: true})
        );
        await animationFrame();
        expect(label()).toInclude("Was the transaction successful?");
        expect(".o_sci_order_badge.text-bg-warning .fa-question-circle").toHaveCount(1);
        await transport.answer("poll", viewOf(line, ROWS.declined));
        await animationFrame();
        expect(".o_sci_running").toHaveCount(0);
        expect(".o_sci_order_badge").toHaveCount(0);
    });
});

test.tags("desktop");
test("the gear of a terminal that has just gone leads to the panel", async () => {
    const {sci, card} = world;
    sci.terminals.canPair = true;
    patchWithCleanup(sci.status, {
        open: () => expect.step("panel"),
        openPairing: (id) => expect.step(`pair ${id}`),
    });
    await mountWithCleanup(SciPairingButton, {props: {methodId: card.id}});
    const gear = queryFirst(".o_sci_pairing_button");
    gear.click();
    // News of the server, which is not drawn yet.
    Object.assign(sci.terminals, {own: false, all: []});
    gear.click();
    expect.verifySteps(["pair 3", "panel"]);
    await animationFrame();
    expect(".o_sci_pairing_button").toHaveCount(0);
});
