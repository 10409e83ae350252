import {Deferred, describe, expect, test} from "@odoo/hoot";
import IndexedDB from "@point_of_sale/app/models/utils/indexed_db";

import "@pos_mx51_sci/app/models/utils/indexed_db";

const NAME = "pos_mx51_sci_test";

async function opened() {
    const ready = new Deferred();
    const storage = new IndexedDB(NAME, false, [["uuid", "pos.payment"]], () =>
        ready.resolve()
    );
    await ready;
    return storage;
}

describe("the browser has closed its storage", () => {
    test.tags("desktop");

    test("nothing fails, and what comes next is kept again", async () => {
        const storage = await opened();
        storage.db.close();
        const closed = storage.db;
        await storage.create("pos.payment", [{uuid: "one"}]);
        await storage.create("pos.payment", [{uuid: "two"}]);
        while (!storage.db) {
            await new Promise((resolve) => setTimeout(resolve, 5));
        }
        expect(storage.db).not.toBe(closed);
        await storage.create("pos.payment", [{uuid: "three"}]);
        const kept = await storage.readAll(["pos.payment"]);
        expect(kept["pos.payment"].map(({uuid}) => uuid)).toEqual(["three"]);
        storage.db.close();
        storage.reset();
    });
});
