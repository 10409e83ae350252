import {ConnectionLostError, RPCError, rpc} from "@web/core/network/rpc";
import {Deferred, advanceTime, beforeEach, describe, expect, test} from "@odoo/hoot";
import {
    NoAnswer,
    Refused,
    SciTransport,
    TIME_LIMIT,
} from "@pos_mx51_sci/app/follow/sci_transport";
import {flushPromises, stopClock} from "../helpers/time";
import {patchWithCleanup} from "@web/../tests/web_test_helpers";

/** There is always a place to have a poll held in. */
const FREE_PLACES = {use: (send) => send(true)};

const ALL = ["/websocket/mx51_sci/poll", "/mx51_sci/poll", "sci_poll"];

let sent = [];
let working = [];
let transport = null;

function rpcError(exceptionName, code = 200) {
    const error = new RPCError();
    return Object.assign(error, {exceptionName, code, data: {message: "Said so."}});
}

beforeEach(() => {
    stopClock();
    sent = [];
    working = ALL;
    const ask = (where) => {
        sent.push(where);
        return working.some((part) => where.startsWith(part))
            ? Promise.resolve({from: where})
            : Promise.reject(new ConnectionLostError(where));
    };
    patchWithCleanup(rpc, {_rpc: ask});
    const orm = {silent: {call: (_model, method) => ask(method)}};
    transport = new SciTransport(orm, FREE_PLACES);
});

describe("SciTransport", () => {
    test.tags("desktop");

    test("the evented process is used first", async () => {
        expect(await transport.poll(7, 1)).toEqual({from: "/websocket/mx51_sci/poll"});
        expect(sent).toEqual(ALL.slice(0, 1));
    });

    test("a route without an answer gives way to the next, which is remembered", async () => {
        working = ["/mx51_sci"];
        expect(await transport.poll(7, 1)).toEqual({from: "/mx51_sci/poll"});
        await transport.start({});
        expect(sent).toEqual([...ALL.slice(0, 2), "/mx51_sci/start"]);
    });

    test("the plain method works where no route does", async () => {
        working = ["sci_"];
        expect(await transport.poll(7, 1)).toEqual({from: "sci_poll"});
        expect(await transport.start({})).toEqual({from: "sci_start"});
        expect(sent).toEqual([...ALL, "sci_start"]);
    });

    test("after a minute the best route gets another chance", async () => {
        working = ["sci_"];
        await transport.poll(7, 1);
        working = ALL;
        await advanceTime(60000);
        expect(await transport.poll(7, 1)).toEqual({from: "/websocket/mx51_sci/poll"});
    });

    test("no route at all: no answer, and the order of the routes stays", async () => {
        working = [];
        await expect(transport.poll(7, 1)).rejects.toBeInstanceOf(NoAnswer);
        working = ALL;
        expect(await transport.poll(7, 1)).toEqual({from: "/websocket/mx51_sci/poll"});
    });

    test("a route that Odoo does not know counts as one without an answer", async () => {
        patchWithCleanup(rpc, {
            _rpc: () => Promise.reject(rpcError("werkzeug.exceptions.NotFound", 404)),
        });
        expect(await transport.poll(7, 1)).toEqual({from: "sci_poll"});
    });

    for (const call of ["start", "cancel", "submit", "override"]) {
        test(`${call} may wait for the terminal service: it takes the routes too`, async () => {
            working = [`/mx51_sci/${call}`];
            const answer = await transport[call](7, 1, "yes", {});
            expect(answer).toEqual({from: `/mx51_sci/${call}`});
            expect(sent).toEqual([`/websocket/mx51_sci/${call}`, `/mx51_sci/${call}`]);
        });
    }

    /** The evented process refuses so many requests before it lets one in. */
    function refuseAtTheDoor(times, refuse) {
        patchWithCleanup(rpc, {
            _rpc: (url, _params, {xhr}) => {
                sent.push(url);
                return sent.length <= times
                    ? Promise.reject(refuse(xhr))
                    : Promise.resolve({from: url});
            },
        });
    }

    function proxySays(status) {
        return (xhr) => {
            Object.defineProperty(xhr, "status", {value: status});
            return new ConnectionLostError();
        };
    }

    for (const [why, refuse] of [
        ["psycopg2.pool.PoolError", () => rpcError("psycopg2.pool.PoolError")],
        ["psycopg2.OperationalError", () => rpcError("psycopg2.OperationalError")],
        ["HTTP 500", proxySays(500)],
        ["HTTP 503", proxySays(503)],
    ]) {
        test(`${why} passes: the same route is used again in 0.2 to 2 s`, async () => {
            refuseAtTheDoor(1, refuse);
            let answer = null;
            transport.poll(7, 1).then((given) => {
                answer = given;
            });
            await flushPromises();
            await advanceTime(199);
            expect(sent).toHaveLength(1);
            await advanceTime(1801);
            await flushPromises();
            expect(answer).toEqual({from: ALL[0]});
            expect(transport.route).toBe(0);
        });
    }

    test("a route that stays overloaded gives way to the next", async () => {
        refuseAtTheDoor(4, proxySays(503));
        let answer = null;
        transport.poll(7, 1).then((given) => {
            answer = given;
        });
        for (let pause = 1; pause < 4; pause++) {
            await flushPromises();
            await advanceTime(2000);
        }
        await flushPromises();
        expect(answer).toEqual({from: ALL[1]});
        expect(transport.route).toBe(1);
    });

    test("HTTP 502 gives way at once", async () => {
        refuseAtTheDoor(1, proxySays(502));
        expect(await transport.poll(7, 1)).toEqual({from: ALL[1]});
    });

    test("nobody logged in: no answer, on whatever route", async () => {
        const error = rpcError("odoo.http.SessionExpiredException", 100);
        const ask = () => {
            expect.step("sent");
            return Promise.reject(error);
        };
        patchWithCleanup(rpc, {_rpc: ask});
        let caught = null;
        await transport.poll(7, 1).catch((lost) => {
            caught = lost;
        });
        expect(caught).toBeInstanceOf(NoAnswer);
        expect(caught.isLoggedOut).toBe(true);
        expect.verifySteps(["sent"]);
    });

    for (const name of ["odoo.exceptions.AccessError", "builtins.KeyError"]) {
        test(`${name} is a refusal, which no other route changes`, async () => {
            patchWithCleanup(rpc, {_rpc: () => Promise.reject(rpcError(name))});
            let error = null;
            await transport.start({}).catch((caught) => {
                error = caught;
            });
            expect(error).toBeInstanceOf(Refused);
            expect(error.message).toBe("Said so.");
            expect(sent).toEqual([]);
        });
    }

    test("silence ends after the time limit, and the next route is used then", async () => {
        const silence = Object.assign(new Deferred(), {
            abort: (reject) => expect.step(`aborted ${reject}`),
        });
        patchWithCleanup(rpc, {_rpc: () => silence});
        let error = null;
        transport.poll(7, 1).catch((caught) => {
            error = caught;
        });
        await advanceTime(TIME_LIMIT.poll - 1);
        expect(error).toBe(null);
        await advanceTime(1);
        await flushPromises();
        expect(error).toBeInstanceOf(NoAnswer);
        expect.verifySteps(["aborted false"]);
        expect(transport.route).toBe(1);
    });
});
