import {
    APPROVED,
    beingRead,
    findTables,
    install,
    pay,
    setupGuards,
    tableWith,
    world,
} from "../helpers/guards_setup";
import {advanceTime, afterEach, beforeEach, describe, expect, test} from "@odoo/hoot";
import {guardOrders, guardSplitting} from "@pos_mx51_sci/app/services/order_guards";
import {ROWS} from "../data/ledger_rows";
import {definePosModels} from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import {patchWithCleanup} from "@web/../tests/web_test_helpers";

definePosModels();

const UNFINISHED = "A card payment for this order is not finished on Front Bar";

beforeEach(setupGuards);

describe("methods of pos_restaurant that take an order apart", () => {
    test.tags("desktop");
    const METHODS = ["mergeOrders", "restoreOrdersToOriginalTable"];

    beforeEach(async () => {
        await pay(ROWS.pending);
        install(Object.fromEntries(METHODS.map((name) => [name, true])));
    });

    for (const name of METHODS) {
        test(`${name} leaves an order with a card payment whole`, async () => {
            const {pos, order} = world;
            const other = pos.addNewOrder();
            expect(await pos[name](order, other)).toBe(false);
            expect.verifySteps([UNFINISHED]);
        });

        test(`${name} works for any other order`, async () => {
            await world.pos[name](world.pos.addNewOrder(), world.pos.addNewOrder());
            expect.verifySteps([name]);
        });
    }

    test("nothing is merged into an order with a card payment either", async () => {
        const {pos, order} = world;
        expect(await pos.mergeOrders(pos.addNewOrder(), order)).toBe(false);
        expect.verifySteps([UNFINISHED]);
    });
});

describe("an order on its way to a table", () => {
    test.tags("desktop");
    let other = null;

    beforeEach(async () => {
        await pay(ROWS.approved);
        other = world.pos.addNewOrder();
        findTables();
        install({transferOrder: undefined, mergeTableOrders: undefined});
    });

    // That a transfer was refused is forgotten at once.
    afterEach(() => advanceTime(1));

    for (const name of ["transferOrder", "mergeTableOrders"]) {
        test(`${name}: is not merged while a card has paid one of the two`, async () => {
            const {pos, order} = world;
            await pos[name](order.uuid, tableWith(other));
            await pos[name](other.uuid, tableWith(order));
            expect.verifySteps([APPROVED, APPROVED]);
        });

        test(`${name}: a free table takes it`, async () => {
            const {pos, order} = world;
            await pos[name](order.uuid, tableWith());
            expect.verifySteps([name]);
        });

        test(`${name}: others are merged`, async () => {
            const {pos} = world;
            await pos[name](pos.addNewOrder().uuid, tableWith(other));
            expect.verifySteps([name]);
        });
    }

    test("transferOrder: is not merged into an order that is named either", async () => {
        const {pos, order} = world;
        await pos.transferOrder(other.uuid, null, order);
        expect.verifySteps([APPROVED]);
    });
});

describe("while it is saved what a card has paid, no table changes", () => {
    test.tags("desktop");

    const ONE_MOMENT = "One moment: Odoo is finishing this order.";

    beforeEach(() => {
        findTables();
        patchWithCleanup(world.pos.notification, {add: (text) => expect.step(text)});
        install({transferOrder: undefined, mergeTableOrders: undefined});
    });

    // That a transfer was refused is forgotten at once.
    afterEach(() => advanceTime(1));

    test("by a transfer, which waits", async () => {
        const {pos, order} = world;
        const ended = beingRead(order);
        const transfer = pos.transferOrder(order.uuid, tableWith());
        await advanceTime(1);
        expect.verifySteps([]);
        ended.resolve();
        await transfer;
        expect.verifySteps(["transferOrder"]);
    });

    test("by a transfer of an order that is finished then", async () => {
        const {pos, order} = world;
        const ended = beingRead(order);
        const transfer = pos.transferOrder(order.uuid, tableWith(pos.addNewOrder()));
        order.state = "paid";
        ended.resolve();
        await transfer;
        expect.verifySteps([]);
    });

    test("by a transfer for which it takes too long", async () => {
        beingRead(world.order);
        const transfer = world.pos.transferOrder(world.order.uuid, tableWith());
        await Promise.all([transfer, advanceTime(2001)]);
        expect.verifySteps([ONE_MOMENT]);
    });

    test("by a table that is dropped on another", () => {
        beingRead(world.order);
        world.pos.mergeTableOrders(world.order.uuid, tableWith());
        expect.verifySteps([ONE_MOMENT]);
    });
});

describe("a transfer that is refused", () => {
    test.tags("desktop");

    test("does not open the other table", async () => {
        await pay(ROWS.approved);
        const {pos, order} = world;
        const other = tableWith(pos.addNewOrder());
        findTables();
        install({transferOrder: undefined, setTableFromUi: undefined});
        await pos.transferOrder(order.uuid, other);
        await pos.setTableFromUi(other);
        expect.verifySteps([APPROVED]);
        await advanceTime(1);
        await pos.setTableFromUi(other);
        expect.verifySteps(["setTableFromUi"]);
    });

    test("leaves the screen on which it was asked, whatever Odoo opens then", async () => {
        await pay(ROWS.approved);
        const {pos, order} = world;
        const other = pos.addNewOrder();
        install({transferOrder: undefined});
        patchWithCleanup(pos, {
            navigate: (name) => Object.assign(pos.router.state, {current: name}),
        });
        for (const asked of [order, other]) {
            pos.setOrder(asked);
            pos.navigate("TicketScreen");
            const transfer = pos.transferOrder(order.uuid, null, other);
            for (const when of [null, transfer]) {
                await when;
                pos.setOrder(asked === order ? other : order);
                pos.navigate("ProductScreen", {orderUuid: pos.getOrder().uuid});
            }
            await advanceTime(1);
            expect(pos.getOrder().uuid).toBe(asked.uuid);
            expect(pos.router.state.current).toBe("TicketScreen");
        }
        expect.verifySteps([APPROVED, APPROVED]);
    });
});

describe("tables that are dropped on each other", () => {
    test.tags("desktop");
    let data = null;

    function link(child, parent) {
        const {pos} = world;
        const tables = {1: child, 2: parent};
        const store = Object.create(pos, {
            models: {
                value: {
                    ...pos.models,
                    "restaurant.table": {get: (id) => tables[id]},
                },
            },
        });
        store.getActiveOrdersOnTable = (table) => table.getOrders();
        data = {write: (...args) => expect.step(args[0])};
        guardOrders(store, data);
        return data.write("restaurant.table", [1], {parent_id: 2});
    }

    beforeEach(() => pay(ROWS.approved));

    test("are not linked where their orders cannot be merged", () => {
        const {pos, order} = world;
        const other = pos.addNewOrder();
        link(tableWith(other), tableWith(order));
        link(tableWith(order), tableWith(other));
        expect.verifySteps([]);
    });

    test("are not linked while it is read what a card has paid", () => {
        beingRead(world.order);
        link(tableWith(world.order), tableWith());
        expect.verifySteps([]);
    });

    test("are linked where nothing is merged", () => {
        const {pos, order} = world;
        link(tableWith(order), tableWith());
        link(tableWith(), tableWith(order));
        link(tableWith(pos.addNewOrder()), tableWith(pos.addNewOrder()));
        data.write("pos.order", [1], {});
        expect.verifySteps([
            "restaurant.table",
            "restaurant.table",
            "restaurant.table",
            "pos.order",
        ]);
    });
});

describe("a page to split the bill that is open already", () => {
    test.tags("desktop");

    /** What pos_restaurant does there. */
    class Page {
        constructor(order) {
            this.pos = world.pos;
            this.currentOrder = order;
        }
        back() {
            expect.step("back");
        }
        async createSplittedOrder() {
            expect.step("split");
        }
        async paySplittedOrder() {
            await this.createSplittedOrder();
            expect.step("pay");
        }
        async transferSplittedOrder() {
            await this.createSplittedOrder();
            expect.step("transfer");
        }
    }

    async function touchAll(order) {
        guardSplitting(Page);
        const page = new Page(order);
        await page.createSplittedOrder();
        await page.paySplittedOrder();
        await page.transferSplittedOrder();
    }

    test("splits nothing that a card pays", async () => {
        await pay(ROWS.pending);
        await touchAll(world.order);
        const refused = [UNFINISHED, "back"];
        expect.verifySteps([...refused, ...refused, ...refused]);
    });

    test("splits any other order", async () => {
        await touchAll(world.pos.addNewOrder());
        expect.verifySteps(["split", "split", "pay", "split", "transfer"]);
    });
});

describe("an order that a card pays is not the next customer's", () => {
    test.tags("desktop");

    test("when a free table is opened", async () => {
        const {pos, order} = world;
        order.lines.forEach((line) => line.delete());
        const table = tableWith();
        install({setTable: (_table, uuid) => expect.step(uuid)});
        const known = pos.models["pos.order"].length;
        patchWithCleanup(pos, {
            addNewOrder: ({table_id}) => {
                expect(table_id).toBe(table);
                return {uuid: "new"};
            },
        });
        await pos.setTable(table);
        expect.verifySteps(["setTable", "new"]);
        expect(pos.models["pos.order"].length).toBe(known);
    });

    test("unless the table has an order: that one is opened", async () => {
        const {pos, order} = world;
        order.lines.forEach((line) => line.delete());
        install({setTable: (_table, uuid) => expect.step(`${uuid}`)});
        await pos.setTable(tableWith({uuid: "its own", finalized: false}));
        expect.verifySteps(["setTable", "null"]);
    });

    test("when an order is wanted for a direct sale", () => {
        const {pos, order} = world;
        const empty = pos.createNewOrder();
        install({createOrderIfNeeded: () => order});
        expect(pos.addNewOrder()).not.toBe(order);
        expect.verifySteps(["createOrderIfNeeded"]);
        expect(empty.hasSciLines()).toBe(false);
    });
});
