import {Deferred} from "@odoo/hoot";
import {flushPromises} from "./time";
import {NoAnswer, Refused} from "@pos_mx51_sci/app/follow/sci_transport";

const KINDS = [
    "start",
    "poll",
    "pollNow",
    "versionOf",
    "cancel",
    "submit",
    "override",
    "stateAgainst",
    "resume",
    "find",
    "findOfOrder",
    "touch",
];

/**
 * Stands in for SciTransport: the test sees each request and answers it when it likes,
 * or with a standing view (or error) at once, however often it is requested.
 */
export class FakeTransport {
    constructor() {
        this.requests = [];
        this.standing = {};
        this.latest = null;
        for (const kind of KINDS) {
            this[kind] = (...args) => this.request(kind, args);
        }
    }

    request(kind, args) {
        const answer = new Deferred();
        this.requests.push({kind, args, answer});
        if (kind in this.standing) {
            this.give(answer, this.standing[kind]);
        } else if (kind === "pollNow" && this.latest?.paid) {
            // An approval that is read again is the same.
            answer.resolve(this.latest);
        }
        return answer;
    }

    give(answer, content) {
        if (content instanceof Error) {
            answer.reject(content);
        } else {
            this.latest = [content].flat().at(-1);
            answer.resolve(content);
        }
    }

    count(kind) {
        return this.requests.filter((request) => request.kind === kind).length;
    }

    last(kind) {
        return this.requests.findLast((request) => request.kind === kind);
    }

    /** Answers the last request of that kind, and lets its consequences follow. */
    async answer(kind, content) {
        this.give(this.last(kind).answer, content);
        await flushPromises();
    }

    lose(kind) {
        return this.answer(kind, new NoAnswer());
    }

    refuse(kind, message = "Access denied") {
        return this.answer(kind, new Refused(message));
    }
}
