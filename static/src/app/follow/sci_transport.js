import {browser} from "@web/core/browser/browser";
import {rpc, ConnectionLostError, RPCError} from "@web/core/network/rpc";
import {Deferred, delay} from "@web/core/utils/concurrency";
import {BRIEF} from "./patience";
import {HeldPlaces} from "./held_places";

const MODEL = "pos.sci.transaction";

/**
 * Where a request that may wait is sent, best first: the evented process (waiting is
 * free there), any process, and the plain model method, which never waits.
 */
export const ROUTES = ["/websocket/mx51_sci", "/mx51_sci", "orm"];

/** A route that failed is tried again after this many milliseconds. */
const ROUTE_PROBE = 60000;

/**
 * Odoo and proxies turn requests away when a burst leaves them without a free
 * connection. Such a request is sent again, so many times in all and after a random
 * pause in milliseconds, before the next route is tried.
 */
const OVERLOAD = {statuses: [500, 503], attempts: 4, shortest: 200, longest: 2000};

/**
 * Milliseconds after which a request counts as not answered. A start may check the
 * pairing (3 + 8 s) and create the transaction (3 + 20 s); a held poll takes 20 s. One
 * that is not held takes a second at most, so its connection is soon known to be dead.
 */
export const TIME_LIMIT = {
    start: 45000,
    poll: 35000,
    brief: BRIEF.others,
    cancel: 20000,
    submit: 20000,
    override: 35000,
    other: 20000,
};

/** Exceptions of the server that pass by themselves: the request may be repeated. */
const DATABASE_BUSY = /^psycopg2\./;

/** The user's session has ended, so Odoo says nothing about payments. */
const SESSION_EXPIRED = "odoo.http.SessionExpiredException";

/** Nobody knows whether the request arrived: nothing may be concluded from it. */
export class NoAnswer extends Error {}

/** Odoo itself refused the request (access rights, a user error, a bug). */
export class Refused extends Error {}

/** Why Odoo says nothing about a payment. */
export const PROBLEM = {
    noConnection: "no_connection",
    loggedOut: "logged_out",
    refused: "refused",
};

/** @returns {{code: string, message: string}} what a failed request means */
export function problemOf(error) {
    if (!(error instanceof NoAnswer)) {
        return {code: PROBLEM.refused, message: error.message};
    }
    const code = error.isLoggedOut ? PROBLEM.loggedOut : PROBLEM.noConnection;
    return {code, message: ""};
}

/** Whether the next route is of no use after this error. */
function isLast(error, {brief}) {
    const {isLoggedOut, isGivenUp, timedOut} = error;
    return (
        !(error instanceof NoAnswer) || isLoggedOut || isGivenUp || (brief && timedOut)
    );
}

/**
 * What `sci_poll` adds to the view.
 *
 * @typedef {Object} SciPollAnswer
 * @property {Boolean} held whether the server waited for news before it answered
 * @property {Number} wait seconds until the next poll is welcome, 0 for at once
 */

/**
 * The requests about payments, with the fallback from route to route. Every method
 * rejects with NoAnswer or Refused and with nothing else.
 */
export class SciTransport {
    /**
     * @param {Object} orm Odoo's ORM service
     * @param {HeldPlaces} places
     */
    constructor(orm, places = new HeldPlaces(browser)) {
        this.orm = orm;
        this.places = places;
        this.route = 0;
        this.probeAt = 0;
    }

    /** @returns {Promise<SciPaymentView>} */
    start(values) {
        return this.callRoutes("start", {values}, ["sci_start", [values]]);
    }

    /**
     * An approval is answered before its order is finished: `pollNow` does that.
     * @param {Number} id
     * @param {Number} version
     * @param {SciHow} [how] a brief one is not held, and soon counts as unanswered
     * @returns {Promise<SciPaymentView & SciPollAnswer>}
     */
    poll(id, version, how = {}) {
        const method = ["sci_poll", [[id], version]];
        const send = (isHeld) => {
            const hold = isHeld ? {} : {hold: false};
            const params = {id, version, ...hold, finish: false};
            return this.callRoutes("poll", params, method, how);
        };
        return how.brief ? send(false) : this.places.use(send);
    }

    /** @returns {Promise<Number>} the row's version, for which nobody asks mx51 */
    async versionOf(id) {
        const query = this.orm.silent.read(MODEL, [id], ["version"]);
        const [row] = await this.answer(query, TIME_LIMIT.brief);
        return row.version;
    }

    /** @returns {Promise<SciPaymentView>} */
    cancel(id) {
        return this.callRoutes("cancel", {id}, ["sci_cancel", [[id]]]);
    }

    /**
     * Without waiting for news, and with the order finished where it can be.
     * @returns {Promise<SciPaymentView & SciPollAnswer>}
     */
    pollNow(id, version) {
        return this.callModel("sci_poll", [[id], version]);
    }

    /**
     * Presses a button of the form that `version` showed. For another version, or a
     * second time, the server sends nothing.
     * @param {Object} inputs texts by input name
     * @returns {Promise<SciPaymentView>}
     */
    submit(id, version, key, inputs) {
        const params = {id, version, button_key: key, inputs};
        const args = [[id], version, key, inputs];
        return this.callRoutes("submit", params, ["sci_submit", args]);
    }

    /**
     * A person states the outcome.
     * @param {Number|null} employeeId who stands at the register, with `pos_hr`
     * @param {String|null} pin that employee's
     * @returns {Promise<SciPaymentView>}
     */
    override(id, successful, reason, employeeId = null, pin = null) {
        const params = {id, successful, reason, employee_id: employeeId, pin};
        const args = [[id], successful, reason, employeeId, pin];
        return this.callRoutes("override", params, ["sci_override", args]);
    }

    /**
     * A manager states that the payment was successful, against mx51's final answer.
     * Arguments as of `override`.
     * @returns {Promise<SciPaymentView>}
     */
    stateAgainst(id, reason, employeeId = null, pin = null) {
        const args = [[id], true, reason, employeeId, pin];
        return this.callModel("sci_state_against", args);
    }

    /**
     * @param {Number} configId
     * @param {SciHow} [how]
     * @returns {Promise<SciPaymentView[]>} the rows of a register to go on with
     */
    resume(configId, how) {
        return this.callModel("sci_resume", [configId], how);
    }

    /**
     * @param {String[]} uuids
     * @param {SciHow} [how]
     * @returns {Promise<Object[]>} `{id, payment_uuid, attempt}` of the lines' rows
     */
    find(uuids, how) {
        return this.searchRows([["payment_uuid", "in", uuids]], how);
    }

    /** @returns {Promise<Object[]>} the same of an order, whoever has begun them */
    findOfOrder(orderUuid, how) {
        return this.searchRows([["order_uuid", "=", orderUuid]], how);
    }

    /** A read of nothing, which needs a connection that works all the same. */
    touch(how) {
        return this.searchRows([["id", "=", 0]], how);
    }

    searchRows(domain, {limit = TIME_LIMIT.other, signal} = {}) {
        const fields = ["payment_uuid", "attempt"];
        const query = this.orm.silent.searchRead(MODEL, domain, fields, {
            order: "attempt",
        });
        return this.answer(query, limit, signal);
    }

    callModel(method, args, {limit = TIME_LIMIT.other, signal} = {}) {
        return this.answer(this.orm.silent.call(MODEL, method, args), limit, signal);
    }

    /**
     * Sends the request on the best route known to work. A route without an answer is
     * followed by the next one at once: all of these requests may safely arrive twice.
     */
    async callRoutes(kind, params, [method, args], how = {}) {
        if (this.route && Date.now() >= this.probeAt) {
            this.route = 0;
        }
        const first = this.route;
        const longest = TIME_LIMIT[how.brief ? "brief" : kind];
        const patience = {...how, limit: how.limit || longest};
        for (let route = first; route < ROUTES.length; route++) {
            try {
                const answer =
                    ROUTES[route] === "orm"
                        ? await this.callModel(method, args, patience)
                        : await this.callRoute(
                              `${ROUTES[route]}/${kind}`,
                              params,
                              patience
                          );
                if (route !== first) {
                    this.useRoute(route);
                }
                return answer;
            } catch (error) {
                if (isLast(error, how)) {
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

    /** Sends the request on one route, again while that route is only overloaded. */
    async callRoute(url, params, {limit, signal}) {
        for (let attempt = 1; ; attempt++) {
            const xhr = new browser.XMLHttpRequest();
            try {
                const request = rpc(url, params, {silent: true, xhr});
                return await this.answer(request, limit, signal);
            } catch (error) {
                const isOverloaded =
                    error.isBusy || OVERLOAD.statuses.includes(xhr.status);
                if (!isOverloaded || attempt === OVERLOAD.attempts) {
                    throw error;
                }
            }
            const {shortest, longest} = OVERLOAD;
            await delay(shortest + Math.random() * (longest - shortest));
        }
    }

    useRoute(route) {
        this.route = route;
        this.probeAt = Date.now() + ROUTE_PROBE;
    }

    /** Turns whatever a request ends with into an answer, NoAnswer or Refused. */
    async answer(request, limit, signal) {
        const late = new Deferred();
        const giveUp = (why) => {
            request.abort?.(false);
            late.reject(Object.assign(new NoAnswer(), why));
        };
        const timer = browser.setTimeout(() => giveUp({timedOut: true}), limit);
        const onAbort = () => giveUp({isGivenUp: true});
        signal?.addEventListener("abort", onAbort);
        if (signal?.aborted) {
            onAbort();
        }
        try {
            return await Promise.race([request, late]);
        } catch (error) {
            throw this.meaning(error);
        } finally {
            browser.clearTimeout(timer);
            signal?.removeEventListener("abort", onAbort);
        }
    }

    meaning(error) {
        if (error instanceof NoAnswer) {
            return error;
        }
        if (error instanceof RPCError) {
            const message = error.data?.message || error.message;
            const name = error.exceptionName || "";
            if (name === SESSION_EXPIRED) {
                return Object.assign(new NoAnswer(message), {isLoggedOut: true});
            }
            if (DATABASE_BUSY.test(name)) {
                return Object.assign(new NoAnswer(message), {isBusy: true});
            }
            const isUnknownRoute = error.code === 404 || name.startsWith("werkzeug.");
            return isUnknownRoute ? new NoAnswer(message) : new Refused(message);
        }
        if (!(error instanceof ConnectionLostError)) {
            console.error("Card payment request:", error);
        }
        return new NoAnswer(error.message);
    }
}
