/**
 * The list of exchanges between the POS and the two APIs, newest first.
 */
import {h} from "./dom.js";

const LONGEST = 300;

/** Ids are cut: the whole path is in the details of the line. */
const short = (path) => path.replace(/([0-9a-f]{4})[0-9a-f]{4}-[0-9a-f-]{27}/g, "$1…");

const colour = (status) => (status ? `s${String(status)[0]}` : "s0");

function body(name, content) {
    if (content === null || content === undefined) {
        return "";
    }
    const text =
        typeof content === "string" ? content : JSON.stringify(content, null, 2);
    return h("div.body-of", {}, h("h4", {}, name), h("pre", {}, text));
}

function verdict(text) {
    if (!text) {
        return "";
    }
    const good = text === "valid" || text === "api key";
    const label =
        {valid: "✓ signature valid", "api key": "API key"}[text] || `✗ ${text}`;
    return h(`span.verdict.${good ? "good" : "bad"}`, {}, label);
}

/** The one thing to know about an answer. */
function outcome({response_body, status: http}, code) {
    const {status, version, message, confirmation_code} = response_body?.data || {};
    const said = [status, version && `v${version}`, message]
        .filter(Boolean)
        .join(" · ");
    const pairing = confirmation_code && `confirmation code ${confirmation_code}`;
    return code || said || pairing || (http === 200 ? "ok" : "");
}

function row(exchange) {
    const code = exchange.response_body?.error?.code;
    const item = h(
        "li.exchange",
        {"data-exchange": exchange.n},
        h(
            "details",
            {},
            h(
                "summary",
                {},
                h(
                    "time",
                    {},
                    new Date(exchange.at * 1000).toLocaleTimeString("en-AU", {
                        hour12: false,
                    })
                ),
                h(`span.method.${exchange.method.toLowerCase()}`, {}, exchange.method),
                h("span.path", {title: exchange.path}, short(exchange.path)),
                h("span.ms", {}, `${exchange.ms} ms`),
                h(
                    `span.status.${colour(exchange.status)}`,
                    {},
                    exchange.status ?? "no answer"
                ),
                h(
                    "span.outcome",
                    {},
                    h("span", {}, outcome(exchange, code)),
                    verdict(exchange.signature),
                    exchange.fault
                        ? h("span.fault", {}, `fault: ${exchange.fault}`)
                        : ""
                )
            ),
            body("Request", exchange.request_body),
            body("Response", exchange.response_body)
        )
    );
    item.classList.toggle(
        "empty-poll",
        code === "transaction_not_found_within_timeout"
    );
    return item;
}

export class LogView {
    constructor(element) {
        this.list = element.querySelector("#exchanges");
        this.empty = element.querySelector("#log-empty");
        const hide = element.querySelector("#hide-polls");
        const mark = () => element.classList.toggle("hide-polls", hide.checked);
        hide.addEventListener("change", mark);
        mark();
        element
            .querySelector("#clear-log")
            .addEventListener("click", () => this.clear());
    }

    clear() {
        this.list.replaceChildren();
        this.empty.hidden = false;
    }

    add(exchanges) {
        for (const exchange of exchanges) {
            this.list.prepend(row(exchange));
            this.empty.hidden = true;
        }
        while (this.list.children.length > LONGEST) {
            this.list.lastElementChild.remove();
        }
    }
}
