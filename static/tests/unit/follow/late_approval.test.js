import {addCardLine, setupSciPos, viewOf} from "../helpers/pos_setup";
import {beforeEach, describe, expect, runAllTimers, test, waitUntil} from "@odoo/hoot";
import {ROWS} from "../data/ledger_rows";
import {definePosModels} from "@point_of_sale/../tests/unit/data/generate_model_definitions";

definePosModels();

const LATE = {...ROWS.approved, overridden: "no"};

let world = null;

/** A payment that somebody has marked as not paid. */
beforeEach(async () => {
    world = await setupSciPos();
    Object.assign(world, await addCardLine(world));
    const {line, transport} = world;
    line.pay();
    await waitUntil(() => transport.count("start"));
    await transport.answer("start", viewOf(line, ROWS.unknown_overridden_no));
    expect(line.payment_status).toBe("retry");
    transport.requests = [];
});

/** The money is in the order; who has the goods is for the cashier to see. */
async function expectDone() {
    const {line, order} = world;
    await runAllTimers();
    expect(line.payment_status).toBe("done");
    expect(order.isPaid()).toBe(true);
    expect(order.state).toBe("draft");
}

describe("the bank approves after a No", () => {
    test.tags("desktop");

    test("Retry charges nothing", async () => {
        const {line, transport} = world;
        line.pay();
        await waitUntil(() => transport.count("start"));
        expect(transport.last("start").args[0].attempt).toBe(2);
        const error = {code: "contradicted", message: "The bank has approved it."};
        await transport.answer("start", viewOf(line, LATE, {error}));
        await expectDone();
        expect(transport.count("start")).toBe(1);
    });

    test("a hint is enough", async () => {
        const {sci, line, transport} = world;
        sci.recovery.hint({id: 7, version: 9});
        await transport.answer("poll", viewOf(line, LATE));
        await expectDone();
    });

    test("a hint of what is known sends nothing", async () => {
        const {sci, transport} = world;
        await sci.recovery.hint({id: 7, version: 0});
        expect(transport.requests).toEqual([]);
    });

    test("after a reload", async () => {
        const {sci, line, transport} = world;
        line.uiState = JSON.parse(JSON.stringify(line.uiState));
        sci.follower.running.clear();
        sci.startedHere.clear();
        sci.recovery.resume(world.pos.config.id);
        await transport.answer("resume", [viewOf(line, LATE)]);
        await expectDone();
    });

    test("an order that was paid in cash meanwhile stays as it is", async () => {
        const {sci, line, order, transport} = world;
        order.state = "paid";
        sci.recovery.hint({id: 7, version: 9});
        await transport.answer("poll", viewOf(line, LATE));
        expect(line.payment_status).toBe("retry");
    });
});
