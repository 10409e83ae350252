import {addCardLine, setupSciPos} from "../helpers/pos_setup";
import {advanceTime, beforeEach, describe, expect, test, tick} from "@odoo/hoot";
import {PREPARATION_LIMIT} from "@pos_mx51_sci/app/request/time_limit";
import {definePosModels} from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import {patchWithCleanup} from "@web/../tests/web_test_helpers";

definePosModels();

const NO_ANSWER = () => new Promise(() => undefined);

let world = null;

beforeEach(async () => {
    world = await setupSciPos();
    Object.assign(world, await addCardLine(world));
    patchWithCleanup(console, {warn: () => undefined});
});

/** The payment is given up before anything has left, and the line is free. */
async function expectGivenUp(sentence) {
    const {line, transport} = world;
    const result = line.pay();
    await tick();
    await advanceTime(PREPARATION_LIMIT / 2);
    expect(line.isSciLocked()).toBe(true);
    await advanceTime(PREPARATION_LIMIT / 2);
    expect(await result).toBe(false);
    expect(transport.requests).toEqual([]);
    expect(line.isSciLocked()).toBe(false);
    expect(line.uiState.sci.error.message).toInclude(sentence);
}

describe("an Odoo that does not answer holds up no payment that has not left", () => {
    test.tags("desktop");

    test("while the order is saved", async () => {
        patchWithCleanup(world.pos, {syncAllOrders: NO_ANSWER});
        await expectGivenUp("could not be saved");
    });
});
