import {FakeTransport} from "../helpers/fake_transport";
import {ROWS, makeView} from "../data/ledger_rows";
import {flushPromises, stopClock} from "../helpers/time";
import {beforeEach, describe, expect, test} from "@odoo/hoot";
import {SciFollower} from "@pos_mx51_sci/app/follow/sci_follower";
import {patchWithCleanup} from "@web/../tests/web_test_helpers";

const VALUES = {payment_uuid: "line-1", attempt: 1};

let transport = null;
let follower = null;
let news = [];

beforeEach(() => {
    stopClock();
    transport = new FakeTransport();
    news = [];
    follower = new SciFollower({
        transport,
        onChange: ({uuid, phase}) => news.push(`${uuid} ${phase}`),
    });
});

describe("SciFollower", () => {
    test.tags("desktop");

    test("a double click starts one payment, and both calls end with it", async () => {
        const first = follower.start(VALUES);
        const second = follower.start(VALUES);
        await transport.answer("start", ROWS.approved);
        expect((await first).paid).toBe(true);
        expect(await second).toBe(await first);
        expect(transport.count("start")).toBe(1);
    });

    test("payments of several lines run side by side", async () => {
        follower.start(VALUES);
        await transport.answer("start", ROWS.pending);
        follower.start({payment_uuid: "line-2", attempt: 1});
        await transport.answer("start", makeView({id: 8, payment_uuid: "line-2"}));
        await transport.answer("poll", {...ROWS.declined, id: 8});
        expect(follower.get("line-2")).toBe(undefined);
        expect(follower.get("line-1").phase).toBe("following");
    });

    test("a line can be paid again after its payment ended", async () => {
        follower.start(VALUES);
        await transport.answer("start", ROWS.declined);
        follower.start({...VALUES, attempt: 2});
        await transport.answer("start", {...ROWS.pending, id: 8, attempt: 2});
        expect(follower.get("line-1").attempt).toBe(2);
    });

    test("each change is reported, beginning with the start itself", async () => {
        follower.start(VALUES);
        await transport.answer("start", ROWS.pending);
        await transport.answer("poll", ROWS.approved);
        expect(news).toEqual(["line-1 starting", "line-1 following", "line-1 ended"]);
    });

    test("a listener that fails does not end the following", async () => {
        patchWithCleanup(console, {error: () => expect.step("reported")});
        follower.onChange = () => {
            throw new Error("the line is gone");
        };
        const payment = follower.start(VALUES);
        await transport.answer("start", ROWS.pending);
        await transport.answer("poll", ROWS.approved);
        expect((await payment).paid).toBe(true);
        expect.verifySteps(["reported", "reported", "reported"]);
    });

    test("resuming a row that is followed already only passes the news on", async () => {
        follower.start(VALUES);
        await transport.answer("start", ROWS.pending);
        follower.resume(makeView({version: 3}));
        await flushPromises();
        expect(transport.count("poll")).toBe(1);
        expect(follower.get("line-1").view.version).toBe(3);
    });

    test("resuming a row twice follows it once", async () => {
        follower.resume(ROWS.pending);
        follower.resume(ROWS.pending);
        await flushPromises();
        expect(transport.count("poll")).toBe(1);
    });

    test("hints find their payment by the row's id", async () => {
        follower.start(VALUES);
        follower.hint({id: 7, version: 2});
        await transport.answer("start", ROWS.pending);
        await transport.answer("poll", makeView({held: false}));
        follower.hint({id: 8, version: 2});
        await flushPromises();
        expect(transport.count("poll")).toBe(1);
        follower.hint({id: 7, version: 2});
        await flushPromises();
        expect(transport.count("poll")).toBe(2);
    });

    test("cancelling a line without a payment does nothing", () => {
        expect(follower.cancel("line-1")).toBe(false);
        expect(transport.requests).toEqual([]);
    });
});
