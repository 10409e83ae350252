import {addCardLine, setupSciPos, viewOf} from "../helpers/pos_setup";
import {
    advanceTime,
    beforeEach,
    describe,
    expect,
    test,
    tick,
    waitUntil,
} from "@odoo/hoot";
import {onRpc, patchWithCleanup} from "@web/../tests/web_test_helpers";
import {PREPARATION_LIMIT} from "@pos_mx51_sci/app/request/time_limit";
import {definePosModels} from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import {ROWS} from "../data/ledger_rows";
import {SciTerminals} from "@pos_mx51_sci/app/services/sci_terminals";

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

describe("the line is on the server before its payment leaves", () => {
    test.tags("desktop");

    test("also when the order's first save is under way without it", async () => {
        const {order, line, transport, pos} = world;
        let isFirst = true;
        patchWithCleanup(pos, {
            syncAllOrders(options) {
                expect.step(`forced: ${options.force}`);
                if (isFirst) {
                    // Odoo leaves out an order that is being saved already.
                    isFirst = false;
                    return undefined;
                }
                return super.syncAllOrders(...arguments);
            },
        });
        line.pay();
        await tick();
        expect(transport.requests).toEqual([]);
        await advanceTime(1000);
        await waitUntil(() => transport.count("start"));
        expect(order.isSynced && line.isSynced).toBe(true);
        expect.verifySteps(["forced: true", "forced: true"]);
    });

    test("an order that is there does not do without it", async () => {
        const {order, line, transport, pos} = world;
        order.removePaymentline(line);
        await pos.syncAllOrders({orders: [order], force: true});
        expect(order.isSynced).toBe(true);
        const {data: late} = order.addPaymentline(world.card);
        patchWithCleanup(pos, {syncAllOrders: async () => undefined});
        late.pay();
        await tick();
        for (let save = 0; save < 3; save++) {
            await advanceTime(1000);
            await tick();
        }
        expect(transport.requests).toEqual([]);
        expect(late.uiState.sci.error.message).toInclude("could not be saved");
    });
});

describe("the server does not have the order", () => {
    test.tags("desktop");
    const MISSING = {code: "order_missing", message: "The order is not saved yet."};

    /** The next start is answered with that refusal. */
    async function refuse(attempt) {
        const {line, transport} = world;
        await waitUntil(() => transport.count("start") === attempt);
        expect(transport.last("start").args[0].attempt).toBe(attempt);
        const changes = {attempt, id: 6 + attempt, error: MISSING};
        await transport.answer("start", viewOf(line, ROWS.not_sent, changes));
    }

    test("it is saved, and the next attempt is sent by itself", async () => {
        const {line, transport} = world;
        onRpc("pos.order", "sync_from_ui", () => expect.step("saved"));
        const result = line.pay();
        await refuse(1);
        await waitUntil(() => transport.count("start") === 2);
        expect.verifySteps(["saved", "saved"]);
        const changes = {attempt: 2, id: 8};
        await transport.answer("start", viewOf(line, ROWS.declined, changes));
        expect(await result).toBe(false);
        expect(line.payment_status).toBe("retry");
    });

    test("nothing more is sent where Cancel was pressed meanwhile", async () => {
        const {line, sci, transport} = world;
        const result = line.pay();
        await waitUntil(() => transport.count("start") === 1);
        sci.cancel(line.uuid);
        await refuse(1);
        expect(await result).toBe(false);
        expect(transport.count("start")).toBe(1);
        expect(line.payment_status).toBe("retry");
    });

    test("a second time the line says so", async () => {
        const {line, transport} = world;
        const result = line.pay();
        await refuse(1);
        await refuse(2);
        expect(await result).toBe(false);
        expect(line.uiState.sci.error.message).toBe("The order is not saved yet.");
        expect(transport.count("start")).toBe(2);
    });
});

describe("settings that have changed while the register is open", () => {
    test.tags("desktop");

    test("an old surcharge: Retry sends the new one", async () => {
        const {line, pos, sci, transport} = world;
        pos.config.sci_surcharge_rate = 1.5;
        const error = {code: "wrong_surcharge", message: "It has changed."};
        line.pay();
        await waitUntil(() => transport.count("start"));
        await transport.answer("start", viewOf(line, ROWS.not_sent, {error}));
        patchWithCleanup(sci.terminals, {
            refresh: async () => {
                expect.step("asked");
                pos.config.sci_surcharge_rate = 0;
            },
        });
        line.pay();
        await waitUntil(() => transport.count("start") === 2);
        expect(transport.last("start").args[0].amounts).toEqual({
            purchase_amount: 1785,
        });
        expect.verifySteps(["asked"]);
    });

    test("come with the terminals, and count at once", async () => {
        const {pos, sci} = world;
        const settings = {
            sci_cashout: true,
            sci_moto: true,
            sci_free_refund: true,
            sci_override_by_managers: true,
            sci_close_after: 7,
            sci_surcharge_rate: 1.2,
            iface_tipproduct: false,
            tip_product_id: 1,
        };
        onRpc("pos.sci.terminal", "pos_terminals", ({args}) => {
            expect(args).toEqual([pos.config.id]);
            return {
                sci_terminal_id: 4,
                terminals: [],
                methods: {},
                can_pair: true,
                settings,
            };
        });
        await SciTerminals.prototype.refresh.call(sci.terminals);
        const {tip_product_id: product, ...others} = settings;
        for (const [name, value] of Object.entries(others)) {
            expect(pos.config[name]).toBe(value);
        }
        expect(pos.config.tip_product_id.id).toBe(product);
        expect(sci.terminals.own).toBe(4);
    });
});

describe("gift cards and points of pos_loyalty", () => {
    test.tags("desktop");
    const COUPONS = {"-1": {points: 5, program_id: 2}};

    function install(answer) {
        patchWithCleanup(world.pos, {
            postProcessLoyalty(order) {
                return this.data.call("pos.order", "confirm_coupon_programs", [
                    order.id,
                    COUPONS,
                ]);
            },
        });
        onRpc("pos.order", "sci_keep_coupons", ({args}) => {
            expect(args).toEqual([[world.order.id], COUPONS]);
            expect.step("kept");
            return answer;
        });
    }

    test("are told to the server before the payment leaves", async () => {
        const {line, transport} = world;
        install({successful: true, payload: {}});
        line.pay();
        await waitUntil(() => transport.count("start"));
        expect.verifySteps(["kept"]);
    });

    test("that another register has taken are refused before", async () => {
        const {line, transport} = world;
        install({successful: false, payload: {message: "There are not enough points"}});
        expect(await line.pay()).toBe(false);
        expect(transport.requests).toEqual([]);
        expect(line.uiState.sci.error.message).toBe("There are not enough points");
        expect.verifySteps(["kept"]);
    });
});
