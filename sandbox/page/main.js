/**
 * Keeps the page equal to the sandbox: one held request answers what has changed.
 */
import {DeviceView} from "./device.js";
import {LogView} from "./log.js";
import {Trouble} from "./trouble.js";
import {readChanges} from "./control.js";

const counter = document.getElementById("counter");
const link = document.getElementById("link");
const charged = document.getElementById("charged");
const log = new LogView(document.getElementById("log"));
const trouble = new Trouble(document.getElementById("log"));
const devices = new Map();
let seen = {run: null, revision: -1, after: 0};

function show(news) {
    if (news.run !== seen.run) {
        // The sandbox was started again, with an empty log.
        log.clear();
    }
    for (const terminal of news.terminals) {
        if (!devices.has(terminal.id)) {
            const view = new DeviceView(terminal.id);
            devices.set(terminal.id, view);
            counter.append(view.element);
        }
        devices.get(terminal.id).update(terminal);
    }
    log.add(news.exchanges);
    trouble.update(news.faults);
    charged.textContent = `Charged: ${(news.charged / 100).toFixed(2)}`;
    seen = {run: news.run, revision: news.revision, after: news.count};
}

async function follow() {
    for (;;) {
        try {
            show(await readChanges(seen));
            link.textContent = "";
            document.body.classList.remove("lost");
        } catch {
            link.textContent = "The sandbox does not answer";
            document.body.classList.add("lost");
            await new Promise((resolve) => setTimeout(resolve, 1000));
        }
    }
}

follow();
