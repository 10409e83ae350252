import {freezeTime, tick} from "@odoo/hoot";

/** Lets promises run their course; no time passes. */
export async function flushPromises() {
    for (let turn = 0; turn < 5; turn++) {
        await tick();
    }
}

export function stopClock() {
    freezeTime();
}
