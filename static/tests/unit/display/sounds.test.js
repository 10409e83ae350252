import {news, pay, setupDialog} from "../helpers/dialog_setup";
import {beforeEach, describe, expect, test} from "@odoo/hoot";
import {ROWS} from "../data/ledger_rows";
import {definePosModels} from "@point_of_sale/../tests/unit/data/generate_model_definitions";

definePosModels();

let world = null;

beforeEach(async () => {
    world = await setupDialog();
    world.pos.sound = {play: (name) => expect.step(name)};
});

describe("what a payment sounds like", () => {
    test.tags("desktop");

    test("waiting, then approved: each once", async () => {
        await pay(world, ROWS.draft);
        expect.verifySteps([]);
        await news(world, ROWS.pending);
        expect.verifySteps(["beep"]);
        await news(world, ROWS.pending, {version: 2, message: "Processing"});
        expect.verifySteps([]);
        await news(world, ROWS.approved);
        expect.verifySteps(["bell"]);
    });

    test("the cashier's turn, then declined", async () => {
        await pay(world, ROWS.pending);
        await news(world, ROWS.awaiting);
        expect.verifySteps(["beep", "notification"]);
        await news(world, ROWS.declined);
        expect.verifySteps(["error"]);
    });

    test("the question about the outcome", async () => {
        await pay(world, ROWS.pending);
        await news(world, ROWS.pending, {version: 2, override_open: true});
        expect.verifySteps(["beep", "notification"]);
    });

    test("nothing for what is over when it is seen first, as after a reload", async () => {
        const {line, sci} = world;
        sci.lines.record(line, {phase: "ended", attempt: 1, view: ROWS.declined});
        expect.verifySteps([]);
    });

    test("nothing for what runs elsewhere", async () => {
        const {line, pos, sci} = world;
        pos.router.state.current = "ProductScreen";
        const view = ROWS.pending;
        sci.lines.record(line, {phase: "following", attempt: 1, view});
        expect.verifySteps([]);
    });

    test("an attempt after a refusal", async () => {
        await pay(world, ROWS.declined);
        await pay(world, ROWS.approved, {attempt: 2, version: 10});
        expect.verifySteps(["error", "bell"]);
    });
});
