/** A browser tab, whose requests reach Odoo as if through a proxy for all hosts. */
import {Buffer} from "node:buffer";
import http from "node:http";

/** `[{url, evented_url}]` */
export const hosts = [];

/** Tabs by their number. */
export const tabs = new Map();

/** Kinds of requests by their path; of others, the kind is the end of the path. */
const KINDS = {
    sync: /\/sync_from_ui$/,
    other: /\/(sci_resume|search_read)$/,
};

function kindOf(path) {
    const known = Object.keys(KINDS).find((kind) => KINDS[kind].test(path));
    return known || path.match(/\/(?:sci_)?(\w+)$/)[1];
}

/** As much of XMLHttpRequest as Odoo's `rpc` uses. */
class Request extends EventTarget {
    constructor(tab) {
        super();
        this.tab = tab;
        this.headers = {Cookie: tab.cookie};
        this.status = 0;
        this.response = "";
        this.isOver = false;
    }

    open(method, path) {
        this.method = method;
        this.path = path;
    }

    setRequestHeader(name, value) {
        this.headers[name] = value;
    }

    send(body) {
        if (this.tab.isClosed) {
            return;
        }
        this.tab.requests.add(this);
        const cut = this.tab.cutOf(this.path);
        if (cut) {
            const [seconds, isSilent] = cut;
            const lose = () => (isSilent ? this.abort() : this.end("error"));
            this.timer = setTimeout(lose, seconds * 1000);
        }
        this.ask(body, hosts.length);
    }

    ask(body, hostsLeft) {
        const host = hosts[this.tab.host % hosts.length];
        const base = this.path.startsWith("/websocket") ? host.evented_url : host.url;
        const {method, headers} = this;
        const options = {method, headers, agent: false};
        this.request = http.request(base + this.path, options);
        this.request.on("response", (response) => this.read(response));
        this.request.on("error", ({code}) => {
            if (code === "ECONNREFUSED" && hostsLeft > 1 && !this.isOver) {
                // In this case alone a proxy goes on to the next host.
                this.tab.host += 1;
                this.ask(body, hostsLeft - 1);
            } else {
                this.end("error");
            }
        });
        this.request.end(body);
    }

    read(response) {
        const parts = [];
        response.on("data", (part) => parts.push(part));
        response.on("error", () => this.end("error"));
        response.on("end", () => {
            this.status = response.statusCode;
            this.response = Buffer.concat(parts).toString();
            this.end("load");
        });
    }

    end(event) {
        if (!this.isOver) {
            this.abort();
            this.dispatchEvent(new Event(event));
        }
    }

    /** Ends it without an event. */
    abort() {
        this.isOver = true;
        clearTimeout(this.timer);
        this.request?.destroy();
        this.tab.requests.delete(this);
    }
}

export class Tab {
    /**
     * @param {Object} params
     * @param {String} params.cookie
     * @param {Array} params.cuts `[kind, number, seconds, isSilent]`: so long after the
     *     request of this kind was sent its connection breaks; or it stays without an
     *     answer until the time limit of whoever sent it
     */
    constructor({cookie, cuts}) {
        this.cookie = cookie;
        this.cuts = new Map(cuts.map(([kind, number, ...cut]) => [kind + number, cut]));
        this.counts = {};
        this.host = Math.floor(Math.random() * 1000);
        this.isClosed = false;
        this.requests = new Set();
        const tab = this;
        this.browser = {
            XMLHttpRequest: function () {
                return new Request(tab);
            },
            setTimeout: (call, wait) => setTimeout(() => tab.isClosed || call(), wait),
            clearTimeout: (timer) => clearTimeout(timer),
            // As over plain http: without locks.
            navigator: {},
        };
    }

    cutOf(path) {
        const kind = kindOf(path);
        const number = this.counts[kind] || 0;
        this.counts[kind] = number + 1;
        return this.cuts.get(kind + number);
    }

    /** From now on its code learns nothing, and sends nothing. */
    close() {
        this.isClosed = true;
        for (const request of this.requests) {
            request.abort();
        }
    }
}
