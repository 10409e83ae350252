import {Deferred, advanceTime, beforeEach, describe, expect, test} from "@odoo/hoot";
import {
    HeldPlaces,
    LEFT_AFTER,
    MOST_HELD,
    SEEN_AFTER,
} from "@pos_mx51_sci/app/follow/held_places";
import {SciTransport, TIME_LIMIT} from "@pos_mx51_sci/app/follow/sci_transport";
import {flushPromises, stopClock} from "../helpers/time";
import {browser} from "@web/core/browser/browser";
import {patchWithCleanup} from "@web/../tests/web_test_helpers";
import {rpc} from "@web/core/network/rpc";

/** As a browser is over plain http. */
const WITHOUT_LOCKS = {navigator: {}, localStorage: browser.localStorage};

let transport = null;

beforeEach(() => {
    stopClock();
    browser.localStorage.clear();
    transport = new SciTransport({}, new HeldPlaces(WITHOUT_LOCKS));
});

/** Until each poll has found its place, or has lost both to other tabs. */
async function findPlaces() {
    await flushPromises();
    for (let number = 1; number <= MOST_HELD; number++) {
        await advanceTime(SEEN_AFTER);
        await flushPromises();
    }
}

describe("HeldPlaces", () => {
    test.tags("desktop");

    /** What polls are sent with while none of them is answered. */
    function hangPolls() {
        const polls = [];
        patchWithCleanup(rpc, {
            _rpc: (url, params) => {
                const request = Object.assign(new Deferred(), {
                    abort: () => polls.find((poll) => poll.params === params).end(),
                });
                const poll = {url, params, isAborted: false};
                poll.end = () => (poll.isAborted = true);
                polls.push(poll);
                return request;
            },
        });
        return polls;
    }

    test("beyond two held polls per browser the others are not held", async () => {
        const polls = hangPolls();
        for (let id = 1; id <= 6; id++) {
            transport.poll(id, 1).catch(() => undefined);
        }
        await findPlaces();
        const held = polls.filter(({params}) => !("hold" in params));
        expect(polls).toHaveLength(6);
        expect(held).toHaveLength(MOST_HELD);
        expect(polls.filter(({params}) => params.hold === false)).toHaveLength(4);
    });

    test("the browser's locks count the held polls of all its tabs", async () => {
        const taken = new Set();
        const locks = {
            async request(name, options, work) {
                expect(options).toEqual({ifAvailable: true});
                const lock = taken.has(name) ? null : name;
                taken.add(name);
                return await work(lock);
            },
        };
        const polls = hangPolls();
        for (const tab of [1, 2, 3]) {
            const places = new HeldPlaces({navigator: {locks}});
            new SciTransport({}, places).poll(tab, 1).catch(() => undefined);
            await flushPromises();
        }
        const holds = polls.map(({params}) => params.hold);
        expect(holds).toEqual([undefined, undefined, false]);
    });

    /** Three tabs over plain http, each with two waiting payments. */
    async function openTabs(storage) {
        const polls = hangPolls();
        for (const tab of [1, 2, 3]) {
            const places = new HeldPlaces({...WITHOUT_LOCKS, ...storage});
            const other = new SciTransport({}, places);
            other.poll(tab, 1).catch(() => undefined);
            other.poll(tab + 3, 1).catch(() => undefined);
            await findPlaces();
        }
        return polls;
    }

    const areHeld = (polls) => polls.map(({params}) => !("hold" in params));

    test("over plain http all tabs share the places too", async () => {
        const polls = await openTabs();
        expect(areHeld(polls)).toEqual([true, true, false, false, false, false]);
    });

    /** The storages of tabs that do not see at once what another tab writes. */
    function lateStorages(count) {
        const copies = Array.from({length: count}, () => new Map());
        const tellAll = (write) =>
            browser.setTimeout(() => copies.forEach(write), SEEN_AFTER / 2);
        return copies.map((own) => ({
            getItem: (name) => own.get(name) ?? null,
            setItem(name, value) {
                own.set(name, value);
                tellAll((copy) => copy.set(name, value));
            },
            removeItem(name) {
                own.delete(name);
                tellAll((copy) => copy.delete(name));
            },
        }));
    }

    test("tabs that look in the same moment do not share a place", async () => {
        const held = [];
        lateStorages(3).forEach((localStorage, tab) => {
            const places = new HeldPlaces({...WITHOUT_LOCKS, localStorage});
            places.use((isHeld) => {
                held[tab] = isHeld;
                return new Deferred();
            });
        });
        await findPlaces();
        expect(held).toEqual([false, true, true]);
    });

    test("what a closed tab has held is free again after a while", async () => {
        const polls = await openTabs();
        await advanceTime(LEFT_AFTER + 1000);
        transport.poll(7, 1).catch(() => undefined);
        await findPlaces();
        expect(areHeld(polls.slice(6))).toEqual([true]);
    });

    test("a place that another tab has taken over is not freed by the first", async () => {
        const places = new HeldPlaces(WITHOUT_LOCKS);
        const ends = [new Deferred(), new Deferred(), new Deferred()];
        const uses = [places.use(() => ends[0]), places.use(() => ends[1])];
        await findPlaces();
        await advanceTime(LEFT_AFTER + 1000);
        uses.push(places.use(() => ends[2]));
        await findPlaces();
        ends[0].resolve();
        await flushPromises();
        const held = [];
        for (let number = 1; number <= 2; number++) {
            places.use(async (isHeld) => held.push(isHeld));
            await findPlaces();
        }
        expect(held).toEqual([true, true]);
        expect(browser.localStorage.getItem("pos_mx51_sci.held_poll.1")).not.toBe(null);
        ends.forEach((end) => end.resolve());
        await Promise.all(uses);
    });

    test("where nothing can be stored, nothing is held", async () => {
        const fail = () => {
            throw new Error("no storage");
        };
        const localStorage = {getItem: fail, setItem: fail, removeItem: fail};
        expect(areHeld(await openTabs({localStorage}))).not.toInclude(true);
    });

    test("a poll that is given up frees its connection and its place", async () => {
        const polls = hangPolls();
        const controllers = [1, 2, 3].map((id) => {
            const controller = new AbortController();
            const {signal} = controller;
            transport.poll(id, 1, {signal}).catch((error) => {
                expect(error.isGivenUp).toBe(true);
                expect.step(`poll ${id}`);
            });
            return controller;
        });
        await findPlaces();
        controllers[0].abort();
        await flushPromises();
        expect.verifySteps(["poll 1"]);
        const aborted = polls.filter(({isAborted}) => isAborted);
        expect(aborted.map(({params}) => params.id)).toEqual([1]);
        transport.poll(4, 1).catch(() => undefined);
        await findPlaces();
        expect(polls).toHaveLength(4);
        expect("hold" in polls[3].params).toBe(false);
    });

    test("a poll that is given up while it looks for a place takes none", async () => {
        const polls = hangPolls();
        const controller = new AbortController();
        transport.poll(1, 1, {signal: controller.signal}).catch((error) => {
            expect(error.isGivenUp).toBe(true);
            expect.step("given up");
        });
        controller.abort();
        await findPlaces();
        expect.verifySteps(["given up"]);
        expect(polls.map(({isAborted}) => isAborted)).toEqual([true]);
        expect(browser.localStorage.getItem("pos_mx51_sci.held_poll.1")).toBe(null);
    });

    test("a brief poll is not held, ends soon and keeps the route", async () => {
        const polls = hangPolls();
        transport.poll(1, 1, {brief: true}).catch((error) => {
            expect(error.timedOut).toBe(true);
            expect.step("no answer");
        });
        await advanceTime(TIME_LIMIT.brief);
        await flushPromises();
        expect.verifySteps(["no answer"]);
        expect(polls.map(({url, params}) => [url, params.hold])).toEqual([
            ["/websocket/mx51_sci/poll", false],
        ]);
        expect(transport.route).toBe(0);
    });
});
