import {browser} from "@web/core/browser/browser";
import {rpc, ConnectionLostError, RPCError} from "@web/core/network/rpc";

const MODEL = "pos.sci.transaction";

/**
 * Where a request that may wait is sent, best first: the evented process (waiting is
 * free there), any process, and the plain model method, which never waits.
 */
export const ROUTES = ["/websocket/mx51_sci", "/mx51_sci", "orm"];

/** A route that failed is tried again after this many milliseconds. */
const ROUTE_PROBE = 60000;

/**
 * Milliseconds after which a request counts as lost. A start may check the pairing
 * (3 + 8 s) and create the transaction (3 + 20 s); a held poll takes 20 s.
 */
export const TIME_LIMIT = {start: 45000, poll: 35000, other: 20000};

/** Exceptions of the server that pass by themselves: asking again is right. */
const PASSING = /^(psycopg2|werkzeug)\./;

/** Nobody knows whether the request arrived: ask again, nothing may be concluded. */
export class NoAnswer extends Error {}

/** Odoo itself refused the request (access rights, session expired, a bug). */
export class Refused extends Error {}

/** The requests about payments, with the fallback from route to route. */
export class SciTransport {
    /**
     * @param {object} orm Odoo's ORM service
     */
    constructor(orm) {
        this.orm = orm;
        this.route = 0;
        this.probeAt = 0;
    }

    /** @returns {Promise<object>} the public view of the row */
    start(values) {
        return this.callRoutes("start", {values}, ["sci_start", [values]]);
    }

    /** @returns {Promise<object>} the public view of the row, plus `held` */
    poll(id, version) {
        return this.callRoutes("poll", {id, version}, ["sci_poll", [[id], version]]);
    }

    /** @returns {Promise<object>} the public view of the row */
    cancel(id) {
        return this.callModel("other", "sci_cancel", [[id]]);
    }

    /** @returns {Promise<object>} the public view of the row, without waiting */
    look(id, version) {
        return this.callModel("other", "sci_poll", [[id], version]);
    }

    /**
     * Presses a button of the form that `version` showed; of another version, or a
     * second time, the server sends nothing.
     * @param {object} inputs texts by input name
     * @returns {Promise<object>} the public view of the row
     */
    submit(id, version, key, inputs) {
        return this.callModel("other", "sci_submit", [[id], version, key, inputs]);
    }

    /**
     * A person states the outcome.
     * @param {number|null} employeeId who stands at the register, with `pos_hr`
     * @param {string|null} pin that employee's
     * @returns {Promise<object>} the public view of the row
     */
    override(id, successful, reason, employeeId = null, pin = null) {
        const args = [[id], successful, reason, employeeId, pin];
        return this.callModel("other", "sci_override", args);
    }

    /** @returns {Promise<object[]>} views of the rows of a register to go on with */
    resume(configId) {
        return this.callModel("other", "sci_resume", [configId]);
    }

    /** @returns {Promise<object[]>} `{id, payment_uuid, attempt}` of the lines' rows */
    find(uuids) {
        const domain = [["payment_uuid", "in", uuids]];
        const fields = ["payment_uuid", "attempt"];
        const query = this.orm.silent.searchRead(MODEL, domain, fields, {
            order: "attempt",
        });
        return this.answer(query, TIME_LIMIT.other);
    }

    callModel(kind, method, args) {
        return this.answer(this.orm.silent.call(MODEL, method, args), TIME_LIMIT[kind]);
    }

    /**
     * Asks on the best route known to work. A route without an answer is followed by
     * the next one at once: start and poll may safely arrive twice.
     */
    async callRoutes(kind, params, [method, args]) {
        if (this.route && Date.now() >= this.probeAt) {
            this.route = 0;
        }
        const first = this.route;
        for (let route = first; route < ROUTES.length; route++) {
            try {
                const answer =
                    ROUTES[route] === "orm"
                        ? await this.callModel(kind, method, args)
                        : await this.answer(
                              rpc(`${ROUTES[route]}/${kind}`, params, {silent: true}),
                              TIME_LIMIT[kind]
                          );
                if (route !== first) {
                    this.useRoute(route);
                }
                return answer;
            } catch (error) {
                if (!(error instanceof NoAnswer)) {
                    throw error;
                }
                if (error.timedOut) {
                    this.useRoute((route + 1) % ROUTES.length);
                    throw error;
                }
            }
        }
        throw new NoAnswer();
    }

    useRoute(route) {
        this.route = route;
        this.probeAt = Date.now() + ROUTE_PROBE;
    }

    /** Turns whatever a request ends with into an answer, NoAnswer or Refused. */
    async answer(request, limit) {
        let timer = null;
        const late = new Promise((_resolve, reject) => {
            timer = browser.setTimeout(() => {
                request.abort?.(false);
                reject(Object.assign(new NoAnswer(), {timedOut: true}));
            }, limit);
        });
        try {
            return await Promise.race([request, late]);
        } catch (error) {
            throw this.meaning(error);
        } finally {
            browser.clearTimeout(timer);
        }
    }

    meaning(error) {
        if (error instanceof NoAnswer) {
            return error;
        }
        if (error instanceof RPCError) {
            const passing =
                error.code === 404 || PASSING.test(error.exceptionName || "");
            const message = error.data?.message || error.message;
            return passing ? new NoAnswer(message) : new Refused(message);
        }
        if (!(error instanceof ConnectionLostError)) {
            console.error("Card payment request:", error);
        }
        return new NoAnswer(error.message);
    }
}
