/**
 * `node main.js ADDONS`: follows card payments with the front end that ships, for many
 * browser tabs at once.
 *
 * Commands come as lines of JSON on the standard input, `{id, tab, name, …}`; `COMMANDS`
 * has their names. Each is answered by a line `{id, result}` or `{id, error: {kind,
 * name, message}}`. Payments report `{payment, state}` after each change.
 */
import {Tab, hosts, tabs} from "./tab.js";
import process from "node:process";
import readline from "node:readline";
import {register} from "node:module";

/** The files that follow a payment. */
const TRANSPORT = "@pos_mx51_sci/app/follow/sci_transport";
const PAYMENT = "@pos_mx51_sci/app/follow/sci_payment";
const RPC = "@web/core/network/rpc";

/** Milliseconds after which the POS counts an order as not saved, and people give up. */
const PATIENCE = 30000;

register("./hooks.js", import.meta.url, {data: {addons: JSON.parse(process.argv[2])}});

function makeOrm(rpc) {
    const orm = {
        call: (model, method, args = [], kwargs = {}) =>
            rpc(
                `/web/dataset/call_kw/${model}/${method}`,
                {model, method, args, kwargs},
                {silent: true}
            ),
        searchRead: (model, domain, fields, kwargs = {}) =>
            orm.call(model, "search_read", [], {domain, fields, ...kwargs}),
    };
    return Object.assign(orm, {silent: orm});
}

/** A connection may be lost without a word. */
function inTime(answer) {
    const late = new Promise((_resolve, reject) => {
        setTimeout(() => reject(new Error("No answer of Odoo")), PATIENCE);
    });
    return Promise.race([answer, late]);
}

function stateOf({phase, view, error, attempt, paid, press}, names) {
    const named = error && {...error, name: names.get(error.message) || ""};
    return {phase, view, error: named, attempt, paid, press};
}

function say(message) {
    process.stdout.write(`${JSON.stringify(message)}\n`);
}

const COMMANDS = {
    setHosts({urls}) {
        hosts.splice(0, hosts.length, ...urls);
    },

    async open({tab: number, ...params}) {
        const tab = new Tab(params);
        tabs.set(number, tab);
        const load = (name) => import(`${name}?tab=${number}`);
        const [{rpc, rpcBus}, {SciTransport}, {SciPayment}] = await Promise.all(
            [RPC, TRANSPORT, PAYMENT].map(load)
        );
        Object.assign(tab, {SciPayment, payments: new Map(), names: new Map()});
        // The transport passes on the message alone; the name tells a refusal from a bug.
        rpcBus.addEventListener("RPC:RESPONSE", ({detail: {error}}) => {
            if (error?.exceptionName) {
                tab.names.set(error.data.message || error.message, error.exceptionName);
            }
        });
        tab.orm = makeOrm(rpc);
        tab.transport = new SciTransport(tab.orm);
    },

    close({tab: number}) {
        tabs.get(number).close();
        tabs.delete(number);
    },

    /** A method of the transport. */
    ask({tab: number, method, args}) {
        return tabs.get(number).transport[method](...args);
    },

    /** A method of a model. */
    call({tab: number, model, method, args}) {
        return inTime(tabs.get(number).orm.call(model, method, args));
    },

    saveOrder({tab: number, values}) {
        const {orm} = tabs.get(number);
        // There is no program here that could print an invoice.
        const options = {context: {generate_pdf: false}};
        return inTime(orm.call("pos.order", "sync_from_ui", [[values]], options));
    },

    /** Starts a payment (with `values`) or goes on with it (with the `view` of a row). */
    follow({tab: number, payment: name, uuid, attempt, values, view}) {
        const {SciPayment, transport, payments, names} = tabs.get(number);
        const onChange = (changed) =>
            say({payment: name, state: stateOf(changed, names)});
        const payment = new SciPayment({uuid, attempt, transport, onChange});
        payments.set(name, payment);
        if (view) {
            payment.resume(view);
        } else {
            payment.start(values);
        }
    },

    /** What a cashier does to a payment: a method of it. */
    act({tab: number, payment: name, method, args}) {
        return tabs
            .get(number)
            .payments.get(name)
            [method](...args);
    },
};

async function run({id, name, ...params}) {
    try {
        say({id, result: await COMMANDS[name](params)});
    } catch (error) {
        const {constructor, data, exceptionName} = error;
        const message = data?.message || error.message;
        const known = tabs.get(params.tab)?.names.get(message);
        const kind = constructor.name;
        say({id, error: {kind, message, name: exceptionName || known || ""}});
    }
}

readline.createInterface({input: process.stdin}).on("line", (line) => {
    run(JSON.parse(line));
});
process.stdin.on("end", () => process.exit());
