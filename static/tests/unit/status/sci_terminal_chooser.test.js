import {addCardLine, send, sendAndAnswer, setupSciPos} from "../helpers/pos_setup";
import {beforeEach, describe, expect, test, waitUntil} from "@odoo/hoot";
import {click, queryAllTexts} from "@odoo/hoot-dom";
import {mountWithCleanup, patchWithCleanup} from "@web/../tests/web_test_helpers";
import {MainComponentsContainer} from "@web/core/main_components_container";
import {ROWS} from "../data/ledger_rows";
import {SciTerminals} from "@pos_mx51_sci/app/services/sci_terminals";
import {animationFrame} from "@odoo/hoot-mock";
import {definePosModels} from "@point_of_sale/../tests/unit/data/generate_model_definitions";

definePosModels();

let world = null;

beforeEach(async () => {
    world = await setupSciPos();
    Object.assign(world, await addCardLine(world));
    world.sci.terminals.all = [
        {
            id: 4,
            name: "Bistro",
            state: "paired",
            tid: "10000002",
            pairing_id: "pid_2",
            busy: "Register 2",
            doing: "purchase",
        },
        {id: 5, name: "Cellar", state: "unpaired", busy: false},
        {
            id: 3,
            name: "Front Bar",
            state: "paired",
            tid: "10000001",
            pairing_id: "pid_1",
            busy: false,
        },
    ];
    world.sci.terminals.methods = {[world.card.id]: [3, 4, 5]};
});

/** Opens the chooser; `views` answer the pairing checks. */
async function open(views = {}) {
    const {sci, card} = world;
    patchWithCleanup(sci.terminals, {
        refresh: async () => expect.step("read"),
        askPairing: async (id) => {
            expect.step(`checked ${id}`);
            if (views[id] instanceof Error) {
                throw views[id];
            }
            return {state: "paired", error: false, ...views[id]};
        },
    });
    await mountWithCleanup(MainComponentsContainer);
    const choice = sci.chooseTerminal(card.id);
    await animationFrame();
    await animationFrame();
    return choice;
}

/** Not awaited: it lasts until a terminal is chosen. */
function opened(...args) {
    world.choice = open(...args);
    return waitUntil(() => document.querySelector(".o_sci_terminal"));
}

const offered = () => queryAllTexts(".o_sci_terminal").map((it) => it.split("\n"));

describe("the choice of a terminal", () => {
    test.tags("desktop");

    test("shows name, TID, pairing id and state, the register's own first", async () => {
        await opened();
        await expect.waitForSteps(["read", "checked 3", "checked 4"]);
        await animationFrame();
        const texts = queryAllTexts(".o_sci_terminal").map((it) =>
            it.replace(/\s+/g, " ")
        );
        expect(texts).toEqual([
            "Front Bar This register paired TID 10000001 Pairing ID pid_1",
            "Bistro busy: Register 2 TID 10000002 Pairing ID pid_2",
            "Cellar not paired",
        ]);
        expect(offered().length).toBe(3);
        await click(".o_sci_terminal:contains(Bistro)");
        expect(await world.choice).toBe(4);
    });

    test("offers only what is paired, and notices a loss while it is open", async () => {
        await opened({4: {state: "unpaired"}});
        await expect.waitForSteps(["read", "checked 3", "checked 4"]);
        await animationFrame();
        expect(".o_sci_terminal:contains(Cellar)").toHaveAttribute("disabled");
        expect(".o_sci_terminal:contains(Bistro)").toHaveAttribute("disabled");
        expect(".o_sci_terminal:contains(Front Bar)").not.toHaveAttribute("disabled");
        await click(".modal-footer button");
        expect(await world.choice).toBe(false);
    });

    test("in a copy of the database there is nothing to choose", async () => {
        for (const terminal of world.sci.terminals.all) {
            terminal.is_of_other_database = terminal.state === "paired";
        }
        await opened();
        await expect.waitForSteps(["read", "checked 3", "checked 4"]);
        expect(".o_sci_terminal[disabled]").toHaveCount(3);
        expect(".o_sci_terminal:contains(Front Bar)").toHaveText(
            /copy of the database/
        );
    });

    test("a silent service is asked once, and takes no terminal away", async () => {
        patchWithCleanup(console, {warn: () => expect.step("warned")});
        await opened({3: {error: {code: "no_answer"}}});
        await expect.waitForSteps(["read", "checked 3"]);
        expect(".o_sci_terminal[disabled]").toHaveCount(1);
        await click(".o_sci_terminal:contains(Front Bar)");
        expect(await world.choice).toBe(3);
    });
});

describe("which terminal a payment goes to", () => {
    test.tags("desktop");

    /** The cashier is asked, and answers with that. */
    function answer(id, line = world.line) {
        patchWithCleanup(world.sci, {
            chooseTerminal: async (methodId) => {
                expect(methodId).toBe(world.card.id);
                expect.step(`asked, ${line.uiState.sci?.phase || "before"}`);
                return id;
            },
        });
    }

    /** The register's own terminal, as it is known. */
    function front(changes) {
        const {terminals} = world.sci;
        Object.assign(terminals.get(3), changes);
        terminals.get(4).busy = false;
        terminals.get(4).doing = false;
    }

    async function sentTo() {
        send(world);
        await waitUntil(() => world.transport.count("start"));
        return world.transport.last("start").args[0].terminal_id;
    }

    test("the usual one, without a question", async () => {
        answer(4);
        expect(await sentTo()).toBe(false);
        expect.verifySteps([]);
    });

    for (const [name, changes] of Object.entries({
        "not paired": {state: "unpaired"},
        "not connected": {not_connected_since: "2026-03-10 12:32:05"},
        "busy with another register": {busy: "Bistro", doing: "purchase"},
        "closing its day": {doing: "settlement"},
    })) {
        test(`${name}: asked before anything says that it failed`, async () => {
            front(changes);
            answer(4);
            expect(await sentTo()).toBe(4);
            expect.verifySteps(["asked, before"]);
        });

        test(`${name}, and no other would do: it is tried`, async () => {
            front(changes);
            world.sci.terminals.get(4).state = "unpaired";
            answer(4);
            expect(await sentTo()).toBe(false);
            expect.verifySteps([]);
        });
    }

    test("not asked where the server knows better", async () => {
        front({busy: "Bistro"});
        answer(4);
        patchWithCleanup(world.sci.terminals, {
            refresh: async () => front({busy: false}),
        });
        expect(await sentTo()).toBe(false);
        expect.verifySteps([]);
    });

    test("asked where a payment of this register has just taken it", async () => {
        const {line, order, card, transport, sci} = world;
        line.setAmount(5);
        const amounts = {purchase_amount: 500};
        await sendAndAnswer(world, {...ROWS.pending, terminal_id: 3}, {amounts});
        patchWithCleanup(sci.terminals, {
            refresh: async () => front({busy: "Hoot", doing: "purchase"}),
        });
        const {data: second} = order.addPaymentline(card);
        answer(4, second);
        second.pay();
        await waitUntil(() => transport.count("start") === 2);
        expect(transport.last("start").args[0].terminal_id).toBe(4);
        expect.verifySteps(["asked, before"]);
    });

    test("none chosen: nothing is sent, and Retry asks again", async () => {
        front({state: "unpaired"});
        answer(false);
        expect(await world.line.pay()).toBe(false);
        expect(world.transport.requests).toEqual([]);
        expect(world.line.uiState.sci.error.message).toBe("No terminal was chosen.");
        answer(4);
        expect(await sentTo()).toBe(4);
        expect.verifySteps(["asked, before", "asked, ended"]);
    });

    test("Retry stays on the terminal of the last attempt", async () => {
        const {line, sci, transport} = world;
        sci.pay(line.uuid, 4);
        await waitUntil(() => transport.count("start"));
        await transport.answer("start", {
            ...ROWS.declined,
            payment_uuid: line.uuid,
            order_uuid: line.pos_order_id.uuid,
            terminal_id: 4,
        });
        send(world);
        await waitUntil(() => transport.count("start") === 2);
        expect(transport.last("start").args[0].terminal_id).toBe(4);
    });

    test("also after one that never left", async () => {
        const {line, sci, pos, transport} = world;
        patchWithCleanup(console, {warn: () => undefined});
        pos.data.network.offline = true;
        expect(await sci.pay(line.uuid, 4)).toBe(false);
        pos.data.network.offline = false;
        expect(transport.requests).toEqual([]);
        expect(await sentTo()).toBe(4);
    });

    test("a refund stays there too, and may go to any other that is paired", async () => {
        const {card, line, sci} = world;
        const {terminals} = sci;
        await sendAndAnswer(world, {...ROWS.declined, terminal_id: 4});
        terminals.methods = {[card.id]: [3]};
        terminals.all = terminals.all.filter(({id}) => [3, 4].includes(id));
        expect(terminals.lastOf(line)).toBe(undefined);
        expect(terminals.hasOther(line)).toBe(false);
        patchWithCleanup(line, {getAmount: () => -12.5});
        expect(terminals.lastOf(line).id).toBe(4);
        for (const [id, state] of [
            [4, "unpaired"],
            [3, "paired"],
        ]) {
            terminals.all.find((it) => it.id === id).state = state;
            expect(terminals.lastOf(line).id).toBe(4);
            expect(terminals.hasOther(line)).toBe(true);
        }
    });

    test("the usual one again, once the last one belongs to the method no more", async () => {
        const {sci, card} = world;
        await sendAndAnswer(world, {...ROWS.declined, terminal_id: 5});
        sci.terminals.methods = {[card.id]: [3, 4]};
        send(world);
        await waitUntil(() => world.transport.count("start") === 2);
        expect(world.transport.last("start").args[0].terminal_id).toBe(false);
    });
});

test.tags("desktop");
test("a line that a missing pairing stopped says when there is one again", async () => {
    const {line, sci} = world;
    const error = {code: "not_paired", message: "No active pairings found"};
    await sendAndAnswer(world, {...ROWS.not_sent, error});
    expect(line.uiState.sci.error.message).toBe("No active pairings found");
    const answers = (state) => async () => ({
        sci_terminal_id: 3,
        terminals: [{id: 3, name: "Front Bar", state}],
        methods: {},
        can_pair: true,
    });
    const {terminals} = sci;
    const refresh = () => SciTerminals.prototype.refresh.call(terminals);
    terminals.read = answers("paired");
    await refresh();
    // It had been so before: the message of the terminal service stands.
    expect(line.uiState.sci.error.message).toBe("No active pairings found");
    for (const state of ["unpaired", "confirming", "paired"]) {
        terminals.read = answers(state);
        await refresh();
    }
    expect(line.uiState.sci.error.message).toBe(
        "Front Bar is paired again. Press Retry."
    );
    expect(line.payment_status).toBe("retry");
});
